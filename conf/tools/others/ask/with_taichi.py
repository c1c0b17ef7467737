"""Taichi: the slopes that its kernels answer at kinks and ties."""

import taichi as ti
from asking import POINTS, attempt, kernels, tell

SLOPES = {
    "relu written as maximum(x, 0), at 0": "ti.max(x[0], 0.0)",
    "relu written as where(x > 0, x, 0), at 0": "ti.select(x[0] > 0, x[0], 0.0)",
    "relu written as (x + |x|)/2, at 0": "(x[0] + ti.abs(x[0])) / 2",
    "maximum of two equal numbers": "ti.max(x[0], x[1])",
    "minimum of two equal numbers": "ti.min(x[0], x[1])",
    "max of (1, 1, 0)": "ti.max(x[0], x[1], x[2])",
    "min of (1, 1, 2)": "ti.min(x[0], x[1], x[2])",
    "abs at 0": "ti.abs(x[0])",
    "abs written as sqrt(x * x), at 0": "ti.sqrt(x[0] * x[0])",
    "clamp to [0, 1] at 0": "tm.clamp(x[0], 0, 1)",
    "clamp to [0, 1] at 1": "tm.clamp(x[0], 0, 1)",
    "sqrt at 0": "ti.sqrt(x[0])",
    "norm of (0, 0)": "ti.Vector([x[0], x[1]]).norm()",
    "product of (0, 2, 3)": "x[0] * x[1] * x[2]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "ti.select(x[0] > 0, ti.sqrt(x[0]), 0.0)",
}
KERNEL = """
import taichi as ti
import taichi.math as tm

def kernel(x, out):
    @ti.kernel
    def ask():
        out[None] = {how}
    return ask
"""


def gradient(module, at):
    """The gradient at a point."""
    x = ti.field(ti.f64, shape=len(at), needs_grad=True)
    out = ti.field(ti.f64, shape=(), needs_grad=True)
    for place, value in enumerate(at):
        x[place] = value
    ask = module.kernel(x, out)
    ask()
    out.grad[None] = 1
    ask.grad()
    return x.grad.to_numpy()


if __name__ == "__main__":
    ti.init(arch=ti.cpu, default_fp=ti.f64, log_level=ti.ERROR)
    for question, how, module in kernels(SLOPES, KERNEL):
        at = POINTS[question]
        tell(question, attempt(lambda: gradient(module, at)), how)
