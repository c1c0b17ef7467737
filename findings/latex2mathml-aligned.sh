#!/bin/sh
# latex2mathml 3.81.0: an aligned environment becomes MathML that is not XML. Its ampersands,
# which mark the columns, are printed as they are, <mi>&</mi>, and the rows are no table; cases
# and matrix are.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check latex2mathml==3.81.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
cases is XML, a table
aligned is no XML, no table
SEEN
cat >"$folder/ask.py" <<'ASK'
from xml.etree import ElementTree
from latex2mathml.converter import convert
for name in ("cases", "aligned"):
    code = convert("\\begin{%s} a & b \\\\ c & d \\end{%s}" % (name, name))
    try:
        ElementTree.fromstring(code)
        print(name, "is XML,", "a table" if "<mtable" in code else "no table")
    except ElementTree.ParseError:
        print(name, "is no XML,", "a table" if "<mtable" in code else "no table")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
