#!/bin/sh
# nbformat 5.11.1: a notebook with a gradient of nan in an application/json output is valid to
# nbformat.validate, and is written as NaN, which JSON does not have: a strict reader, such as
# every browser's, refuses the whole file.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check nbformat==5.11.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
valid
NaN is no JSON
SEEN
cat >"$folder/ask.py" <<'ASK'
import json
import nbformat
from nbformat import v4
data = {"application/json": {"gradient": float("nan")}}
cell = v4.new_code_cell("x", execution_count=1, outputs=[v4.new_output("display_data", data=data)])
book = v4.new_notebook(cells=[cell])
nbformat.validate(book)
print("valid")

def refuse(word):
    raise ValueError(f"{word} is no JSON")

try:
    json.loads(nbformat.writes(book), parse_constant=refuse)
except ValueError as error:
    print(error)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
