#!/bin/sh
# SymPy 1.14.0: the integral of |cos x| from -pi to pi is 2, and it is 4. x |cos x|, which is odd, has pi - 2 there for 0, |cos
# x - 1/2| has 3.826 for 4.511, and sign(sin x), odd too, has pi for 0. The pieces where the size turns are looked for from 0 up
# only, so that what turns at a negative x is not seen; from 0 to pi, or 2 pi, all come right, and so do polynomials in |...|,
# |sin x|, and evalf of the unevaluated Integral. Upstream knows it, open: sympy/sympy issues 23223, 25052 and 27379.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 mpmath==1.3.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Abs(cos(x)) from -pi to pi: 2 = 2.000, by midpoints 4.000
Abs(cos(x)) from 0 to pi: 2 = 2.000, by midpoints 2.000
Abs(cos(x)) from 0 to 2*pi: 4 = 4.000, by midpoints 4.000
x*Abs(cos(x)) from -pi to pi: -2 + pi = 1.142, by midpoints 0.000
x*Abs(cos(x)) from 0 to pi: pi = 3.142, by midpoints 3.142
x*Abs(cos(x)) from 0 to 2*pi: 4*pi = 12.566, by midpoints 12.566
Abs(cos(x) - 1/2) from -pi to pi: sqrt(3) + 2*pi/3 = 3.826, by midpoints 4.511
Abs(cos(x) - 1/2) from 0 to pi: pi/6 + sqrt(3) = 2.256, by midpoints 2.256
Abs(cos(x) - 1/2) from 0 to 2*pi: pi/3 + 2*sqrt(3) = 4.511, by midpoints 4.511
sign(sin(x)) from -pi to pi: pi = 3.142, by midpoints 0.000
sign(sin(x)) from 0 to pi: pi = 3.142, by midpoints 3.142
sign(sin(x)) from 0 to 2*pi: 0 = 0.000, by midpoints 0.000
Abs(sin(x)) from -pi to pi: 4 = 4.000, by midpoints 4.000
Abs(sin(x)) from 0 to pi: 2 = 2.000, by midpoints 2.000
Abs(sin(x)) from 0 to 2*pi: 4 = 4.000, by midpoints 4.000
Abs(x**2 - 1) from -pi to pi: -2*pi + 8/3 + 2*pi**3/3 = 17.054, by midpoints 17.054
Abs(x**2 - 1) from 0 to pi: Integral(Piecewise((x**2 - 1, x**2 >= 1), (1 - x**2, True)), (x, 0, pi)) = 8.527, by midpoints 8.527
Abs(x**2 - 1) from 0 to 2*pi: Integral(Piecewise((x**2 - 1, x**2 >= 1), (1 - x**2, True)), (x, 0, 2*pi)) = 77.734, by midpoints 77.734
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

from sympy import Abs, Rational, cos, integrate, lambdify, pi, sign, sin, symbols

x = symbols("x", real=True)


def midpoints(f, low, high, steps=100000):
    f = lambdify(x, f, "math")
    width = (high - low) / steps
    return width * math.fsum(f(low + width * (k + 0.5)) for k in range(steps))


for f in (Abs(cos(x)), x * Abs(cos(x)), Abs(cos(x) - Rational(1, 2)), sign(sin(x)), Abs(sin(x)), Abs(x**2 - 1)):
    for low, high in ((-pi, pi), (0, pi), (0, 2 * pi)):
        value = integrate(f, (x, low, high))
        numeric = midpoints(f, float(low), float(high))
        print(f"{f} from {low} to {high}: {value} = {float(value):.3f}, by midpoints {round(numeric, 3) + 0.0:.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
