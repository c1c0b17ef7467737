#!/bin/sh
# SymPy 1.14.0: the integral of Heaviside(x - 1) from -2 to 3 is 5, the length of the whole interval, where the step covers 2 of
# it. x Heaviside(x - 1) has 2.5 for 4. From 0 to 3, and where the step is written as a Piecewise or as Max(0, x - 1), it is
# right, and so is Heaviside(x) from -2 to 3. The answer is a difference of Meijer G functions whose value left of 0 is not that
# of the step. Upstream knows it, open: sympy/sympy issues 21426 and 24274.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 mpmath==1.3.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Heaviside(x - 1) from 0 to 3: 2.0000, as a Piecewise 2.0000
Heaviside(x - 1) from -2 to 3: 5.0000, as a Piecewise 2.0000
Heaviside(x - 1) from -1 to 2: 1.0000, as a Piecewise 1.0000
x*Heaviside(x - 1) from 0 to 3: 4.0000, as a Piecewise 4.0000
x*Heaviside(x - 1) from -2 to 3: 2.5000, as a Piecewise 4.0000
x*Heaviside(x - 1) from -1 to 2: 1.5000, as a Piecewise 1.5000
x**2*Heaviside(x - 1) from 0 to 3: 8.6667, as a Piecewise 8.6667
x**2*Heaviside(x - 1) from -2 to 3: 11.6667, as a Piecewise 8.6667
x**2*Heaviside(x - 1) from -1 to 2: 2.3333, as a Piecewise 2.3333
Heaviside(x) from 0 to 3: 3.0000, as a Piecewise 3.0000
Heaviside(x) from -2 to 3: 3.0000, as a Piecewise 3.0000
Heaviside(x) from -1 to 2: 2.0000, as a Piecewise 2.0000
Max(0, x - 1) from 0 to 3: 2.0000, as a Piecewise 2.0000
Max(0, x - 1) from -2 to 3: 2.0000, as a Piecewise 2.0000
Max(0, x - 1) from -1 to 2: 0.5000, as a Piecewise 0.5000
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import Heaviside, Max, Piecewise, integrate, re, symbols

x = symbols("x", real=True)
step = Piecewise((0, x < 1), (1, True))
cases = (
    (Heaviside(x - 1), step),
    (x * Heaviside(x - 1), x * step),
    (x**2 * Heaviside(x - 1), x**2 * step),
    (Heaviside(x), Piecewise((0, x < 0), (1, True))),
    (Max(0, x - 1), (x - 1) * step),
)
for f, pieces in cases:
    for low, high in ((0, 3), (-2, 3), (-1, 2)):
        value = integrate(f, (x, low, high)).evalf()
        truth = integrate(pieces, (x, low, high)).evalf()
        print(f"{f} from {low} to {high}: {float(re(value)):.4f}, as a Piecewise {float(truth):.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
