"""Wrong on purpose: the gradient of the weights is divided by the length of each example.

Read in its comments; JAX's autograd of its forward pass gives another gradient.
"""

from custom_vjp import linear
from numpy.random import standard_normal

layer = linear, standard_normal((7, 4)), standard_normal((4, 3))
