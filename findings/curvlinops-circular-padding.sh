#!/bin/sh
# curvlinops 3.0.1: KFAC of a convolution takes any padding for zeros. Where a layer has one example and one output position
# KFAC is exact and equals the Hessian of a squared loss; with padding_mode "circular", "reflect" or "replicate" it is that
# of zeros, and here the curvature of every weight that meets the border is 0 instead of up to 32. Nothing is said.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check curvlinops-for-pytorch==3.0.1 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
zeros 0.0 2.0 8.0 32.0 0.0 Hessian 0.0 2.0 8.0 32.0 0.0
circular 0.0 2.0 8.0 32.0 0.0 Hessian 32.0 2.0 8.0 32.0 2.0
reflect 0.0 2.0 8.0 32.0 0.0 Hessian 8.0 2.0 8.0 32.0 8.0
replicate 0.0 2.0 8.0 32.0 0.0 Hessian 2.0 2.0 8.0 32.0 32.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from curvlinops import KFACLinearOperator
from torch.nn import functional

x = torch.tensor([[[[1.0, 2.0, 4.0]]]])
y = torch.zeros(1, 1)
w = torch.ones(1, 1, 1, 5)


def loss(w):
    return functional.conv2d(functional.pad(x, (1, 1, 0, 0), mode=mode if mode != "zeros" else "constant"), w).square().sum()


for mode in ("zeros", "circular", "reflect", "replicate"):
    layer = torch.nn.Conv2d(1, 1, (1, 5), padding=(0, 1), padding_mode=mode, bias=False)
    network = torch.nn.Sequential(layer, torch.nn.Flatten())
    squared = torch.nn.MSELoss(reduction="sum")
    kfac = KFACLinearOperator(network, squared, list(network.parameters()), [(x, y)], fisher_type="type-2")
    hessian = torch.autograd.functional.hessian(loss, w).reshape(5, 5)
    found = (kfac @ torch.eye(5)).diag()
    print(mode, *(f"{v:.1f}" for v in found), "Hessian", *(f"{v:.1f}" for v in hessian.diag()))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
