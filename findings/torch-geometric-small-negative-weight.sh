#!/bin/sh
# PyTorch Geometric 2.8.1 on PyTorch 2.14.1: a negative weight in sparse_cross_entropy counts as at least 1. By the source such a weight is
# for a label that should be pushed down, and its size scales the label in the denominator, so that -0.1 should push a tenth
# as hard as -1; it pushes as hard, and so does -0.5, with the same loss and the same gradient. From -1 on down the size
# counts as it should. The logarithm of the size is what is kept above 1e-12, where the size was meant, and the logarithm of
# anything below 1 is negative.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch-geometric==2.8.1 torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
weight -0.1: 2.408 slopes [-0.91, 0.245, 0.665]; written out 1.495 slopes [-0.776, 0.61, 0.166]
weight -0.5: 2.408 slopes [-0.91, 0.245, 0.665]; written out 2.003 slopes [-0.865, 0.367, 0.498]
weight -1: 2.408 slopes [-0.91, 0.245, 0.665]; written out 2.408 slopes [-0.91, 0.245, 0.665]
weight -2: 2.918 slopes [-0.946, 0.147, 0.799]; written out 2.918 slopes [-0.946, 0.147, 0.799]
weight -10: 4.352 slopes [-0.987, 0.035, 0.952]; written out 4.352 slopes [-0.987, 0.035, 0.952]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch_geometric.utils import cross_entropy

logits = torch.tensor([[1.0, 2.0, 3.0]], dtype=torch.float64)
for weight in (0.1, 0.5, 1.0, 2.0, 10.0):
    z, own = logits.clone().requires_grad_(), logits.clone().requires_grad_()
    loss = cross_entropy.sparse_cross_entropy(z, torch.tensor([[0, 0], [0, 2]]), torch.tensor([1.0, -weight]))
    written_out = (torch.tensor([1.0, 1.0, weight]) * own.exp()).sum().log() - own[0, 0]
    line = []
    for value, at in ((loss, z), (written_out, own)):
        (slopes,) = torch.autograd.grad(value, at)
        line.append(f"{value.item():.3f} slopes {[round(s, 3) for s in slopes[0].tolist()]}")
    print(f"weight -{weight:g}: {line[0]}; written out {line[1]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
