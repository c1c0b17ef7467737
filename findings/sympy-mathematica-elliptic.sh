#!/bin/sh
# SymPy 1.14.0: for Mathematica the incomplete elliptic integral of the first kind is written as that of the second.
# elliptic_f(x, m) becomes EllipticE[x, m], the very text that elliptic_e(x, m) has, though their values at 1 and 1/2 are 1.083
# and 0.927; Wolfram's name is EllipticF. Where both stand in one formula, they cancel: F - E, 0.156 there, is written as
# -EllipticE + EllipticE. K, E and Pi are right, and LaTeX has F and E. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
elliptic_f(x, m): EllipticE[x, m] in LaTeX F\left(x\middle| m\right), at 1 and 1/2 it is 1.0832
elliptic_e(x, m): EllipticE[x, m] in LaTeX E\left(x\middle| m\right), at 1 and 1/2 it is 0.9273
-elliptic_e(x, m) + elliptic_f(x, m): -EllipticE[x, m] + EllipticE[x, m] in LaTeX - E\left(x\middle| m\right) + F\left(x\middle| m\right), at 1 and 1/2 it is 0.1559
elliptic_k(m): EllipticK[m] in LaTeX K\left(m\right), at 1 and 1/2 it is 1.8541
elliptic_e(m): EllipticE[m] in LaTeX E\left(m\right), at 1 and 1/2 it is 1.3506
elliptic_pi(1/2, x, m): EllipticPi[1/2, x, m] in LaTeX \Pi\left(\frac{1}{2}; x\middle| m\right), at 1 and 1/2 it is 1.2890
derivative of elliptic_f by m: -Sin[2*x]/((4 - 4*m)*(-m*Sin[x]^2 + 1)^(1/2)) - 1/2*EllipticE[x, m]/m + (1/2)*EllipticE[x, m]/(m*(1 - m))
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import Rational, elliptic_e, elliptic_f, elliptic_k, elliptic_pi, latex, mathematica_code, symbols

x, m = symbols("x m")
half = Rational(1, 2)
for f in (elliptic_f(x, m), elliptic_e(x, m), elliptic_f(x, m) - elliptic_e(x, m), elliptic_k(m), elliptic_e(m), elliptic_pi(half, x, m)):
    print(f"{f}: {mathematica_code(f)} in LaTeX {latex(f)}, at 1 and 1/2 it is {float(f.subs({x: 1, m: half})):.4f}")
print("derivative of elliptic_f by m:", mathematica_code(elliptic_f(x, m).diff(m)))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
