"""Wrong: the backward pass of its Sigmoid raises, as it takes one saved tensor for two.

Read in it, and torch says so. A pass that raises is no number that could be judged.
"""

import torch
from chapter3_2_extend_autograd import Sigmoid

layer = Sigmoid, torch.arange(5, dtype=torch.float64)
