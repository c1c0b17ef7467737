"""Right: a convolution, pooling, normalisations, recurrences, embeddings.

Its own tests compare with differences. The first line is for a NumPy that has no np.int.
"""

import numpy as np
from assignment3.cs231n import rnn_layers as recurrent
from cs231n import layers as plain
from numpy.random import standard_normal as draw

np.int = int
layer_norm = (
    plain.batchnorm_forward,
    plain.batchnorm_backward,
    draw((6, 4)),
    *draw((2, 4)),
    {"mode": "train"},
)
layer_alt = (
    plain.batchnorm_forward,
    plain.batchnorm_backward_alt,
    draw((6, 4)),
    *draw((2, 4)),
    {"mode": "train"},
)
layer_spatial = (
    plain.spatial_batchnorm_forward,
    plain.spatial_batchnorm_backward,
    draw((2, 3, 4, 4)),
    *draw((2, 3)),
    {"mode": "train"},
)
layer_conv = (
    plain.conv_forward_naive,
    plain.conv_backward_naive,
    draw((2, 3, 4, 4)),
    draw((2, 3, 3, 3)),
    draw(2),
    {"stride": 1, "pad": 1},
)
layer_pool = (
    plain.max_pool_forward_naive,
    plain.max_pool_backward_naive,
    draw((2, 3, 4, 4)),
    {"pool_height": 2, "pool_width": 2, "stride": 2},
)
layer_rnn = (
    recurrent.rnn_forward,
    recurrent.rnn_backward,
    draw((2, 4, 3)),
    draw((2, 5)),
    draw((3, 5)),
    draw((5, 5)),
    draw(5),
)
layer_lstm = (
    recurrent.lstm_forward,
    recurrent.lstm_backward,
    draw((2, 4, 3)),
    draw((2, 5)),
    draw((3, 20)),
    draw((5, 20)),
    draw(20),
)
layer_words = (
    recurrent.word_embedding_forward,
    recurrent.word_embedding_backward,
    np.array([[0, 1, 2], [2, 2, 4]]),
    draw((5, 3)),
)
layer_dense = (
    recurrent.temporal_affine_forward,
    recurrent.temporal_affine_backward,
    draw((2, 4, 3)),
    draw((3, 5)),
    draw(5),
)
