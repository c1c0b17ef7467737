#!/bin/sh
# SymPy 1.14.0: a function that is given its limit at one point loses its slope there. (e^x - 1)/x with
# 1 at 0 is smooth, with slope 1/2; the derivative of the Piecewise is 0 at 0, the derivative of the
# number 1, and lambdify computes the same 0. A little to either side it is one half.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 mpmath==1.3.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
at 0: 0 by lambdify: 0.0
limit: 1/2 at 0.001: 0.5
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import Ne, Piecewise, exp, lambdify, limit, symbols
x = symbols("x", real=True)
f = Piecewise(((exp(x) - 1) / x, Ne(x, 0)), (1, True))
slope = f.diff(x)
print("at 0:", slope.subs(x, 0), "by lambdify:", float(lambdify(x, slope, "math")(0.0)))
print("limit:", limit(((exp(x) - 1) / x).diff(x), x, 0), "at 0.001:", round(float(slope.subs(x, 0.001)), 3))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
