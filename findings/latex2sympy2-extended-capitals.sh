#!/bin/sh
# latex2sympy2_extended 1.11.0: capitals become small letters, unless it is told not to, so that C - c, a cost less a constant,
# is 0, and \Delta - \delta and the derivative of X x by x are 0 and 2 x. The transpose of A is a. 5!! is read as (5!)!,
# which has 199 digits, where the double factorial is 15, and sin 30^\circ as the sine of 30 radians. SymPy's parse_latex
# keeps capitals. That letters are made small is known from users of math-verify, which judges answers with it.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check latex2sympy2_extended==1.11.0 sympy==1.14.0 antlr4-python3-runtime==4.11.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
C - c -> 0 = 0.000
\Delta - \delta -> 0 = 0.000
\frac{d}{dx} (X x) -> 2*x 
A^T -> a 
5!! -> 199 digits 
\sin 30^\circ -> sin(30) = -0.988
parse_latex: C - c and X
SEEN
cat >"$folder/ask.py" <<'ASK'
from latex2sympy2_extended import latex2sympy
from sympy import N
from sympy.parsing.latex import parse_latex

for latex in ("C - c", r"\Delta - \delta", r"\frac{d}{dx} (X x)", "A^T", "5!!", r"\sin 30^\circ"):
    value = latex2sympy(latex).doit()
    shown = str(value) if len(str(value)) < 20 else f"{len(str(value))} digits"
    print(latex, "->", shown, f"= {N(value):.3f}" if value.is_number and shown == str(value) else "")
print("parse_latex:", parse_latex("C - c"), "and", parse_latex(r"\frac{d}{dx} (X x)").doit())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
