#!/bin/sh
# entmax 1.3: entmax_bisect has a gradient by alpha, which is there to be learnt; entmax_bisect_loss, the loss that goes
# with it and takes alpha as a tensor too, has none. It counts as a constant: backward of a sum with another term fills
# in that term alone, and nobody says that something is missing. By differences the slope is -0.2 here.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 entmax==1.3 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
entmax_bisect: gradient 0.035 differences 0.035
entmax_bisect_loss: gradient 0.000 differences -0.200
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from entmax import entmax_bisect, entmax_bisect_loss

torch.set_default_dtype(torch.float64)
z = torch.tensor([[0.3, 0.2, -0.5]], requires_grad=True)
target = torch.tensor([0])


def probability(alpha):
    return entmax_bisect(z, alpha, n_iter=80)[0, 0]


def loss(alpha):
    return entmax_bisect_loss(z, target, alpha, n_iter=80)[0]


for name, f in (("entmax_bisect", probability), ("entmax_bisect_loss", loss)):
    alpha = torch.tensor(2.0, requires_grad=True)
    (f(alpha) + 0 * alpha).backward()
    slope = (f(alpha.detach() + 1e-4) - f(alpha.detach() - 1e-4)) / 2e-4
    print(f"{name}: gradient {alpha.grad.item():.3f} differences {slope.item():.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
