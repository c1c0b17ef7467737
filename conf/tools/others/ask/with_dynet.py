"""DyNet: the slopes that it answers at kinks and ties."""

import dynet as dy
import numpy as np
from asking import slopes

SLOPES = {
    "relu at 0": "dy.rectify(x)[0]",
    "relu written as maximum(x, 0), at 0": "dy.bmax(x[0], dy.scalarInput(0))",
    "relu written as (x + |x|)/2, at 0": "(x[0] + dy.abs(x)[0]) / 2",
    "maximum of two equal numbers": "dy.bmax(x[0], x[1])",
    "minimum of two equal numbers": "dy.bmin(x[0], x[1])",
    "max of (1, 1, 0)": "dy.emax([x[0], x[1], x[2]])",
    "max of (1, 1, 0) along an axis": "dy.max_dim(x)",
    "min of (1, 1, 2)": "dy.min_dim(x)",
    "abs at 0": "dy.abs(x)[0]",
    "abs written as sqrt(x * x), at 0": "dy.sqrt(dy.square(x))[0]",
    "elu, alpha 2, at 0": "dy.elu(x, 2)[0]",
    "selu at 0": "dy.selu(x)[0]",
    "huber at its edge": "dy.huber_distance(x, dy.inputVector([0]), 1)",
    "hinge, max(0, 1 - x), at 1": "dy.rectify(-(x[0] - 1))",
    "sqrt at 0": "dy.sqrt(x)[0]",
    "norm of (0, 0)": "dy.l2_norm(x)",
    "standard deviation of (2, 2, 2)": "dy.std_elems(x)",
    "product of (0, 2, 3)": "x[0] * x[1] * x[2]",
    "x ** y at (0, 2)": "dy.pow(x[0], x[1])",
    "ln(sigmoid(x)) at -1000, as written": "dy.log(dy.logistic(x))[0]",
    "ln(sigmoid(x)) at -1000, as one function": "dy.log_sigmoid(x)[0]",
    "logaddexp of two equal numbers": "dy.logsumexp([x[0], x[1]])",
}


def gradient(function, at):
    """The gradient at a point, by backward()."""
    dy.renew_cg()
    x = dy.ParameterCollection().add_parameters(len(at), init=dy.NumpyInitializer(np.array(at)))
    y = function(x)
    y.value()
    y.backward()
    return x.grad_as_array()


if __name__ == "__main__":
    slopes(gradient, SLOPES, {"dy": dy})
