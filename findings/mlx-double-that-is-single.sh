#!/bin/sh
# MLX 0.32.4: exp, sigmoid, softmax, sin, cos and erf of float64 have the digits of float32, and say float64. exp(0.3) is
# off by 1e-8 and more, so that differences with small steps are noise, and a gradient check in double precision
# rejects a right sigmoid layer. tanh, log, expm1 and sinh have all digits.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'mlx[cpu]==0.32.4' numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
exp mlx.core.float64 single
sigmoid mlx.core.float64 single
sin mlx.core.float64 single
cos mlx.core.float64 single
erf mlx.core.float64 single
tanh mlx.core.float64 double
log mlx.core.float64 double
expm1 mlx.core.float64 double
sinh mlx.core.float64 double
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import mlx.core as mx

mx.set_default_device(mx.cpu)
right = {"sigmoid": lambda x: 1 / (1 + math.exp(-x))}
for name in ("exp", "sigmoid", "sin", "cos", "erf", "tanh", "log", "expm1", "sinh"):
    worst = 0.0
    for x in (0.2, 0.3, 0.7):
        value = getattr(mx, name)(mx.array(x, dtype=mx.float64))
        truth = right.get(name, getattr(math, name, None))(x)
        worst = max(worst, abs(value.item() / truth - 1))
    print(name, value.dtype, "double" if worst < 1e-14 else "single" if worst > 3e-9 else worst)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
