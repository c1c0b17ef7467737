#!/bin/sh
# GPyTorch 1.15.2: the slope of the linear kernel k(x, y) = x y by x is y; where y happens to hold the same number
# as x it comes twice as large. Two inputs of equal numbers are taken for one, whose square is differentiated. At
# y = 1.999 it is right. The value is the same in both.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 gpytorch==1.15.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
y = 1.999: k = 3.998 slope 1.999
y = 2: k = 4 slope 4
SEEN
cat >"$folder/ask.py" <<'ASK'
import gpytorch
import torch

torch.set_default_dtype(torch.float64)
kernel = gpytorch.kernels.LinearKernel()
kernel.initialize(variance=1.0)
for y in (1.999, 2.0):
    x = torch.tensor([[2.0]], requires_grad=True)
    value = kernel(x, torch.tensor([[y]])).to_dense()
    (slope,) = torch.autograd.grad(value, x)
    print(f"y = {y:g}: k = {value.item():g} slope {slope.item():g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
