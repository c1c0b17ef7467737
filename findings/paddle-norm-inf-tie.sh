#!/bin/sh
# PaddlePaddle 3.3.1: the gradient of the maximum norm at (1, 1) is (1, 1): along that direction
# the norm grows by 1, and the gradient promises 2. max of the same numbers shares, (0.5, 0.5).
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check paddlepaddle==3.3.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
norm(inf) [1.0, 1.0]
max [0.5, 0.5]
SEEN
cat >"$folder/ask.py" <<'ASK'
import paddle
ask = {"norm(inf)": lambda x: paddle.linalg.norm(x, float("inf")), "max": paddle.max}
for name, f in ask.items():
    x = paddle.to_tensor([1.0, 1.0], stop_gradient=False)
    f(x).backward()
    print(name, x.grad.tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
