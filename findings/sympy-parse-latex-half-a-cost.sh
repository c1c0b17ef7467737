#!/bin/sh
# SymPy 1.14.0: parse_latex reads half a sum of squares, \frac{1}{2}\sum_j (y_j - a_j)^2, as 1/2, without
# a word. It stops where it no longer understands, and gives what it has: z^{l+1}_j is z**(l + 1),
# and |x|' + 1 is Abs(x). The sum alone, \sum_j y_j, is refused with an error.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 mpmath==1.3.0 antlr4-python3-runtime==4.11.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\frac{1}{2}\sum_j (y_j - a_j)^2 -> 1/2
z^{l+1}_j -> z**(l + 1)
|x|' + 1 -> Abs(x)
\sum_j y_j -> refused
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy.parsing.latex import LaTeXParsingError, parse_latex
for written in (r"\frac{1}{2}\sum_j (y_j - a_j)^2", r"z^{l+1}_j", r"|x|' + 1", r"\sum_j y_j"):
    try:
        print(written, "->", parse_latex(written))
    except LaTeXParsingError:
        print(written, "-> refused")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
