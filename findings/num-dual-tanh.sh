#!/bin/sh
# num_dual 0.15.1: the derivative of tanh is nan from 400 on, and from 711 on so is tanh itself. The
# method divides sinh by cosh, and by its square. Python's math.tanh answers 1 for every large
# number, and the derivative is 0 there; a saturated neuron is enough.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check num-dual==0.15.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
300 (1.0, 0.0)
400 (1.0, nan)
711 (nan, nan)
math.tanh(711) 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

from num_dual import first_derivative

for z in (300, 400, 711):
    print(z, first_derivative(lambda x: x.tanh(), float(z)))
print("math.tanh(711)", math.tanh(711))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
