"""Aesara, once Theano: the slopes that it answers at kinks and ties."""

import warnings

import aesara
import aesara.tensor as at
import numpy as np
from asking import slopes

SLOPES = {
    "relu at 0": "at.nnet.relu(x)[0]",
    "relu written as maximum(x, 0), at 0": "at.maximum(x, 0)[0]",
    "relu written as where(x > 0, x, 0), at 0": "at.switch(x > 0, x, 0)[0]",
    "relu written as (x + |x|)/2, at 0": "((x + abs(x)) / 2)[0]",
    "maximum of two equal numbers": "at.maximum(x[0], x[1])",
    "minimum of two equal numbers": "at.minimum(x[0], x[1])",
    "max of (1, 1, 0)": "at.max(x)",
    "max of (1, 1, 0) along an axis": "at.max(x, axis=0)",
    "min of (1, 1, 2)": "at.min(x)",
    "the largest of sort (1, 1)": "at.sort(x)[-1]",
    "abs at 0": "abs(x)[0]",
    "abs written as sqrt(x * x), at 0": "at.sqrt(x * x)[0]",
    "clamp to [0, 1] at 0": "at.clip(x, 0, 1)[0]",
    "clamp to [0, 1] at 1": "at.clip(x, 0, 1)[0]",
    "leaky relu, slope 0.1, at 0": "at.nnet.relu(x, 0.1)[0]",
    "elu, alpha 2, at 0": "at.nnet.elu(x, 2)[0]",
    "selu at 0": "at.nnet.selu(x)[0]",
    "hinge, max(0, 1 - x), at 1": "at.maximum(0, 1 - x)[0]",
    "sqrt at 0": "at.sqrt(x)[0]",
    "norm of (0, 0)": "x.norm(2)",
    "standard deviation of (2, 2, 2)": "at.std(x)",
    "product of (0, 2, 3)": "at.prod(x)",
    "last cumulative product of (0, 2, 3)": "at.cumprod(x)[-1]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "at.switch(x > 0, at.sqrt(x), 0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "at.log(at.sigmoid(x))[0]",
    "ln(sigmoid(x)) at -1000, as one function": "-at.softplus(-x)[0]",
    "logaddexp of two equal numbers": "at.logaddexp(x[0], x[1])",
    "determinant of the singular (1, 2; 2, 4)": "at.nlinalg.det(x.reshape((2, 2)))",
}


def gradient(function, point):
    """The gradient at a point."""
    x = at.dvector("x")
    return aesara.function([x], aesara.grad(function(x), x))(np.array(point, dtype=float))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    aesara.config.cxx = ""
    slopes(gradient, SLOPES, {"at": at})
