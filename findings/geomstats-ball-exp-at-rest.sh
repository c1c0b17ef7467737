#!/bin/sh
# geomstats 2.8.0 with PyTorch 2.13.0: the exponential map of the Poincare ball of a vector of 0 has the slope 1. By
# autograd it is 0, so that a velocity that starts at 0 is not moved, and the map of 1e-8 is 1e-10, in double precision;
# log, its inverse, is right in both places. A norm that counts as 0 is replaced by 1e-6 and then divided by.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 geomstats==2.8.0 numpy==2.2.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
exp of 0: 0 slope 0.000
log of 0: 0 slope 1.000
exp of 1e-08: 1e-10 slope 0.020
log of 1e-08: 1e-08 slope 1.000
exp of 0.001: 0.001 slope 1.000
log of 0.001: 0.001 slope 1.000
SEEN
cat >"$folder/ask.py" <<'ASK'
import os

os.environ["GEOMSTATS_BACKEND"] = "pytorch"
import torch
from geomstats.geometry.poincare_ball import PoincareBall

torch.set_default_dtype(torch.float64)
metric = PoincareBall(2).metric
for x in (0.0, 1e-8, 1e-3):
    for name in ("exp", "log"):
        u = torch.tensor([x, 0.0], requires_grad=True)
        value = getattr(metric, name)(u, torch.zeros(2))[0]
        (slope,) = torch.autograd.grad(value, u)
        print(f"{name} of {x:g}: {value.item():.3g} slope {slope[0].item():.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
