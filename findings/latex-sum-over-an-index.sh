#!/bin/sh
# SymPy 1.14.0 and latex2sympy2 1.9.1: both read the sum over j = 1..3 of a_j as 3 a_j, and the weighted sum
# over j of w_j x_j as 3 w_j x_j. The j of a_j is a part of a name, and not the j that the sum runs over; the sum
# of j^2 is 14. Nothing is said, and a derivative of such a sum by a_1 is 0.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 lark==1.3.1 latex2sympy2==1.9.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\sum_{j=1}^{3} j^2 = 14 and 14
\sum_{j=1}^{3} a_j = 3*a_{j} and 3*a_j
\sum_{j=1}^{3} w_j x_j = 3*w_{j}*x_{j} and 3*w_j*x_j
SEEN
cat >"$folder/ask.py" <<'ASK'
from latex2sympy2 import latex2sympy
from sympy.parsing.latex import parse_latex

for text in (r"\sum_{j=1}^{3} j^2", r"\sum_{j=1}^{3} a_j", r"\sum_{j=1}^{3} w_j x_j"):
    print(text, "=", parse_latex(text, backend="lark").doit(), "and", latex2sympy(text).doit())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
