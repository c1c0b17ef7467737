#!/bin/sh
# py_asciimath 0.3.0: LaTeX that becomes AsciiMath gains a factor of q. \leq is a longer name of \le, whose l and e are cut
# off: a \leq b is written a <= q b, at most q times b, and so it is with \geq and \neq. The lower bound \inf becomes
# "is in f", \limsup the limit and the letters s u p, and a \pmod n is plus or minus o d n. \le, \ge, \ne and \infty are
# right. Words in \text lose their spaces.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check py-asciimath==0.3.0 setuptools==80.9.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
a \le b -> a <= b, a \leq b -> a <= q b
a \ge b -> a >= b, a \geq b -> a >= q b
k \ne j -> k != j, k \neq j -> k != q j
\infty -> oo, \inf S -> in f S
\lim x -> lim x, \limsup x -> lim s u p x
\mod n -> mod n, a \pmod n -> a +- o d n
\text{if} -> text(i f), \text{no change} -> text(n o c h a n g e)
SEEN
cat >"$folder/ask.py" <<'ASK'
from py_asciimath.translator.translator import Tex2ASCIIMath

translate = Tex2ASCIIMath(log=False, inplace=True).translate
pairs = (r"a \le b", r"a \leq b"), (r"a \ge b", r"a \geq b"), (r"k \ne j", r"k \neq j"), (r"\infty", r"\inf S")
for pair in (*pairs, (r"\lim x", r"\limsup x"), (r"\mod n", r"a \pmod n"), (r"\text{if}", r"\text{no change}")):
    print(", ".join(f"{latex} -> {translate(latex)}" for latex in pair))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
