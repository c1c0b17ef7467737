#!/bin/sh
# SymPy 1.14.0: the derivative of binomial(x, 3), which is the polynomial x (x - 1) (x - 2) / 6, is nan at 0, 1, 2 and every
# negative whole number; it is 1/3, -1/6 and 1/3 there. diff answers two digamma functions times the binomial, infinity times 0
# at these points. At 1.0, written as a float, it is 0, a number that looks right. expand_func before diff answers right
# everywhere, and so do ff(x, 3) and rf(x, 3), which are polynomials from the start. The tracker was searched: nothing found.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 mpmath==1.3.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
diff(binomial(x, 3), x): (-polygamma(0, x - 2) + polygamma(0, x + 1))*binomial(x, 3)
at -2: value -4, slope nan, of the polynomial 13/3, of ff(x, 3) / 6 13/3
at -1: value -1, slope nan, of the polynomial 11/6, of ff(x, 3) / 6 11/6
at 0: value 0, slope nan, of the polynomial 1/3, of ff(x, 3) / 6 1/3
at 1: value 0, slope nan, of the polynomial -1/6, of ff(x, 3) / 6 -1/6
at 2: value 0, slope nan, of the polynomial 1/3, of ff(x, 3) / 6 1/3
at 3: value 1, slope 11/6, of the polynomial 11/6, of ff(x, 3) / 6 11/6
at 4: value 4, slope 13/3, of the polynomial 13/3, of ff(x, 3) / 6 13/3
at 1/2: value 1/16, slope -1/24, of the polynomial -1/24, of ff(x, 3) / 6 -1/24
at 1.0: value 0, slope 0, of the polynomial -0.166666666666667, of ff(x, 3) / 6 -0.166666666666667
at 2.0: value 0, slope nan, of the polynomial 0.333333333333333, of ff(x, 3) / 6 0.333333333333333
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import Rational, binomial, diff, expand_func, ff, symbols

x = symbols("x")
slope = diff(binomial(x, 3), x)
truth = diff(expand_func(binomial(x, 3)), x)
print("diff(binomial(x, 3), x):", slope)
for at in (-2, -1, 0, 1, 2, 3, 4, Rational(1, 2), 1.0, 2.0):
    print(f"at {at}: value {binomial(x, 3).subs(x, at)}, slope {slope.subs(x, at)},", end=" ")
    print(f"of the polynomial {truth.subs(x, at)}, of ff(x, 3) / 6 {diff(ff(x, 3) / 6, x).subs(x, at)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
