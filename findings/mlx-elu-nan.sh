#!/bin/sh
# MLX 0.32.4: the gradients of nn.elu and nn.selu beyond 88.7 are nan. To the right of 0 both are straight lines; the
# exponential of the branch that is not taken overflows there, and its infinite slope is multiplied by 0. celu, which is
# the same function at its default, answers 1, and so do softplus, silu and mish.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'mlx[cpu]==0.32.4' numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
elu at 88: 88 slope 1
elu at 89: 89 slope nan
selu at 89: 93.5123 slope nan
celu at 89: 89 slope 1
silu at 89: 89 slope 1
SEEN
cat >"$folder/ask.py" <<'ASK'
import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
for f, z in ((nn.elu, 88.0), (nn.elu, 89.0), (nn.selu, 89.0), (nn.celu, 89.0), (nn.silu, 89.0)):
    print(f"{f.__name__} at {z:g}: {f(mx.array(z)).item():g} slope {mx.grad(f)(mx.array(z)).item():g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
