"""MindSpore on the processor: the slopes that it answers at kinks and ties."""

import mindspore as ms
import numpy as np
from asking import slopes
from mindspore import nn, ops

SLOPES = {
    "relu at 0": "ops.relu(x)[0]",
    "relu written as maximum(x, 0), at 0": "ops.maximum(x, 0 * x)[0]",
    "relu written as where(x > 0, x, 0), at 0": "ops.where(x > 0, x, 0.0)[0]",
    "relu written as (x + |x|)/2, at 0": "((x + ops.abs(x)) / 2)[0]",
    "maximum of two equal numbers": "ops.maximum(x[0:1], x[1:2])[0]",
    "minimum of two equal numbers": "ops.minimum(x[0:1], x[1:2])[0]",
    "max of (1, 1, 0)": "ops.amax(x)",
    "max of (1, 1, 0) along an axis": "ops.max(x, 0)[0]",
    "min of (1, 1, 2)": "ops.amin(x)",
    "the largest of sort (1, 1)": "ops.sort(x)[0][-1]",
    "abs at 0": "ops.abs(x)[0]",
    "abs written as sqrt(x * x), at 0": "ops.sqrt(x * x)[0]",
    "clamp to [0, 1] at 0": "ops.clamp(x, 0.0, 1.0)[0]",
    "clamp to [0, 1] at 1": "ops.clamp(x, 0.0, 1.0)[0]",
    "leaky relu, slope 0.1, at 0": "ops.leaky_relu(x, 0.1)[0]",
    "celu, alpha 2, at 0": "ops.celu(x, 2.0)[0]",
    "selu at 0": "ops.selu(x)[0]",
    "relu6 at 0": "ops.relu6(x)[0]",
    "relu6 at 6": "ops.relu6(x)[0]",
    "hardtanh at 1": "ops.hardtanh(x)[0]",
    "hardtanh at -1": "ops.hardtanh(x)[0]",
    "hardsigmoid at 3": "ops.hardsigmoid(x)[0]",
    "hardswish at 3": "ops.hardswish(x)[0]",
    "hardswish at -3": "ops.hardswish(x)[0]",
    "huber at its edge": "ops.smooth_l1_loss(x, 0 * x, reduction='sum')",
    "sqrt at 0": "ops.sqrt(x)[0]",
    "norm of (0, 0)": "ops.norm(x)",
    "standard deviation of (2, 2, 2)": "ops.std(x, ddof=0)",
    "product of (0, 2, 3)": "ops.prod(x)",
    "last cumulative product of (0, 2, 3)": "ops.cumprod(x, 0)[-1]",
    "x ** y at (0, 2)": "ops.pow(x[0:1], x[1:2])[0]",
    "where(x > 0, sqrt(x), 0) at -1": "ops.where(x > 0, ops.sqrt(x), 0.0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "ops.log(ops.sigmoid(x))[0]",
    "ln(sigmoid(x)) at -1000, as one function": "ops.logsigmoid(x)[0]",
    "logaddexp of two equal numbers": "ops.logaddexp(x[0:1], x[1:2])[0]",
    "determinant of the singular (1, 2; 2, 4)": "ops.det(x.reshape(2, 2))",
}


def gradient(function, at):
    """The gradient at a point."""
    found = ms.grad(function)(ms.Tensor(np.array(at), ms.float32))
    return found.asnumpy()


if __name__ == "__main__":
    ms.set_device("CPU")
    ms.set_context(mode=ms.PYNATIVE_MODE)
    slopes(gradient, SLOPES, {"ops": ops, "nn": nn})
