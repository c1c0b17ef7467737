#!/bin/sh
# PyTorch 2.13.0: the Hessian of x ** y at x = 2, y = 0 is not symmetric. Both mixed derivatives are
# 1 / x there, one half; one comes as 0. The slope by x is set to 0 where y is 0, and that zero is
# differentiated as a constant. At y = 1e-9 both are one half. The function is smooth there.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
y = 0: [[0.0, 0.0], [0.5, 0.48]]
y = 1e-09: [[0.0, 0.5], [0.5, 0.48]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch


def power(v):
    return v[0] ** v[1]


for y in (0, 1e-9):
    found = torch.func.hessian(power)(torch.tensor([2, y], dtype=torch.float64))
    print(f"y = {y}:", [[round(v, 2) + 0.0 for v in row] for row in found.tolist()])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
