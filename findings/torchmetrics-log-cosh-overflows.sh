#!/bin/sh
# TorchMetrics 1.9.0: log_cosh_error of a guess that is off by 89 is infinite in single precision, and its gradient nan; it is 89
# less log 2, and the slope 1. It is the logarithm of a sum of two exponentials as written, of which the larger overflows. One
# such guess makes the mean of all infinite. By softplus of the size of the error, in single precision too, it is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torchmetrics==1.9.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
off by 0.5: TorchMetrics 0.1201, slope 0.4621, by softplus 0.1201, it is 0.1201, slope 0.4621
off by 50: TorchMetrics 49.3069, slope 1.0000, by softplus 49.3069, it is 49.3069, slope 1.0000
off by 88: TorchMetrics 87.3069, slope 1.0000, by softplus 87.3069, it is 87.3069, slope 1.0000
off by 89: TorchMetrics inf, slope nan, by softplus 88.3069, it is 88.3069, slope 1.0000
off by -100: TorchMetrics inf, slope nan, by softplus 99.3069, it is 99.3069, slope -1.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import torch
from torchmetrics.functional import log_cosh_error

for off in (0.5, 50.0, 88.0, 89.0, -100.0):
    guess = torch.tensor([off], requires_grad=True)
    error = log_cosh_error(guess, torch.zeros(1))
    (slope,) = torch.autograd.grad(error, guess)
    smooth = (guess.abs() + torch.nn.functional.softplus(-2 * guess.abs()) - math.log(2)).item()
    truth = abs(off) + math.log1p(math.exp(-2 * abs(off))) - math.log(2)
    print(f"off by {off:g}: TorchMetrics {error.item():.4f}, slope {slope.item():.4f},", end=" ")
    print(f"by softplus {smooth:.4f}, it is {truth:.4f}, slope {math.tanh(off):.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
