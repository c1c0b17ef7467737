#!/bin/sh
# SymPy 1.14.0: every second row of a matrix symbol leaves out the last one. A[::2, :] of five rows are the rows 0, 2 and 4;
# of MatrixSymbol the shape is said to be (2, 3), and written out they are the rows 0 and 2. The count is rounded down where a
# part of a step at the end still has a row. What is computed with it lacks that row: of an A of ones, the sum of these rows
# is 6 and not 9. NumPy and SymPy's own explicit Matrix have three rows, and so has the function that lambdify makes.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
::2 symbol (2, 3) explicit (3, 3) NumPy (3, 3) lambdify (3, 3)
1::2 symbol (2, 3) explicit (2, 3) NumPy (2, 3) lambdify (2, 3)
::3 symbol (1, 3) explicit (2, 3) NumPy (2, 3) lambdify (2, 3)
::4 symbol (1, 3) explicit (2, 3) NumPy (2, 3) lambdify (2, 3)
sum of every second row of ones: symbol 6 NumPy 9
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from sympy import Matrix, MatrixSymbol, lambdify, ones

A, given = MatrixSymbol("A", 5, 3), np.ones((5, 3))
for start, step in ((0, 2), (1, 2), (0, 3), (0, 4)):
    rows = slice(start, None, step)
    told = {
        "symbol": A[rows, :].shape,
        "explicit": Matrix(A)[rows, :].shape,
        "NumPy": given[rows, :].shape,
        "lambdify": lambdify(A, A[rows, :])(given).shape,
    }
    print(f"{start or ''}::{step} " + " ".join(f"{who} {shape}" for who, shape in told.items()))
written = sum(A[::2, :].as_explicit().subs(A, ones(5, 3)).doit())
print(f"sum of every second row of ones: symbol {written} NumPy {given[::2].sum():g}")
ASK
cd "$folder"
env/bin/python ask.py >seen
cat seen
diff -u expected seen
