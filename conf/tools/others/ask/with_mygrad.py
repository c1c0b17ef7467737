"""mygrad: the slopes that it answers at kinks and ties."""

import warnings

import mygrad as mg
from asking import slopes
from mygrad.nnet import activations as nnet

SLOPES = {
    "relu at 0": "nnet.relu(x)[0]",
    "relu written as maximum(x, 0), at 0": "mg.maximum(x, 0)[0]",
    "relu written as where(x > 0, x, 0), at 0": "mg.where(x > 0, x, 0)[0]",
    "relu written as (x + |x|)/2, at 0": "((x + mg.abs(x)) / 2)[0]",
    "maximum of two equal numbers": "mg.maximum(x[0], x[1])",
    "minimum of two equal numbers": "mg.minimum(x[0], x[1])",
    "max of (1, 1, 0)": "mg.max(x)",
    "max of (1, 1, 0) along an axis": "mg.max(x, axis=0)",
    "min of (1, 1, 2)": "mg.min(x)",
    "max pooling of (1, 1)": "mg.nnet.layers.max_pool(x[None], (2,), (2,))[0, 0]",
    "abs at 0": "mg.abs(x)[0]",
    "abs written as sqrt(x * x), at 0": "mg.sqrt(x * x)[0]",
    "clamp to [0, 1] at 0": "mg.clip(x, 0, 1)[0]",
    "clamp to [0, 1] at 1": "mg.clip(x, 0, 1)[0]",
    "leaky relu, slope 0.1, at 0": "nnet.leaky_relu(x, 0.1)[0]",
    "elu, alpha 2, at 0": "nnet.elu(x, 2)[0]",
    "selu at 0": "nnet.selu(x)[0]",
    "hardtanh at 1": "nnet.hard_tanh(x)[0]",
    "hardtanh at -1": "nnet.hard_tanh(x)[0]",
    "hinge, max(0, 1 - x), at 1": "mg.maximum(0, 1 - x)[0]",
    "sqrt at 0": "mg.sqrt(x)[0]",
    "norm of (0, 0)": "mg.linalg.norm(x)",
    "standard deviation of (2, 2, 2)": "mg.std(x)",
    "product of (0, 2, 3)": "mg.prod(x)",
    "last cumulative product of (0, 2, 3)": "mg.cumprod(x)[-1]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "mg.where(x > 0, mg.sqrt(x), 0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "mg.log(nnet.sigmoid(x))[0]",
    "ln(sigmoid(x)) at -1000, as one function": "-mg.logaddexp(0, -x)[0]",
    "logaddexp of two equal numbers": "mg.logaddexp(x[0], x[1])",
    "sinc at 0": "mg.sinc(x)[0]",
}


def gradient(function, at):
    """The gradient at a point, by backward()."""
    x = mg.tensor(at, dtype=float)
    function(x).backward()
    return x.grad


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    slopes(gradient, SLOPES, {"mg": mg, "nnet": nnet})
