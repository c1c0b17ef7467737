#!/bin/sh
# PyTorch 2.14.1: the gradient of max_unpool where pooling windows overlap is too large. Of (1, 5, 2, 0, 3), three at a time,
# the 5 wins two windows; max_unpool puts it back once, (0, 5, 0, 0, 3), so that its slope is 1, as forward mode and differences
# have it. backward says 2, since both windows send back what the one place gets; a number that wins k windows gets k times its
# slope. The value is certain, since all of them write the same number. Upstream knows it, open since 2022: pytorch/pytorch
# issues 80204 and 80827. 2.13.0 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
stride 1: 0.00 5.00 0.00 0.00 3.00
  backward    0.00 2.00 0.00 0.00 1.00
  forward     0.00 1.00 0.00 0.00 1.00
  differences 0.00 1.00 0.00 0.00 1.00
stride 2: 0.00 5.00 0.00 0.00 3.00
  backward    0.00 1.00 0.00 0.00 1.00
  forward     0.00 1.00 0.00 0.00 1.00
  differences 0.00 1.00 0.00 0.00 1.00
stride 3: 0.00 5.00 0.00 0.00 0.00
  backward    0.00 1.00 0.00 0.00 0.00
  forward     0.00 1.00 0.00 0.00 0.00
  differences 0.00 1.00 0.00 0.00 0.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.nn.functional import max_pool2d, max_unpool2d

row = torch.tensor([1.0, 5.0, 2.0, 0.0, 3.0], dtype=torch.float64)


def show(numbers):
    return " ".join(f"{v:.2f}" for v in numbers.tolist())


def kept(row, stride):
    pooled, place = max_pool2d(row.reshape(1, 1, 1, -1), (1, 3), (1, stride), return_indices=True)
    return max_unpool2d(pooled, place, (1, 3), (1, stride), output_size=(1, 5)).flatten()


for stride in (1, 2, 3):
    push = 1e-6 * torch.eye(5, dtype=torch.float64)
    slopes = [(kept(row + p, stride) - kept(row - p, stride)).sum() / 2e-6 for p in push]
    total = lambda row: kept(row, stride).sum()
    print(f"stride {stride}: {show(kept(row, stride))}")
    print("  backward   ", show(torch.func.grad(total)(row)))
    print("  forward    ", show(torch.func.jacfwd(total)(row)))
    print("  differences", show(torch.stack(slopes)))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
