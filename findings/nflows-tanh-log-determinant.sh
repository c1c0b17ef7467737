#!/bin/sh
# nflows 0.14: the log-determinant of Tanh is minus infinity beyond 9.01 in single precision, and its gradient nan; at 9.5 they are
# -17.61 and -2. It is the logarithm of 1 less the square of the output, which rounds to 1 there; at 9 it is off by 0.67
# already. The value itself is right, and so is the log-determinant of Sigmoid far out. PyTorch's own TanhTransform takes
# softplus of the input and is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check nflows==0.14 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
log-determinant at 1: nflows -0.87, slope -1.52, PyTorch -0.87, slope -1.52, it is -0.87, slope -1.52
log-determinant at 5: nflows -8.61, slope -2.00, PyTorch -8.61, slope -2.00, it is -8.61, slope -2.00
log-determinant at 8: nflows -14.56, slope -2.00, PyTorch -14.61, slope -2.00, it is -14.61, slope -2.00
log-determinant at 9: nflows -15.94, slope -2.00, PyTorch -16.61, slope -2.00, it is -16.61, slope -2.00
log-determinant at 9.5: nflows -inf, slope nan, PyTorch -17.61, slope -2.00, it is -17.61, slope -2.00
log-determinant at -30: nflows -inf, slope nan, PyTorch -58.61, slope 2.00, it is -58.61, slope 2.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import torch
from nflows.transforms import Tanh
from torch.distributions import TanhTransform

for number in (1.0, 5.0, 8.0, 9.0, 9.5, -30.0):
    found = []
    for name in ("nflows", "PyTorch"):
        x = torch.tensor([[number]], requires_grad=True)
        y, log_det = Tanh()(x)
        if name == "PyTorch":
            log_det = TanhTransform().log_abs_det_jacobian(x, y)
        (slope,) = torch.autograd.grad(log_det.sum(), x)
        found.append(f"{name} {log_det.item():.2f}, slope {slope.item():.2f}")
    truth = 2 * math.log(2) - 2 * abs(number) - 2 * math.log1p(math.exp(-2 * abs(number)))
    print(f"log-determinant at {number:g}: {', '.join(found)}, it is {truth:.2f}, slope {-2 * math.tanh(number):.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
