#!/bin/sh
# micrograd 0.1.0: a second backward() on the same result triples the gradient. The numbers on the
# way keep their gradients too, so that the second call sends back what both have added up: the
# slope of 2 x^2 at 3 is 12, and then 36 instead of the 24 that PyTorch's retain_graph adds up to.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check micrograd==0.1.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
once 12.0
twice 36.0
SEEN
cat >"$folder/ask.py" <<'ASK'
from micrograd.engine import Value

x = Value(3.0)
y = x * x * 2
y.backward()
print("once", x.grad)
y.backward()
print("twice", x.grad)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
