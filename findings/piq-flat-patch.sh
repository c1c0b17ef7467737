#!/bin/sh
# PIQ 0.8.0 on PyTorch 2.14.1: one flat patch, such as a black or white corner, makes the gradients of gmsd,
# fsim and vsi nan there, and with it all weights of a network that drew the picture. They take the root of
# the squared slopes of the picture, 0 in the patch. The values are finite, and ssim and haarpsi have finite
# gradients of the same pictures.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 torchvision==0.29.1 piq==0.8.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
ssim: finite True, gradients nan 0
haarpsi: finite True, gradients nan 0
gmsd: finite True, gradients nan 192
fsim: finite True, gradients nan 192
vsi: finite True, gradients nan 192
SEEN
cat >"$folder/ask.py" <<'ASK'
import piq
import torch

ours = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
theirs = ours.flip(3)
ours[:, :, :8, :8] = 0.0
ours.requires_grad_()
for f in (piq.ssim, piq.haarpsi, piq.gmsd, piq.fsim, piq.vsi):
    value = f(ours, theirs)
    (slope,) = torch.autograd.grad(value, ours)
    print(f"{f.__name__}: finite {value.isfinite().item()}, gradients nan {slope.isnan().sum().item()}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
