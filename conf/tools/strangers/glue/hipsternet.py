"""Right: three layers with batch norm, dropout and weight decay, all at once.

Nobody said so before: found by this check, which differentiates its own loss.
"""

from hipsternet.neuralnet import FeedForwardNet
from numpy import arange
from numpy.random import standard_normal

model = FeedForwardNet(4, 3, 5).train_step, standard_normal((7, 4)), arange(7) % 3
