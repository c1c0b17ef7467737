#!/bin/sh
# Norse 1.1.0 on PyTorch 2.14.1: the surrogate gradients "tanh", "heavi_erfc" and "circ" are not the slopes of the curves that
# they are documented with, 1/2 + tanh(k x)/2 and the like, each a smooth step from 0 to 1. Their peak is 1 for every k, or
# 1.128, so that a steeper curve has less of a slope in all: at the default k = 100 the slope of tanh adds up to 0.02 instead
# of 1 and is a fiftieth of what it should be at 0. And for circ a large k means wide, not steep: at the same 100 it is 1 for
# a membrane anywhere near the threshold, and adds up to 199.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check norse==1.1.0 nir==1.0.8 nirtorch==2.6 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
tanh, k = 1: 1.000 at 0, 0.990 at 0.1, in all 2.00; the slope of the curve 0.500 at 0, 0.495 at 0.1, in all 1.00
tanh, k = 10: 1.000 at 0, 0.420 at 0.1, in all 0.20; the slope of the curve 5.000 at 0, 2.100 at 0.1, in all 1.00
tanh, k = 100: 1.000 at 0, 0.000 at 0.1, in all 0.02; the slope of the curve 50.000 at 0, 0.000 at 0.1, in all 1.00
heavi_erfc, k = 1: 1.128 at 0, 1.117 at 0.1, in all 2.00; the slope of the curve 0.564 at 0, 0.559 at 0.1, in all 1.00
heavi_erfc, k = 10: 1.128 at 0, 0.415 at 0.1, in all 0.20; the slope of the curve 5.642 at 0, 2.076 at 0.1, in all 1.00
heavi_erfc, k = 100: 1.128 at 0, 0.000 at 0.1, in all 0.02; the slope of the curve 56.419 at 0, 0.000 at 0.1, in all 1.00
circ, k = 1: 1.000 at 0, 0.985 at 0.1, in all 2.00; the slope of the curve 0.500 at 0, 0.493 at 0.1, in all 1.00
circ, k = 10: 1.000 at 0, 1.000 at 0.1, in all 20.00; the slope of the curve 0.050 at 0, 0.050 at 0.1, in all 1.00
circ, k = 100: 1.000 at 0, 1.000 at 0.1, in all 199.01; the slope of the curve 0.005 at 0, 0.005 at 0.1, in all 1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from norse.torch.functional.threshold import threshold

curves = {
    "tanh": lambda x, k: 0.5 + 0.5 * torch.tanh(k * x),
    "heavi_erfc": lambda x, k: 0.5 + 0.5 * torch.erf(k * x),
    "circ": lambda x, k: 0.5 + 0.5 * x / (x**2 + k**2).sqrt(),
}
x = torch.linspace(-1000, 1000, 2000001, dtype=torch.float64, requires_grad=True)
for name, curve in curves.items():
    for k in (1.0, 10.0, 100.0):
        line = []
        for f in (lambda x: threshold(x, name, k), lambda x: curve(x, k)):
            (slopes,) = torch.autograd.grad(f(x).sum(), x)
            line.append(f"{slopes.max():.3f} at 0, {slopes[1000100]:.3f} at 0.1, in all {torch.trapezoid(slopes, x.detach()):.2f}")
        print(f"{name}, k = {k:g}: {line[0]}; the slope of the curve {line[1]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
