#!/bin/sh
# SymPy 1.14.0: the derivative of v / (1'v) by the vector v comes as the identity over the sum, a
# diagonal matrix. The quotient's second term, -v 1' / (1'v)^2, is dropped; with an explicit 2 by
# 1 matrix the same library answers it. This is the sum over k that (38) leaves out, left out by
# algebra.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1/Sum(v[_i_1, 0], (_i_1, 0, n - 1))*I
[[b/(a + b)**2, -a/(a + b)**2], [-b/(a + b)**2, a/(a + b)**2]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import sympy as sp
n = sp.Symbol("n", integer=True, positive=True)
v = sp.MatrixSymbol("v", n, 1)
print(sp.sstr((v / (sp.OneMatrix(1, n) * v)[0, 0]).diff(v)))
a, b = sp.symbols("a b")
print(sp.simplify((sp.Matrix([a, b]) / (a + b)).jacobian([a, b])).tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
