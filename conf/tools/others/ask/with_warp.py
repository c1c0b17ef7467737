"""NVIDIA Warp on the processor: the slopes that its kernels answer at kinks and ties."""

import warp as wp
from asking import POINTS, attempt, kernels, tell

SLOPES = {
    "relu written as maximum(x, 0), at 0": "wp.max(x[0], 0.0)",
    "relu written as where(x > 0, x, 0), at 0": "wp.where(x[0] > 0.0, x[0], 0.0)",
    "relu written as (x + |x|)/2, at 0": "(x[0] + wp.abs(x[0])) / 2.0",
    "maximum of two equal numbers": "wp.max(x[0], x[1])",
    "minimum of two equal numbers": "wp.min(x[0], x[1])",
    "max of (1, 1, 0)": "wp.max(wp.vec3(x[0], x[1], x[2]))",
    "min of (1, 1, 2)": "wp.min(wp.vec3(x[0], x[1], x[2]))",
    "abs at 0": "wp.abs(x[0])",
    "abs written as sqrt(x * x), at 0": "wp.sqrt(x[0] * x[0])",
    "clamp to [0, 1] at 0": "wp.clamp(x[0], 0.0, 1.0)",
    "clamp to [0, 1] at 1": "wp.clamp(x[0], 0.0, 1.0)",
    "sqrt at 0": "wp.sqrt(x[0])",
    "norm of (0, 0)": "wp.length(wp.vec2(x[0], x[1]))",
    "product of (0, 2, 3)": "x[0] * x[1] * x[2]",
    "x ** y at (0, 2)": "wp.pow(x[0], x[1])",
    "where(x > 0, sqrt(x), 0) at -1": "wp.where(x[0] > 0.0, wp.sqrt(x[0]), 0.0)",
    "determinant of the singular (1, 2; 2, 4)": "wp.determinant(wp.mat22(x[0], x[1], x[2], x[3]))",
}
KERNEL = """
import warp as wp

@wp.kernel
def ask(x: wp.array(dtype=float), out: wp.array(dtype=float)):
    out[0] = {how}
"""


def gradient(kernel, at):
    """The gradient at a point."""
    x = wp.array(at, dtype=float, requires_grad=True)
    out = wp.zeros(1, dtype=float, requires_grad=True)
    with wp.Tape() as tape:
        wp.launch(kernel, dim=1, inputs=[x], outputs=[out])
    tape.backward(grads={out: wp.ones(1, dtype=float)})
    return x.grad.numpy()


if __name__ == "__main__":
    wp.config.quiet = True
    for question, how, module in kernels(SLOPES, KERNEL):
        at = POINTS[question]
        tell(question, attempt(lambda: gradient(module.ask, at)), how)
