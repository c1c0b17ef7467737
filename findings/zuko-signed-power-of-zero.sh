#!/bin/sh
# Zuko 1.6.0: SignedPowerTransform of 0 is nan, one way or the other. It is the power of a size with the sign kept, so that 0 goes
# to 0, and its domain is said to be all real numbers. It is written as a product of the number and a power of its size that
# is less by 1: below an exponent of 1 that is 0 times infinity. With alpha 0.5 the inverse of 0 is nan, with -0.5 the value
# itself, and the slope of the value, 0 for an exponent of 1.65, is nan too. Beside 0 all is right. A pixel that is black
# makes a flow's likelihood nan.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check zuko==1.6.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
alpha 0.5, value of -0.001: -0.00001, it is -0.00001, slope 0.019, it is 0.019
alpha 0.5, value of 0: 0.00000, it is 0.00000, slope nan, it is 0.000
alpha 0.5, value of 1: 1.00000, it is 1.00000, slope 1.649, it is 1.649
alpha 0.5, inverse of -0.001: -0.01515, it is -0.01515, slope 9.189, it is 9.189
alpha 0.5, inverse of 0: nan, it is 0.00000, slope nan, it is inf
alpha 0.5, inverse of 1: 1.00000, it is 1.00000, slope 0.607, it is 0.607
alpha -0.5, value of -0.001: -0.01515, it is -0.01515, slope 9.189, it is 9.189
alpha -0.5, value of 0: nan, it is 0.00000, slope nan, it is inf
alpha -0.5, value of 1: 1.00000, it is 1.00000, slope 0.607, it is 0.607
alpha -0.5, inverse of -0.001: -0.00001, it is -0.00001, slope 0.019, it is 0.019
alpha -0.5, inverse of 0: 0.00000, it is 0.00000, slope nan, it is 0.000
alpha -0.5, inverse of 1: 1.00000, it is 1.00000, slope 1.649, it is 1.649
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import torch
from zuko.transforms import SignedPowerTransform

for alpha in (0.5, -0.5):
    power = SignedPowerTransform(torch.tensor(alpha))
    for name, f, exponent in (("value", power, math.exp(alpha)), ("inverse", power.inv, math.exp(-alpha))):
        for number in (-1e-3, 0.0, 1.0):
            x = torch.tensor(number, requires_grad=True)
            y = f(x)
            (slope,) = torch.autograd.grad(y, x)
            size = abs(number)
            meant = exponent * size ** (exponent - 1) if size or exponent > 1 else math.inf
            print(f"alpha {alpha:g}, {name} of {number:g}: {y.item():.5f}, it is {math.copysign(size**exponent, number):.5f},", end=" ")
            print(f"slope {slope.item():.3f}, it is {meant:.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
