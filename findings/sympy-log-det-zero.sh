#!/bin/sh
# SymPy 1.14.0: the derivative of log(det A) by a matrix symbol A is 0, as are those of
# log(Trace(A)) and of exp(Trace(v'v)). Without the outer function Trace(A) is differentiated
# right, and det A is left undone. A 0 is no sign of "not implemented": it goes on into whatever
# is computed from it.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
log(Determinant(A)) -> 0
log(Trace(A)) -> 0
Trace(A) -> I
Determinant(A) -> Derivative(Determinant(A), A)
SEEN
cat >"$folder/ask.py" <<'ASK'
import sympy as sp
A = sp.MatrixSymbol("A", 2, 2)
for f in (sp.log(sp.Determinant(A)), sp.log(sp.Trace(A)), sp.Trace(A), sp.Determinant(A)):
    print(f, "->", f.diff(A))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
