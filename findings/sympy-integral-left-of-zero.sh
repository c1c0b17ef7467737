#!/bin/sh
# SymPy 1.14.0: the integral of sin(x) / x from -3 to -1 is negative. The integrand is positive and even; from 1 to 3 it is
# 0.903, and from -3 to -1 SymPy answers -0.903, Si(1) - Si(3), the wrong way round. sinh(x) / x is alike. From -2 to 1, across
# 0, it is right, and so are sinc(x), cos(x) / x, exp(x) / x and 1 / x from -3 to -1, and evalf of the unevaluated Integral.
# Upstream knows it, open since 2009: sympy/sympy issue 4706.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 mpmath==1.3.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sin(x)/x from 1 to 3: 0.9026, by midpoints 0.9026
sin(x)/x from -3 to -1: -0.9026, by midpoints 0.9026
sin(x)/x from -2 to 1: 2.5515, by midpoints 2.5515
sinh(x)/x from 1 to 3: 3.9162, by midpoints 3.9162
sinh(x)/x from -3 to -1: -3.9162, by midpoints 3.9162
sinh(x)/x from -2 to 1: 3.5588, by midpoints 3.5588
sinc(x) from 1 to 3: 0.9026, by midpoints 0.9026
sinc(x) from -3 to -1: 0.9026, by midpoints 0.9026
sinc(x) from -2 to 1: 2.5515, by midpoints 2.5515
cos(x)/x from 1 to 3: -0.2178, by midpoints -0.2178
cos(x)/x from -3 to -1: 0.2178, by midpoints 0.2178
exp(x)/x from 1 to 3: 8.0387, by midpoints 8.0387
exp(x)/x from -3 to -1: -0.2063, by midpoints -0.2063
1/x from 1 to 3: 1.0986, by midpoints 1.0986
1/x from -3 to -1: -1.0986, by midpoints -1.0986
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

from sympy import cos, exp, integrate, lambdify, re, sin, sinc, sinh, symbols

x = symbols("x")


def midpoints(f, low, high, steps=100001):
    f = lambdify(x, f, [{"sinc": lambda t: math.sin(t) / t}, "math"])
    width = (high - low) / steps
    return width * math.fsum(f(low + width * (k + 0.5)) for k in range(steps))


for f in (sin(x) / x, sinh(x) / x, sinc(x), cos(x) / x, exp(x) / x, 1 / x):
    for low, high in ((1, 3), (-3, -1), (-2, 1)):
        if low == -2 and f not in (sin(x) / x, sinh(x) / x, sinc(x)):
            continue
        value = integrate(f, (x, low, high))
        print(f"{f} from {low} to {high}: {float(re(value.evalf())):.4f}, by midpoints {midpoints(f, low, high):.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
