"""NumPy: a complex step through its functions, and its own sums in low precision."""

import warnings

import ml_dtypes
import numpy as np
from asking import attempt, tell

STEP = 1e-30
THROUGH = {
    "log1p": "np.log1p(x)[0]",
    "expm1": "np.expm1(x)[0]",
    "arctan": "np.arctan(x)[0]",
    "where": "np.where(x > 1, x * x, x)[0]",
    "clip": "np.clip(x, 0, 2)[0]",
    "maximum": "np.maximum(x, 1)[0]",
    "sort": "np.sort(x)[0]",
    "median": "np.median(x)",
    "det": "np.linalg.det(np.outer(x, x) + np.eye(3))",
    "pinv": "np.linalg.pinv(np.outer(x, x) + np.eye(3))[0, 0]",
    "prod": "np.prod(x)",
    "cumprod": "np.cumprod(x)[-1]",
    "convolve": "np.convolve(x, x)[2]",
    "sinc": "np.sinc(x)[0]",
    "trapezoid": "np.trapezoid(x * x)",
    "float_power": "np.float_power(x, 3)[0]",
    "abs": "np.abs(x)[0]",
    "linalg.norm": "np.linalg.norm(x)",
    "var": "np.var(x)",
    "std": "np.std(x)",
    "vdot": "np.vdot(x, x)",
    "abs of fft": "np.abs(np.fft.fft(x))[1]",
    "sign(x) * x": "(np.sign(x) * x)[0]",
    "hypot": "np.hypot(x[0], x[1])",
    "logaddexp": "np.logaddexp(x[0], x[1])",
    "arctan2": "np.arctan2(x[0], x[1])",
    "cbrt": "np.cbrt(x)[0]",
    "heaviside": "(np.heaviside(x, 0) * x)[0]",
    "interp": "np.interp(x[0], [0, 2], [0, 6])",
    "percentile": "np.percentile(x, 30)",
}
SUMS = {
    "sum": "np.ones(4096, t).sum()",
    "sum over axis 0": "np.ones((4096, 2), t).sum(axis=0)[0]",
    "einsum('ij->j')": "np.einsum('ij->j', np.ones((4096, 2), t))[0]",
    "matrix product": "(np.ones((1, 4096), t) @ np.ones((4096, 1), t))[0, 0]",
    "cumsum": "np.cumsum(np.ones(4096, t))[-1]",
    "add.at": "added(np.zeros(1, t), np.ones(4096, t))[0]",
    "mean of 4096 ones, times 4096": "np.ones(4096, t).mean() * 4096",
}


def added(total, ones):
    """Ones added into one place by np.add.at."""
    np.add.at(total, np.zeros(len(ones), int), ones)
    return total


def value(how, push):
    """An expression in three numbers, the first of them pushed."""
    x = np.array([1.3, 0.7, 2.1], dtype=type(push))
    x[0] += push
    return eval(how, {"np": np, "x": x})


def by_complex_step(how):
    """The derivative by the first of three numbers, by a complex step through an expression."""
    return float(np.imag(value(how, 1j * STEP)) / STEP)


def by_difference(how):
    """The same by a central difference of order 4, of which six digits are kept."""
    one, two = (float(value(how, h) - value(how, -h)) / (2 * h) for h in (1e-3, 2e-3))
    return float(f"{(4 * one - two) / 3:.6g}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for name, how in THROUGH.items():
        tell(f"a complex step through {name}", attempt(lambda: by_complex_step(how)), how)
        tell(f"the slope of {name}", by_difference(how), how)
    for name, dtype in (("bfloat16", ml_dtypes.bfloat16), ("float16", np.float16)):
        for what, how in SUMS.items():
            names = {"np": np, "t": dtype, "added": added}
            answer = attempt(lambda: float(eval(how, names)))
            tell(f"4096 errors of 1, {name}: {what}", answer, how)
