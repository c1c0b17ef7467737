#!/bin/sh
# Lightly 1.6.0: CO2Regularizer has a value and no gradient. It is to be added to a contrastive loss so that two views of an image
# agree about the others; its value is put in a new tensor at the end, which cuts it off. Added to NTXentLoss it raises the
# number that is shown, and the gradient is the one of NTXentLoss alone to the last digit, whatever alpha is. PyTorch warns once
# that a tensor is copied. The same divergence, written with kl_div, sends a gradient, which differences confirm.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check lightly==1.6.0 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
alpha 0: loss 2.1352, slope 0.0288, by differences 0.0288
alpha 1: loss 2.2536, slope 0.0288, by differences 0.0049
alpha 100: loss 13.9669, slope 0.0288, by differences -2.3533
the regulariser requires a gradient: False
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from lightly.loss import NTXentLoss
from lightly.loss.regularizer import CO2Regularizer

first, second = torch.randn(2, 4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
first.requires_grad_()
contrast = NTXentLoss()


def regulariser(alpha):
    return lambda z: CO2Regularizer(alpha=alpha, t_consistency=1.0)(z, second)


def slope_of_first(f):
    return torch.autograd.grad(f(first), first)[0][0, 0].item()


def difference(f, h=1e-6):
    step = torch.zeros_like(first)
    step[0, 0] = h
    with torch.no_grad():
        return ((f(first + step) - f(first - step)) / (2 * h)).item()


for alpha in (0.0, 1.0, 100.0):
    total = lambda z: contrast(z, second) + regulariser(alpha)(z)
    print(f"alpha {alpha:g}: loss {total(first).item():.4f}, slope {slope_of_first(total):.4f}, by differences {difference(total):.4f}")
print("the regulariser requires a gradient:", regulariser(1.0)(first).requires_grad)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
