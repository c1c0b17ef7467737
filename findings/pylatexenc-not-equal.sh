#!/bin/sh
# pylatexenc 2.11: latex_to_text of k \ne j is k j, while \neq comes as it should; the bars of \|y - a\|
# are lost too, so that half a squared norm reads 1/2y-a^2. A fraction keeps no parentheses: that of a + b over
# c reads a+b/c, which is another number, and the exponent of e^{-(z+1)} ends at its sign. A root has them.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pylatexenc==2.11 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\sum_{k \ne j} a_k -> ∑_k j a_k
\sum_{k \neq j} a_k -> ∑_k ≠ j a_k
\frac{1}{2} \|y - a\|^2 -> 1/2y - a^2
\frac{a+b}{c} -> a+b/c
x^{a+b} -> x^a+b
\sqrt{a+b} -> √(a+b)
SEEN
cat >"$folder/ask.py" <<'ASK'
import sys

from pylatexenc.latex2text import LatexNodes2Text

sys.stdout.reconfigure(encoding="utf-8")
for text in (
    r"\sum_{k \ne j} a_k",
    r"\sum_{k \neq j} a_k",
    r"\frac{1}{2} \|y - a\|^2",
    r"\frac{a+b}{c}",
    r"x^{a+b}",
    r"\sqrt{a+b}",
):
    print(text, "->", " ".join(LatexNodes2Text().latex_to_text(f"${text}$").split()))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
