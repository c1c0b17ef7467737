"""Right: w x + b, element by element.

Torch's autograd of its forward pass gives the same gradients.
"""

import torch
from chapter3_2_extend_autograd import MultiplyAdd

layer = MultiplyAdd, *torch.arange(15, dtype=torch.float64).reshape(3, 5)
