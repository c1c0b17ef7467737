#!/bin/sh
# SymPy 1.14.0: the derivative of trace(X * A), * element by element, by the matrix X comes as a vector,
# the diagonal of A. A derivative by a matrix has the shape of the matrix: here A's diagonal on a
# diagonal of zeros. With the matrix product, trace(X A), shape and value are right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
elementwise (2,) [A[0, 0], A[1, 1]]
product (2, 2) [[A[0, 0], A[1, 0]], [A[0, 1], A[1, 1]]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import sympy as sp
from sympy.matrices.expressions.hadamard import hadamard_product

X, A = sp.MatrixSymbol("X", 2, 2), sp.MatrixSymbol("A", 2, 2)
for name, f in (("elementwise", sp.Trace(hadamard_product(X, A))), ("product", sp.Trace(X * A))):
    found = f.diff(X)
    print(name, found.shape, found.as_explicit().tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
