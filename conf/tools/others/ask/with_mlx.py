"""MLX on the processor: the slopes that it answers at kinks and ties, and how far it counts."""

import mlx.core as mx
import mlx.nn as nn
from asking import attempt, slopes, tell

SLOPES = {
    "relu at 0": "nn.relu(x)[0]",
    "relu written as maximum(x, 0), at 0": "mx.maximum(x, 0)[0]",
    "relu written as where(x > 0, x, 0), at 0": "mx.where(x > 0, x, 0)[0]",
    "relu written as (x + |x|)/2, at 0": "((x + mx.abs(x)) / 2)[0]",
    "maximum of two equal numbers": "mx.maximum(x[0], x[1])",
    "minimum of two equal numbers": "mx.minimum(x[0], x[1])",
    "max of (1, 1, 0)": "x.max()",
    "max of (1, 1, 0) along an axis": "x.max(axis=0)",
    "min of (1, 1, 2)": "x.min()",
    "max pooling of (1, 1)": "nn.MaxPool1d(2)(x.reshape(1, 2, 1))[0, 0, 0]",
    "the largest of sort (1, 1)": "mx.sort(x)[-1]",
    "abs at 0": "mx.abs(x)[0]",
    "abs written as sqrt(x * x), at 0": "mx.sqrt(x * x)[0]",
    "clamp to [0, 1] at 0": "mx.clip(x, 0, 1)[0]",
    "clamp to [0, 1] at 1": "mx.clip(x, 0, 1)[0]",
    "leaky relu, slope 0.1, at 0": "nn.leaky_relu(x, 0.1)[0]",
    "elu, alpha 2, at 0": "nn.elu(x, 2)[0]",
    "celu, alpha 2, at 0": "nn.celu(x, 2)[0]",
    "selu at 0": "nn.selu(x)[0]",
    "relu6 at 0": "nn.relu6(x)[0]",
    "relu6 at 6": "nn.relu6(x)[0]",
    "hardtanh at 1": "nn.hard_tanh(x)[0]",
    "hardtanh at -1": "nn.hard_tanh(x)[0]",
    "hardswish at 3": "nn.hardswish(x)[0]",
    "hardswish at -3": "nn.hardswish(x)[0]",
    "huber at its edge": "nn.losses.huber_loss(x, mx.zeros(1), reduction='sum')",
    "hinge, max(0, 1 - x), at 1": "nn.losses.hinge_loss(x, mx.ones(1), reduction='sum')",
    "sqrt at 0": "mx.sqrt(x)[0]",
    "norm of (0, 0)": "mx.linalg.norm(x)",
    "standard deviation of (2, 2, 2)": "mx.std(x)",
    "product of (0, 2, 3)": "mx.prod(x)",
    "last cumulative product of (0, 2, 3)": "mx.cumprod(x)[-1]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "mx.where(x > 0, mx.sqrt(x), 0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "mx.log(mx.sigmoid(x))[0]",
    "ln(sigmoid(x)) at -1000, as one function": "nn.log_sigmoid(x)[0]",
    "logaddexp of two equal numbers": "mx.logaddexp(x[0], x[1])",
}

COUNTS = {
    "broadcasting": "mx.zeros((4096, 8), s.dtype) + s",
    "layer norm, bias": "mx.fast.layer_norm(mx.zeros((4096, 8), s.dtype), None, s, 1e-5)",
    "matrix product": "mx.ones((4096, 1), s.dtype) @ s[None]",
    "w[index]": "s[None][mx.zeros(4096, mx.int32)]",
    "take_along_axis": "mx.take_along_axis(s[None], mx.zeros((4096, 8), mx.int32), axis=0)",
    "repeat": "mx.repeat(s[None], 4096, axis=0)",
}


def gradient(function, at):
    """The gradient at a point."""
    return mx.grad(function)(mx.array(at, dtype=mx.float32)).tolist()


def count(how, dtype):
    """The gradient of the first of eight shared numbers, to which 4096 errors of size 1 come back."""
    function = eval(f"lambda s: {how}", {"mx": mx})
    ones = mx.ones((4096, 8), dtype)
    return float(mx.vjp(function, [mx.ones(8, dtype)], [ones])[1][0][0].item())


if __name__ == "__main__":
    slopes(gradient, SLOPES, {"mx": mx, "nn": nn})
    for dtype, name in ((mx.bfloat16, "bfloat16"), (mx.float16, "float16")):
        for what, how in COUNTS.items():
            tell(f"4096 errors of 1, {name}: {what}", attempt(lambda: count(how, dtype)), how)
