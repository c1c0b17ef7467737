#!/bin/sh
# MLX 0.32.4: nn.celu with alpha 2 sends back 0 at 0. CELU was made to be smooth there for every
# alpha, with slope 1; a little to either side MLX answers 1. A neuron that starts at zero stays
# there.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
-0.001 1.0
0.0 0.0
0.001 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import mlx.core as mx
import mlx.nn as nn
for at in (-1e-3, 0.0, 1e-3):
    slope = mx.grad(lambda x: nn.celu(x, 2.0).sum())(mx.array([at]))
    print(at, round(slope.item(), 2))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
