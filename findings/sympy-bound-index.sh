#!/bin/sh
# SymPy 1.14.0: the name of a bound index decides about a derivative. Of the sum over k of x[k]
# y[k], the derivative by x[j] is a sum over KroneckerDelta(j, k), that is y[j]; by x[k], k being
# free outside the sum, it is the sum over all y[k].
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Sum(KroneckerDelta(j, k)*y[k], (k, 1, n))
Sum(y[k], (k, 1, n))
Sum(KroneckerDelta(j, k)*y[j], (j, 1, n))
SEEN
cat >"$folder/ask.py" <<'ASK'
import sympy as sp
n, j, k = sp.symbols("n j k", integer=True)
x, y = sp.IndexedBase("x"), sp.IndexedBase("y")
total = sp.Sum(x[k] * y[k], (k, 1, n))
print(total.diff(x[j]))
print(total.diff(x[k]))
print(sp.Sum(x[j] * y[j], (j, 1, n)).diff(x[k]))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
