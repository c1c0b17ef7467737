#!/bin/sh
# PyTorch 2.14.1: by forward mode the slope of cross_entropy by its class weights is 0, without a word. By reverse mode it is
# refused, "not differentiable with respect to argument weight"; forward mode answers 0, where differences of the loss are
# -0.27, -0.09 and 0.36. So it is with binary_cross_entropy and its weight, and with the running mean and variance that
# batch_norm subtracts in evaluation. A hypergradient by jvp, for weights that are to be learnt, stands still. The tracker was
# searched: no issue of it was found. 2.13.0 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
cross_entropy by weight
  forward     0.0000 0.0000 0.0000
  differences -0.2701 -0.0927 0.3628
  reverse     The function 'nll_loss_forward' is not differentiable with respect to argument 'weight'
binary_cross_entropy by weight
  forward     0.0000 0.0000 0.0000
  differences 0.1645 0.1527 0.1834
  reverse     The function 'binary_cross_entropy' is not differentiable with respect to argument 'weight'
batch_norm by running_mean
  forward     0.0000 0.0000 0.0000
  differences -1.0000 0.0000 0.0000
  reverse     The function 'native_batch_norm' is not differentiable with respect to argument 'running_mean'
batch_norm by running_var
  forward     0.0000 0.0000 0.0000
  differences -0.5000 0.0000 0.0000
  reverse     The function 'native_batch_norm' is not differentiable with respect to argument 'running_var'
batch_norm by bias
  forward     1.0000 0.0000 0.0000
  differences 1.0000 0.0000 0.0000
  reverse     1.0000 0.0000 0.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.nn import functional as F

z = torch.tensor([[1.0, 0.0, -1.0], [0.5, 2.0, 0.0], [0.0, 0.3, 0.1]], dtype=torch.float64)
label = torch.tensor([0, 2, 1])
a = torch.sigmoid(z)
ones = torch.ones(3, dtype=torch.float64)

by = {
    "cross_entropy by weight": lambda w: F.cross_entropy(z, label, weight=w),
    "binary_cross_entropy by weight": lambda w: F.binary_cross_entropy(a, a.round(), weight=w),
    "batch_norm by running_mean": lambda w: F.batch_norm(z, w, ones)[0, 0],
    "batch_norm by running_var": lambda w: F.batch_norm(z, 0 * ones, w)[0, 0],
    "batch_norm by bias": lambda w: F.batch_norm(z, 0 * ones, ones, bias=w)[0, 0],
}


def show(numbers):
    return " ".join(f"{v:.4f}" for v in (numbers + 0.0).tolist())


for name, loss in by.items():
    push = 1e-6 * torch.eye(3, dtype=torch.float64)
    slopes = torch.stack([(loss(ones + p) - loss(ones - p)) / 2e-6 for p in push])
    try:
        reverse = show(torch.func.jacrev(loss)(ones))
    except RuntimeError as error:
        reverse = str(error).split(". ")[0]
    print(name)
    print("  forward    ", show(torch.func.jacfwd(loss)(ones)))
    print("  differences", show(slopes.round(decimals=6)))
    print("  reverse    ", reverse)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
