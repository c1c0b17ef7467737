"""The kinds of layers that are measured: our own in NumPy, with their inputs."""

import handwritten as ours
import numpy as np

draw = np.random.default_rng(0).standard_normal
LABELS = np.arange(64) % 10


def gelu_forward(x):
    """GELU in the form with tanh."""
    return x * (1 + np.tanh(0.7978845608028654 * (x + 0.044715 * x**3))) / 2, x


def gelu_backward(dout, x):
    """Its slope, written out."""
    t = np.tanh(0.7978845608028654 * (x + 0.044715 * x**3))
    inner = 0.7978845608028654 * (1 + 3 * 0.044715 * x**2)
    return dout * ((1 + t) / 2 + x * (1 - t**2) * inner / 2)


KINDS = {
    "affine 8 x 32 x 16": (
        ours.affine_forward, ours.affine_backward, draw((8, 32)), draw((32, 16)), draw(16),
    ),
    "batch norm 16 x 32": (
        lambda x, gamma, beta: ours.batchnorm_forward(x, gamma, beta), ours.batchnorm_backward,
        draw((16, 32)), draw(32), draw(32),
    ),
    "layer norm 8 x 64": (
        ours.layernorm_forward, ours.layernorm_backward, draw((8, 64)), draw(64), draw(64),
    ),
    "grouped convolution 2 x 4 x 8 x 8": (
        ours.gconv_forward, ours.gconv_backward, draw((2, 4, 8, 8)), draw((8, 2, 3, 3)), draw(8),
    ),
    "max pool 2 x 3 x 8 x 8": (
        ours.maxpool_forward, ours.maxpool_backward, draw((2, 3, 8, 8)),
    ),
    "softmax loss 8 x 10": (
        lambda s: ours.loss_forward(s, LABELS[:8]), ours.loss_backward, draw((8, 10)),
    ),
    "GELU 8 x 64": (gelu_forward, gelu_backward, draw((8, 64))),
    "attention 2 x 2 x 8 x 8": (
        ours.attention_forward, ours.attention_backward,
        draw((2, 2, 8, 8)), draw((2, 2, 8, 8)), draw((2, 2, 8, 8)),
    ),
    "LSTM step 2 x 5 x 8": (
        ours.lstm_forward, ours.lstm_backward,
        draw((2, 5)), draw((2, 8)), draw((2, 8)), draw((5, 32)) / 3, draw((8, 32)) / 3, draw(32),
    ),
    "softmax loss 64 x 10": (
        lambda s: ours.loss_forward(s, LABELS), ours.loss_backward, draw((64, 10)),
    ),
}  # fmt: skip
"""Forward and backward pass, then the inputs."""
