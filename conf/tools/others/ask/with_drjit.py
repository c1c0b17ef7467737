"""Dr.Jit: the slopes that it answers at kinks and ties."""

import drjit as dr
from asking import slopes
from drjit.llvm.ad import Float64

SLOPES = {
    "relu written as maximum(x, 0), at 0": "dr.maximum(x[0], 0)",
    "relu written as where(x > 0, x, 0), at 0": "dr.select(x[0] > 0, x[0], 0)",
    "relu written as (x + |x|)/2, at 0": "(x[0] + dr.abs(x[0])) / 2",
    "maximum of two equal numbers": "dr.maximum(x[0], x[1])",
    "minimum of two equal numbers": "dr.minimum(x[0], x[1])",
    "abs at 0": "dr.abs(x[0])",
    "abs written as sqrt(x * x), at 0": "dr.sqrt(x[0] * x[0])",
    "clamp to [0, 1] at 0": "dr.clip(x[0], 0, 1)",
    "clamp to [0, 1] at 1": "dr.clip(x[0], 0, 1)",
    "hinge, max(0, 1 - x), at 1": "dr.maximum(0, 1 - x[0])",
    "sqrt at 0": "dr.sqrt(x[0])",
    "norm of (0, 0)": "dr.sqrt(dr.square(x[0]) + dr.square(x[1]))",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "dr.select(x[0] > 0, dr.sqrt(x[0]), 0)",
    "ln(sigmoid(x)) at -1000, as written": "dr.log(1 / (1 + dr.exp(-x[0])))",
}


def gradient(function, at):
    """The gradient at a point."""
    x = [Float64(value) for value in at]
    dr.enable_grad(x)
    dr.backward(function(x), flags=dr.ADFlag.Default | dr.ADFlag.AllowNoGrad)
    return [float(dr.grad(one)[0]) for one in x]


if __name__ == "__main__":
    slopes(gradient, SLOPES, {"dr": dr})
