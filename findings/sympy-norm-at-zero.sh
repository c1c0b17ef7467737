#!/bin/sh
# SymPy 1.14.0: the gradient of the norm of (a, b) at (0, 0) is (0, nan). The norm is symmetric;
# subs puts the numbers in one after the other, and one of the two roots is simplified on the way.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
[0, nan]
SEEN
cat >"$folder/ask.py" <<'ASK'
import sympy as sp
a, b = sp.symbols("a b", real=True)
norm = sp.Matrix([a, b]).norm()
print([norm.diff(s).subs({a: 0, b: 0}) for s in (a, b)])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
