#!/bin/sh
# snnTorch 1.0.0 on PyTorch 2.14.1: the surrogate gradient "triangular" is negative above the threshold and is no triangle. A
# surrogate stands for the slope of a spike, which is a step upwards; a triangle for it has its peak at the threshold and
# falls to 0 on both sides. Here it is 1 everywhere below and -1 everywhere above, however far, which is the slope of that
# triangle, and the documentation says so. A neuron that fires is told to fire more where it should fire less: a loss that
# asks it for no spike drives its weight from 1.5 to 21.5 in twenty steps. With atan and fast_sigmoid the weight falls.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check snntorch==1.0.0 torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
triangular: slopes [1.0, 1.0, 1.0, -1.0, -1.0, -1.0], weight 1.5 after 20 steps towards silence 21.50
atan: slopes [0.0, 0.09, 0.91, 0.91, 0.09, 0.0], weight 1.5 after 20 steps towards silence -0.78
fast_sigmoid: slopes [0.0, 0.0, 0.08, 0.08, 0.0, 0.0], weight 1.5 after 20 steps towards silence 1.36
SEEN
cat >"$folder/ask.py" <<'ASK'
import snntorch.surrogate
import torch

x = torch.tensor([-5.0, -1.0, -0.1, 0.1, 1.0, 5.0])
for name in ("triangular", "atan", "fast_sigmoid"):
    spike = getattr(snntorch.surrogate, name)()
    at = x.clone().requires_grad_()
    (slopes,) = torch.autograd.grad(spike(at).sum(), at)
    w = torch.nn.Parameter(torch.tensor(1.5))
    optimizer = torch.optim.SGD([w], lr=1.0)
    for _ in range(20):
        optimizer.zero_grad()
        spike(w - 1.0).backward()
        optimizer.step()
    print(f"{name}: slopes {[round(s, 2) for s in slopes.tolist()]}, weight 1.5 after 20 steps towards silence {w.item():.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
