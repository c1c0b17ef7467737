#!/bin/sh
# PaddlePaddle 3.3.1: the gradient of prod of (0, 2, 3) is (nan, 0, 0); it is (6, 0, 0), which the
# last entry of cumprod of the same numbers answers.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check paddlepaddle==3.3.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
prod [nan, 0.0, 0.0]
cumprod [6.0, 0.0, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import paddle
for name, f in {"prod": paddle.prod, "cumprod": lambda x: paddle.cumprod(x, 0)[-1]}.items():
    x = paddle.to_tensor([0.0, 2.0, 3.0], stop_gradient=False)
    f(x).backward()
    print(name, x.grad.tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
