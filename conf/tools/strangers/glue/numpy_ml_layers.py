"""Right: convolutions, pooling, normalisations, attention, softmax, an embedding.

Its own tests compare most of them with torch. SparseEvolution, RNN and LSTM are not here: today
NumPy and Python refuse to run them.
"""

from numpy import arange
from numpy.random import standard_normal as draw
from numpy_ml.neural_nets import layers as theirs

layer_dense = theirs.FullyConnected(5, "Sigmoid"), draw((6, 4))
layer_conv_1 = theirs.Conv1D(3, 2, pad=0), draw((2, 5, 3))
layer_conv_2 = theirs.Conv2D(3, (2, 2), pad="same"), draw((2, 4, 4, 3))
layer_deconv = theirs.Deconv2D(3, (2, 2)), draw((2, 4, 4, 3))
layer_largest = theirs.Pool2D((2, 2), 2, mode="max"), draw((2, 4, 4, 3))
layer_average = theirs.Pool2D((2, 2), 2, mode="average"), draw((2, 4, 4, 3))
layer_batch_1 = theirs.BatchNorm1D(), draw((6, 4))
layer_batch_2 = theirs.BatchNorm2D(), draw((2, 4, 4, 3))
layer_norm_1 = theirs.LayerNorm1D(), draw((6, 4))
layer_norm_2 = theirs.LayerNorm2D(), draw((2, 4, 4, 3))
layer_softmax = theirs.Softmax(), draw((6, 4))
layer_attention = theirs.DotProductAttention(), *draw((3, 2, 3, 4))
layer_embedding = theirs.Embedding(3, 7), arange(6).reshape(2, 3)
layer_add = theirs.Add(), [*draw((2, 2, 3))]
layer_multiply = theirs.Multiply(), [*draw((2, 2, 3))]
layer_flatten = theirs.Flatten(), draw((2, 3, 4))
