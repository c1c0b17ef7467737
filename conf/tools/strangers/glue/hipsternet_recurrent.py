"""Wrong for the loss that it returns, a mean over the letters: its gradients are those of the sum.

Found by this check; central differences of that loss are a fourth of its gradients, to all digits.
"""

from hipsternet.neuralnet import GRU, RNN
from numpy import arange, zeros

model_rnn = RNN(3, 4, "abc", "abc").train_step, arange(4) % 3, arange(1, 5) % 3, zeros((1, 4))
model_gru = GRU(3, 4, "abc", "abc").train_step, arange(4) % 3, arange(1, 5) % 3, zeros((1, 4))
