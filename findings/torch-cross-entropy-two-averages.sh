#!/bin/sh
# PyTorch 2.13.0: cross_entropy with class weights has two averages. Labels as whole numbers divide by
# the sum of the weights of the labels, the very same labels as one-hot probabilities by the number of
# examples: three times the loss here, and three times the gradient. Without weights both agree.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
no weights: [1.233, 1.233] first slope [-0.384, -0.384]
weights 1, 2, 5: [1.079, 3.237] first slope [-0.128, -0.384]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.nn.functional import cross_entropy, one_hot
z = torch.tensor([[1.0, 2.0, 0.5], [0.2, 0.1, 0.3]], dtype=torch.float64, requires_grad=True)
labels = torch.tensor([0, 2])
shares = one_hot(labels, 3).double()
for name, weights in (("no weights", None), ("weights 1, 2, 5", torch.tensor([1.0, 2.0, 5.0]).double())):
    losses = [cross_entropy(z, target, weight=weights) for target in (labels, shares)]
    slopes = [torch.autograd.grad(loss, z)[0][0, 0].item() for loss in losses]
    print(name + ":", [round(l.item(), 3) for l in losses], "first slope", [round(s, 3) for s in slopes])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
