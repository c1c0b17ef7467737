#!/bin/sh
# snnTorch 1.0.0 on PyTorch 2.14.1: two surrogate gradients are looked up one above the threshold. They are documented for the
# membrane U with the threshold 1: SFS is the slope of fast_sigmoid where U is above B = 1 and 0 elsewhere, and
# spike_rate_escape is 25 e^-|U - 1|. What a neuron gives them is U less its threshold. So SFS is 0 up to a membrane of 2, and
# has what is left of it, 0.0015 and less, beyond; spike_rate_escape has its peak, 25, at 2 and only 9.2 at the threshold. A
# layer that fires little gets no gradient from SFS at all.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check snntorch==1.0.0 torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
SFS: [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0015, 0.0004], of membranes 0.5, 0.9, 1.1 and 1.9 [0.0, 0.0, 0.0, 0.0]
spike_rate_escape: [3.3834, 8.3218, 9.197, 10.1642, 15.1633, 25.0, 24.7512, 9.197], of membranes 0.5, 0.9, 1.1 and 1.9 [5.5783, 8.3218, 10.1642, 22.6209]
fast_sigmoid: [0.0015, 0.0816, 1.0, 0.0816, 0.0055, 0.0015, 0.0015, 0.0004], of membranes 0.5, 0.9, 1.1 and 1.9 [0.0055, 0.0816, 0.0816, 0.0018]
atan: [0.092, 0.9102, 1.0, 0.9102, 0.2884, 0.092, 0.0904, 0.0247], of membranes 0.5, 0.9, 1.1 and 1.9 [0.2884, 0.9102, 0.9102, 0.1112]
SEEN
cat >"$folder/ask.py" <<'ASK'
import snntorch
import torch
from snntorch import surrogate

for name in ("SFS", "spike_rate_escape", "fast_sigmoid", "atan"):
    x = torch.tensor([-1.0, -0.1, 0.0, 0.1, 0.5, 1.0, 1.01, 2.0], requires_grad=True)
    (slopes,) = torch.autograd.grad(getattr(surrogate, name)()(x).sum(), x)
    current = torch.tensor([0.5, 0.9, 1.1, 1.9], requires_grad=True)
    neurons = snntorch.Leaky(beta=0.9, threshold=1.0, spike_grad=getattr(surrogate, name)())
    spikes, _ = neurons(current, torch.zeros(4))
    (gradient,) = torch.autograd.grad(spikes.sum(), current)
    print(f"{name}: {[round(s, 4) for s in slopes.tolist()]}, of membranes 0.5, 0.9, 1.1 and 1.9 {[round(s, 4) for s in gradient.tolist()]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
