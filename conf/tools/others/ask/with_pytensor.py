"""pytensor: the slopes that it answers at kinks and ties, and its verify_grad."""

import warnings

import numpy as np
import passes
import pytensor
import pytensor.tensor as pt
from asking import slopes
from pytensor.gradient import verify_grad
from pytensor.graph.op import Apply, Op

SLOPES = {
    "relu written as maximum(x, 0), at 0": "pt.maximum(x, 0)[0]",
    "relu written as where(x > 0, x, 0), at 0": "pt.switch(x > 0, x, 0)[0]",
    "relu written as (x + |x|)/2, at 0": "((x + pt.abs(x)) / 2)[0]",
    "maximum of two equal numbers": "pt.maximum(x[0], x[1])",
    "minimum of two equal numbers": "pt.minimum(x[0], x[1])",
    "max of (1, 1, 0)": "pt.max(x)",
    "max of (1, 1, 0) along an axis": "pt.max(x, axis=0)",
    "min of (1, 1, 2)": "pt.min(x)",
    "the largest of sort (1, 1)": "pt.sort(x)[-1]",
    "abs at 0": "pt.abs(x)[0]",
    "abs written as sqrt(x * x), at 0": "pt.sqrt(x * x)[0]",
    "clamp to [0, 1] at 0": "pt.clip(x, 0, 1)[0]",
    "clamp to [0, 1] at 1": "pt.clip(x, 0, 1)[0]",
    "hinge, max(0, 1 - x), at 1": "pt.maximum(0, 1 - x)[0]",
    "sqrt at 0": "pt.sqrt(x)[0]",
    "norm of (0, 0)": "pt.linalg.norm(x)",
    "standard deviation of (2, 2, 2)": "pt.std(x)",
    "product of (0, 2, 3)": "pt.prod(x)",
    "last cumulative product of (0, 2, 3)": "pt.cumprod(x)[-1]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "pt.switch(x > 0, pt.sqrt(x), 0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "pt.log(pt.sigmoid(x))[0]",
    "ln(sigmoid(x)) at -1000, as one function": "-pt.softplus(-x)[0]",
    "logaddexp of two equal numbers": "pt.logaddexp(x[0], x[1])",
    "determinant of the singular (1, 2; 2, 4)": "pt.linalg.det(x.reshape((2, 2)))",
}


def gradient(function, at):
    """The gradient at a point."""
    x = pt.dvector("x")
    return pytensor.function([x], pytensor.grad(function(x), x))(np.array(at, dtype=float))


class Sent(Op):
    """Somebody's own gradient, times the error that comes back."""

    def __init__(self, gradient):
        self.gradient = gradient

    def make_node(self, x, sent):
        return Apply(self, [x, sent], [x.type()])

    def perform(self, node, inputs, outputs):
        outputs[0][0] = (self.gradient(inputs[0]) * inputs[1]).astype(inputs[0].dtype)


class Own(Op):
    """Somebody's own cost with his own gradient."""

    def __init__(self, cost, gradient):
        self.cost, self.sent = cost, Sent(gradient)

    def make_node(self, x):
        return Apply(self, [x], [pt.scalar(dtype=x.dtype)])

    def perform(self, node, inputs, outputs):
        outputs[0][0] = np.asarray(self.cost(inputs[0]), dtype=inputs[0].dtype)

    def pullback(self, inputs, outputs, sent):
        return [self.sent(inputs[0], sent[0])]

    L_op = pullback


def accepts(cost, gradient, x):
    """What verify_grad objects."""
    random = np.random.default_rng(0)
    try:
        verify_grad(Own(cost, gradient), [x], rng=random)
    except Exception as error:
        return str(error) or type(error).__name__
    return ""


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    pytensor.config.cxx = ""
    slopes(gradient, SLOPES, {"pt": pt})
    passes.ask(accepts, "verify_grad(f, [x])")
