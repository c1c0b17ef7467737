"""NumPy's functions and methods one by one: derivatives are right, or refused in words."""

import re

import numpy as np
import pytest
from sources import module_of

from proofs.measuring.jacobian import Forward, by_differences
from proofs.measuring.tangents import NotDifferentiableError

random = np.random.default_rng(3)
INPUTS = {
    "x": random.uniform(0.15, 0.85, (3, 4)),
    "v": random.uniform(0.15, 0.85, 4),
    "A": random.uniform(0.15, 0.85, (3, 3)) + 2 * np.eye(3),
    "t": random.uniform(0.2, 0.9, (2, 3, 4)),
    "s": np.array(0.37),
    "e": np.zeros((0, 3)),
}
CONSTANTS = {"c": random.uniform(0.2, 0.8, (3, 4)), "w": np.array([0.3, 0.7, 0.4, 0.6])}
AXES = ("", "axis=0", "axis=-1", "axis=None", "axis=(0,)", "axis=(0, 1)", "axis=()",
        "axis=0, keepdims=True", "axis=(-1,), keepdims=True", "keepdims=True")  # fmt: skip
OTHERS = """x, 2; x, -1; x, 0; x, 0.5; x, [0, 2]; x, [0.2, 0.6], axis=1; x, c; c, x; x, x; x, c.T
v, w; w, v; v, v; v, 2; v, [1, 2, 1, 1]; v, aweights=w; v, fweights=[1, 2, 3, 1]; v, 0.25; v, 3
x, (4, 3); x, (2, 2); x, 1, 0; x, c, c; x, 0.3, 0.7; x, [0, 1], 0; x, 1, axis=1; [0, 1, 0], x
0.5, x; 2, x; c > 0.5, x; [True, False, True], x, 0; c > 0.5, x, c; x, out=np.zeros((3, 4))
x, axis=0, out=np.zeros(4); x, where=c > 0.5; x, axis=1, initial=0.3; x, weights=c; x, ddof=1
[x, c]; [x, c], axis=1; (x, x); [x[0], x[1]]; [x[0, 0], x[1, 1]]; x, x[0]; x, v; t, c; t, 1, 2
t, (2, 0, 1); t, axis=(0, 2); t, axis=(-1, 0), keepdims=True; t, [0, 1], [2, 0]; A, A[0]; A, 2
x, ord=1; x, ord=np.inf, axis=0; x, ord="nuc"; A, hermitian=True; x, full_matrices=False; x, 0.5
x, ((1, 0), (2, 1)); x, rowvar=False; x, n=6; x, norm="ortho"; x, window_shape=(1, 2); s, s; s, w
x, (2, 2), (32, 8); x, fill_value=x[0, 0]; 3, x[0, 0]; s, 1.0; 0.1, s"""
METHODS = """reduce: x; x, 1; x, axis=None; x, axis=(0, 1); s; e; e, axis=1; x, axis=1, initial=0.3
accumulate: x; x, 1; v; e; s
outer: x, w; w, x; v, 2.0; [1.0, 2.0], v; s, w
reduceat: v, [0, 2]; v, [2, 1]; x, [0, 2, 1], 1"""
LEFT_ALONE = frozenset(
    "empty empty_like fix floor ceil trunc rint round around partition save savez savez_compressed "
    "savetxt load loadtxt genfromtxt fromfile info show_config show_runtime test single half "
    "float16 float32 require vectorize nditer bmat frombuffer mintypecode set_printoptions "
    "printoptions zeros ones tofile dump tolist view flat".split()
)
"""What takes or gives no numbers, any numbers, or steps, and what ends in files."""
NOT_ITS_OWN = {"power", "pow", "arctan2", "atan2"}
"""NumPy's own results along an axis are not those of one step after the other, on some machines."""


def numbers(result):
    """The arrays of floating-point numbers in a result."""
    if isinstance(result, tuple | list):
        return tuple(y for part in result for y in numbers(part))
    kind = getattr(getattr(result, "dtype", None), "kind", "f" if type(result) is float else "")
    return (result.real, result.imag) if kind == "c" else (result,) if kind == "f" else ()


def wrong(name, call):
    """What is wrong about the derivative of a call in the user's module; None if it has none."""
    module = module_of(f"import numpy as np\ndef f({name}):\n    return {call}\n")
    vars(module).update({key: value.copy() for key, value in CONSTANTS.items()})
    forward = Forward(module.f, (INPUTS[name],), outs=numbers)
    try:
        plain = [np.array(out) for out in forward.run({})]
        d = random.uniform(-1, 1, INPUTS[name].shape)
        wanted, closer = (by_differences(forward, {(0,): d}, 2.0**-n) for n in (12, 16))
    except Exception:  # no call of NumPy's
        return None
    try:
        outs, _ = forward.pushed({(0,): d[None].copy()})
    except NotDifferentiableError:
        return None
    except Exception as error:
        return f"{call}: {error!r}"
    if len(outs) != len(plain):
        return f"{call}: {len(outs)} results"
    for out, value, want, near in zip(outs, plain, wanted, closer, strict=True):
        t = np.zeros(value.shape) if out.t is None else out.t[0]
        if out.shape != value.shape or not np.allclose(out.v, value, equal_nan=True):
            return f"{call}: {out.v} for {value}"
        told = np.isfinite(t) & np.isclose(want, near, rtol=1e-5, atol=1e-6)  # no kink within
        if not np.allclose(t[told], want[told], rtol=1e-5, atol=1e-6):
            return f"{call}: {t} for {want}"
    return "" if outs else None


def asked(given):
    """The input that arguments name."""
    return re.search(r"\b([xvtAse])\b", given).group(1)


def calls(full):
    """What a function may be called with."""
    for name in INPUTS:
        for how in AXES:
            yield name, f"{full}({name}{', ' * bool(how)}{how})"
    for line in OTHERS.splitlines():
        for given in line.split("; "):
            yield asked(given), f"{full}({given})"


def functions(module):
    """The public functions of a module."""
    for name in sorted(set(dir(module)) - LEFT_ALONE):
        x = getattr(module, name)
        if callable(x) and not name.startswith("_") and not isinstance(x, type):
            yield name, x


@pytest.mark.filterwarnings("ignore")
class TestEveryPublicFunction:
    """Nothing of NumPy's gives a wrong derivative, a silent zero or an error of our own."""

    @pytest.mark.parametrize(
        ("where", "least"), [("np", 3500), ("np.linalg", 150), ("np.fft", 150)]
    )
    def test_function(self, where, least):
        module = {"np": np, "np.linalg": np.linalg, "np.fft": np.fft}[where]
        found = [wrong(name, call) for label, _ in functions(module)
                 for name, call in calls(f"{where}.{label}")]  # fmt: skip
        assert list(filter(None, found)) == []
        assert found.count("") > least

    def test_method_of_an_array(self):
        names = [n for n in dir(np.ndarray) if not n.startswith("_") and n not in LEFT_ALONE]
        found = [
            wrong(name, f"{call.split('(', 1)[1].split(',')[0].rstrip(')')}.{n}({rest})")
            for n in names
            for name, call in calls("f")
            for rest in [call[2:-1].partition(", ")[2]]
            if call[2:-1].split(", ")[0] in INPUTS
        ]
        found += [wrong(name, f"{name}.{n}") for n in names for name in INPUTS]
        assert list(filter(None, found)) == []

    def test_method_of_a_function_of_each_number(self):
        found = []
        for label, function in functions(np):
            for line in METHODS.splitlines() if isinstance(function, np.ufunc) else ():
                method, _, given = line.partition(": ")
                if label not in NOT_ITS_OWN or method == "outer":
                    each = given.split("; ")
                    found += [wrong(asked(one), f"np.{label}.{method}({one})") for one in each]
        assert list(filter(None, found)) == []
