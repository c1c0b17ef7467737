#!/bin/sh
# SymPy 1.14.0: lambdify of the sum over k = 1..3 of x[k] indexes the NumPy array with 1, 2, 3. On
# three numbers that is an IndexError, on four a wrong sum: of (1, 2, 3, 4) it is 9, not 6.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
of four numbers: 9
of three numbers: IndexError
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import sympy as sp
k = sp.Symbol("k", integer=True)
x = sp.IndexedBase("x")
total = sp.lambdify(x, sp.Sum(x[k], (k, 1, 3)))
print("of four numbers:", total(np.array([1, 2, 3, 4])))
try:
    print("of three numbers:", total(np.array([1, 2, 3])))
except IndexError as error:
    print("of three numbers:", type(error).__name__)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
