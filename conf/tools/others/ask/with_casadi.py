"""CasADi: the slopes that it answers at kinks and ties."""

import casadi as ca
from asking import slopes

SLOPES = {
    "relu written as maximum(x, 0), at 0": "ca.fmax(x[0], 0)",
    "relu written as where(x > 0, x, 0), at 0": "ca.if_else(x[0] > 0, x[0], 0)",
    "relu written as (x + |x|)/2, at 0": "(x[0] + ca.fabs(x[0])) / 2",
    "maximum of two equal numbers": "ca.fmax(x[0], x[1])",
    "minimum of two equal numbers": "ca.fmin(x[0], x[1])",
    "max of (1, 1, 0)": "ca.mmax(x)",
    "min of (1, 1, 2)": "ca.mmin(x)",
    "abs at 0": "ca.fabs(x[0])",
    "abs written as sqrt(x * x), at 0": "ca.sqrt(x[0] * x[0])",
    "clamp to [0, 1] at 0": "ca.fmin(ca.fmax(x[0], 0), 1)",
    "clamp to [0, 1] at 1": "ca.fmin(ca.fmax(x[0], 0), 1)",
    "hinge, max(0, 1 - x), at 1": "ca.fmax(0, 1 - x[0])",
    "sqrt at 0": "ca.sqrt(x[0])",
    "norm of (0, 0)": "ca.norm_2(x)",
    "product of (0, 2, 3)": "x[0] * x[1] * x[2]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "ca.if_else(x[0] > 0, ca.sqrt(x[0]), 0)",
    "ln(sigmoid(x)) at -1000, as written": "ca.log(1 / (1 + ca.exp(-x[0])))",
    "ln(sigmoid(x)) at -1000, as one function": "-ca.log1p(ca.exp(-x[0]))",
    "logaddexp of two equal numbers": "ca.logsumexp(x)",
}


def gradient(function, at):
    """The gradient at a point."""
    x = ca.MX.sym("x", len(at))
    return ca.Function("g", [x], [ca.gradient(function(x), x)])(at).full().ravel()


if __name__ == "__main__":
    slopes(gradient, SLOPES, {"ca": ca})
