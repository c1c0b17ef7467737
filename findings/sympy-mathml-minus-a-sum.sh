#!/bin/sh
# SymPy 1.14.0: in presentation MathML, -(x + y) reads -x + y. The sum after a minus sign gets no
# parentheses there; latex() and str() of the same expression have them, and so does 2 (x + y).
# Met where an expression is kept as it was written, with evaluate=False.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
str: -(x + y)
latex: - (x + y)
mathml: -x+y
mathml of twice it: 2⁢(x+y)
SEEN
cat >"$folder/ask.py" <<'ASK'
import re
from html import unescape

from sympy import Mul, latex, mathml, symbols

def read(expression):
    """What is shown, without the tags."""
    return unescape(re.sub("<[^>]*>", "", mathml(expression, printer="presentation")))

x, y = symbols("x y")
minus, twice = (Mul(factor, x + y, evaluate=False) for factor in (-1, 2))
print("str:", minus)
print("latex:", latex(minus))
print("mathml:", read(minus))
print("mathml of twice it:", read(twice))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
