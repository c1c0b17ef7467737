#!/bin/sh
# snnTorch 1.0.0 on PyTorch 2.14.1: the surrogate gradient "sigmoid" is nan for a neuron that is far below its threshold. At
# its default steepness of 25 that is so from 3.43 below on, in single precision, where the slope is 0; far above it is 0, as
# it should be. It is written e^-kx / (e^-kx + 1)^2, which is infinity over infinity there; k times the sigmoid times one
# less it has no such place. A Leaky neuron with an input of -3 gets nan for all its weights. Known upstream (snntorch issue
# 427, where pull request 433 mends it) and still so in this release.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check snntorch==1.0.0 torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
[nan, nan, 0.0, 0.0, 6.25, 1.753, 0.0, 0.0]
[0.006, 0.009, 0.009, 0.092, 1.0, 0.91, 0.006, 0.0]
[0.0, 0.0, 0.0, 0.0, 6.25, 1.753, 0.0, 0.0]
sigmoid: [[0.0, 0.0], [nan, nan]]
atan: [[0.288, 0.288], [0.006, 0.006]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import snntorch
import torch
from snntorch import surrogate


def written_out(x):
    return torch.sigmoid(25 * x)


for f in (surrogate.sigmoid(), surrogate.atan(), written_out):
    x = torch.tensor([-4.0, -3.43, -3.41, -1.0, 0.0, 0.1, 4.0, 40.0], requires_grad=True)
    (slopes,) = torch.autograd.grad(f(x).sum(), x)
    print([round(s, 3) for s in slopes.tolist()])
weights = torch.nn.Parameter(torch.tensor([[0.5, 1.0], [-1.0, -2.0]]))
for name in ("sigmoid", "atan"):
    neurons = snntorch.Leaky(beta=0.9, spike_grad=getattr(surrogate, name)())
    spikes, _ = neurons(torch.tensor([[1.0, 1.0]]) @ weights.T, neurons.reset_mem())
    (gradient,) = torch.autograd.grad((spikes @ torch.ones(2, 1)).sum(), weights)
    print(f"{name}: {[[round(s, 3) for s in row] for row in gradient.tolist()]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
