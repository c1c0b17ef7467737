"""SciPy: its check_grad, which returns a number and no verdict."""

import numpy as np
import passes
from scipy.optimize import check_grad

ALLOWED = 1e-6
"""What a user lets pass is his choice; here the error may be this share of the gradient's norm."""


def accepts(cost, gradient, x):
    """The distance that check_grad returns, if it is more than a millionth of the gradient."""
    try:
        came = gradient(x)
        away = check_grad(cost, gradient, x)
    except Exception as error:
        return str(error) or type(error).__name__
    allowed = ALLOWED * max(float(np.linalg.norm(came)), 1e-12)
    return "" if away <= allowed else f"{away:.3g}"


if __name__ == "__main__":
    passes.ask(accepts, "check_grad(f, g, x) <= 1e-6 norm(g(x))")
