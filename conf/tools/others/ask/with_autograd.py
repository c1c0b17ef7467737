"""HIPS autograd: the slopes that it answers at kinks and ties, and its check_grads."""

import warnings

import autograd.numpy as np
import passes
from asking import slopes
from autograd import grad
from autograd.extend import defvjp, primitive
from autograd.test_util import check_grads

SLOPES = {
    "relu written as maximum(x, 0), at 0": "np.maximum(x[0], 0)",
    "relu written as where(x > 0, x, 0), at 0": "np.where(x > 0, x, 0)[0]",
    "relu written as (x + |x|)/2, at 0": "(x[0] + np.abs(x[0])) / 2",
    "maximum of two equal numbers": "np.maximum(x[0], x[1])",
    "minimum of two equal numbers": "np.minimum(x[0], x[1])",
    "fmax of two equal numbers": "np.fmax(x[0], x[1])",
    "max of (1, 1, 0)": "np.max(x)",
    "max of (1, 1, 0) along an axis": "np.max(x, axis=0)",
    "min of (1, 1, 2)": "np.min(x)",
    "the largest of sort (1, 1)": "np.sort(x)[-1]",
    "abs at 0": "np.abs(x[0])",
    "abs written as sqrt(x * x), at 0": "np.sqrt(x[0] * x[0])",
    "clamp to [0, 1] at 0": "np.clip(x, 0, 1)[0]",
    "clamp to [0, 1] at 1": "np.clip(x, 0, 1)[0]",
    "hinge, max(0, 1 - x), at 1": "np.maximum(0, 1 - x[0])",
    "sqrt at 0": "np.sqrt(x[0])",
    "norm of (0, 0)": "np.linalg.norm(x)",
    "standard deviation of (2, 2, 2)": "np.std(x)",
    "product of (0, 2, 3)": "np.prod(x)",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "np.where(x > 0, np.sqrt(x), 0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "np.log(1 / (1 + np.exp(-x[0])))",
    "ln(sigmoid(x)) at -1000, as one function": "-np.logaddexp(0, -x[0])",
    "logaddexp of two equal numbers": "np.logaddexp(x[0], x[1])",
    "sinc at 0": "np.sinc(x[0])",
    "determinant of the singular (1, 2; 2, 4)": "np.linalg.det(np.reshape(x, (2, 2)))",
}


def accepts(cost, gradient, x):
    """What check_grads objects."""
    own = primitive(cost)
    defvjp(own, lambda value, x: lambda sent: sent * gradient(x))
    try:
        check_grads(own, modes=["rev"], order=1)(x)
    except Exception as error:
        return str(error) or type(error).__name__
    return ""


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    slopes(lambda f, at: grad(f)(np.array(at)), SLOPES, {"np": np})
    passes.ask(accepts, "check_grads(f, modes=['rev'], order=1)(x)")
