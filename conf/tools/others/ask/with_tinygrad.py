"""tinygrad: the slopes that it answers at kinks and ties, on its reference device in Python."""

import os

os.environ["DEV"] = "PYTHON"

from asking import slopes
from tinygrad import Tensor, dtypes

SLOPES = {
    "relu at 0": "x.relu()",
    "relu written as maximum(x, 0), at 0": "x.maximum(0)",
    "relu written as where(x > 0, x, 0), at 0": "(x > 0).where(x, 0)",
    "relu written as (x + |x|)/2, at 0": "(x + x.abs()) / 2",
    "maximum of two equal numbers": "x[0:1].maximum(x[1:2])",
    "minimum of two equal numbers": "x[0:1].minimum(x[1:2])",
    "max of (1, 1, 0)": "x.max()",
    "max of (1, 1, 0) along an axis": "x.max(axis=0)",
    "min of (1, 1, 2)": "x.min()",
    "max pooling of (1, 1)": "x.reshape(1, 1, 1, 2).max_pool2d((1, 2))",
    "the largest of sort (1, 1)": "x.sort()[0][-1]",
    "abs at 0": "x.abs()",
    "abs written as sqrt(x * x), at 0": "(x * x).sqrt()",
    "clamp to [0, 1] at 0": "x.clamp(0, 1)",
    "clamp to [0, 1] at 1": "x.clamp(0, 1)",
    "leaky relu, slope 0.1, at 0": "x.leaky_relu(0.1)",
    "elu, alpha 2, at 0": "x.elu(2)",
    "celu, alpha 2, at 0": "x.celu(2)",
    "selu at 0": "x.selu()",
    "relu6 at 0": "x.relu6()",
    "relu6 at 6": "x.relu6()",
    "hardtanh at 1": "x.hardtanh()",
    "hardtanh at -1": "x.hardtanh()",
    "hardsigmoid at 3": "x.hardsigmoid()",
    "hardswish at 3": "x.hardswish()",
    "hardswish at -3": "x.hardswish()",
    "hinge, max(0, 1 - x), at 1": "(1 - x).relu()",
    "sqrt at 0": "x.sqrt()",
    "norm of (0, 0)": "x.square().sum().sqrt()",
    "standard deviation of (2, 2, 2)": "x.std(correction=0)",
    "product of (0, 2, 3)": "x.prod()",
    "last cumulative product of (0, 2, 3)": "x.cumprod(0)[-1]",
    "x ** y at (0, 2)": "x[0:1] ** x[1:2]",
    "where(x > 0, sqrt(x), 0) at -1": "(x > 0).where(x.sqrt(), 0)",
    "ln(sigmoid(x)) at -1000, as written": "x.sigmoid().log()",
    "ln(sigmoid(x)) at -1000, as one function": "x.logsigmoid()",
    "logaddexp of two equal numbers": "x.logsumexp()",
}

COUNTS = {
    "broadcasting": "Tensor.zeros(4096, 8, dtype=t) + s",
    "w[index]": "s.reshape(1, 8)[Tensor.zeros(4096, dtype=dtypes.int)]",
}


def gradient(function, at):
    """The gradient at a point."""
    x = Tensor(at, dtype=dtypes.float32)
    return function(x).sum().gradient(x)[0].tolist()


if __name__ == "__main__":
    slopes(gradient, SLOPES, {"Tensor": Tensor})
