#!/bin/sh
# SymEngine 0.15.0: the derivative of acosh at -1.6 has the wrong sign. acosh has the constant part pi i left of -1, and a real
# part that falls towards -1: the slope is -0.80, and diff answers 0.80, since it writes 1 / root(x^2 - 1) for 1 / (root(x - 1)
# root(x + 1)). asin and acos of real numbers beyond 1 are of one branch and their derivatives of the other: the value of
# asin(1.7) is 1.57 + 1.12 i, whose slope is 0.727 i, and diff answers -0.727 i. SymPy's values and derivatives agree with each
# other at all of these. SymPy mended its own acosh in 2022, sympy/sympy pull request 23568; for SymEngine the tracker was
# searched and nothing found.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check symengine==0.15.0 sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
symengine acosh(-1.6) 1.047 +3.142i: derivative 0.801 +0.000i, differences -0.801 +0.000i
sympy acosh(-1.6) 1.047 +3.142i: derivative -0.801 +0.000i, differences -0.801 +0.000i
symengine acosh(1.6) 1.047 +0.000i: derivative 0.801 +0.000i, differences 0.801 +0.000i
sympy acosh(1.6) 1.047 +0.000i: derivative 0.801 +0.000i, differences 0.801 +0.000i
symengine asin(1.7) 1.571 +1.123i: derivative 0.000 -0.727i, differences 0.000 +0.727i
sympy asin(1.7) 1.571 -1.123i: derivative 0.000 -0.727i, differences 0.000 -0.727i
symengine acos(1.7) 0.000 -1.123i: derivative -0.000 +0.727i, differences 0.000 -0.727i
sympy acos(1.7) 0.000 +1.123i: derivative 0.000 +0.727i, differences 0.000 +0.727i
symengine asin(0.3) 0.305 +0.000i: derivative 1.048 +0.000i, differences 1.048 +0.000i
sympy asin(0.3) 0.305 +0.000i: derivative 1.048 +0.000i, differences 1.048 +0.000i
SEEN
cat >"$folder/ask.py" <<'ASK'
import symengine
import sympy


def number(expression, at):
    (x,) = expression.free_symbols
    value = complex(expression.subs({x: at}).n(30, real=False) if "symengine" in type(x).__module__ else expression.subs({x: at}).evalf(30))
    return value


def show(value):
    return f"{value.real + 0.0:.3f} {value.imag + 0.0:+.3f}i"


for name, at in (("acosh", -1.6), ("acosh", 1.6), ("asin", 1.7), ("acos", 1.7), ("asin", 0.3)):
    for library in (symengine, sympy):
        x = library.Symbol("x")
        f = getattr(library, name)(x)
        differences = (number(f, at + 1e-5) - number(f, at - 1e-5)) / 2e-5
        print(
            f"{library.__name__} {name}({at}) {show(number(f, at))}: derivative {show(number(f.diff(x), at))},"
            f" differences {show(differences)}"
        )
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
