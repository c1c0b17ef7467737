#!/bin/sh
# SymPy 1.14.0: the derivative of (v'v)^2 by the vector v is 0, where v'v is the entry [0, 0] of the
# 1 by 1 product, the way to make a number of it. v'v alone is differentiated right. In (u'v) v'v the
# first factor is taken for a constant, so that half of the product rule is missing.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
v'v -> 2*v
(v'v)^2 -> 0
(u'v) v'v -> (2*u[0, 0]*v[0, 0] + 2*u[1, 0]*v[1, 0])*v
SEEN
cat >"$folder/ask.py" <<'ASK'
import sympy as sp

v, u = sp.MatrixSymbol("v", 2, 1), sp.MatrixSymbol("u", 2, 1)
for name, f in (
    ("v'v", v.T * v),
    ("(v'v)^2", (v.T * v)[0, 0] ** 2),
    ("(u'v) v'v", (u.T * v)[0, 0] * (v.T * v)),
):
    print(name, "->", f.diff(v))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
