#!/bin/sh
# PaddlePaddle 3.3.1: the gradient of silu far to the left is nan. z sigma(z) and its slope go to
# 0 there; the value does, and the gradient of sigmoid(x) * x, written out, does too.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check paddlepaddle==3.3.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
silu 0.0 nan
x * sigmoid(x) 0.0 0.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import paddle
import paddle.nn.functional as F
for name, f in {"silu": F.silu, "x * sigmoid(x)": lambda x: x * F.sigmoid(x)}.items():
    x = paddle.to_tensor([-1000.0], dtype="float64", stop_gradient=False)
    y = f(x)
    y.backward()
    print(name, abs(y.item()), abs(x.grad.item()))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
