#!/bin/sh
# segmentation-models-pytorch 0.6.0: the focal loss of a perfect prediction is not 0. FocalLoss("multiclass",
# from_logits=False), new in this release, takes probabilities; for (1, 0, 0) and class 0 the loss is 0.058, with gamma = 0 it
# is 0.231, a third of ln 2, and no prediction gets below it. The logarithm of p is taken for a logit, whose sigmoid is p / (1 +
# p), one half for p = 1. With logits it is no softmax either: each class is judged on its own, by its sigmoid, so that gamma =
# 0 is not the cross-entropy, and adding 1 to all logits changes the loss. DiceLoss of the same arguments is 0. Upstream knows
# the second, closed without a change: qubvel-org/segmentation_models.pytorch issue 671; for the first the tracker was searched,
# and nothing found.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check segmentation-models-pytorch==0.6.0 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
probabilities (1.0, 0.0, 0.0) gamma 0: 0.231, by the formula 0.000
probabilities (1.0, 0.0, 0.0) gamma 2: 0.058, by the formula 0.000
probabilities (0.9, 0.05, 0.05) gamma 0: 0.282, by the formula 0.105
probabilities (0.9, 0.05, 0.05) gamma 2: 0.069, by the formula 0.001
probabilities (0.0, 1.0, 0.0) gamma 0: 5.604, by the formula 16.118
probabilities (0.0, 1.0, 0.0) gamma 2: 5.430, by the formula 16.118
dice loss of (1.0, 0.0, 0.0): 0.000
logits [2.0, 0.0, 1.0] gamma 0: 0.711, cross-entropy 0.408
logits [3.0, 1.0, 2.0] gamma 0: 1.163, cross-entropy 0.408
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from segmentation_models_pytorch.losses import DiceLoss, FocalLoss
from torch.nn.functional import cross_entropy

label = torch.zeros(1, 1, 1, dtype=torch.long)


def pixel(*numbers):
    return torch.tensor(numbers).reshape(1, -1, 1, 1)


for p in ((1.0, 0.0, 0.0), (0.9, 0.05, 0.05), (0.0, 1.0, 0.0)):
    for gamma in (0.0, 2.0):
        focal = FocalLoss("multiclass", gamma=gamma, from_logits=False)(pixel(*p), label)
        own = p[0]
        right = 0.0 if own == 1 else (1 - own) ** gamma * -torch.tensor(own).clamp(1e-7).log().item()
        print(f"probabilities {p} gamma {gamma:.0f}: {focal:.3f}, by the formula {right:.3f}")
perfect = DiceLoss("multiclass", from_logits=False)(pixel(1.0, 0.0, 0.0), label)
print(f"dice loss of (1.0, 0.0, 0.0): {perfect:.3f}")
for add in (0.0, 1.0):
    logits = pixel(2.0 + add, 0.0 + add, 1.0 + add)
    focal = FocalLoss("multiclass", gamma=0.0)(logits, label)
    print(f"logits {logits.flatten().tolist()} gamma 0: {focal:.3f}, cross-entropy {cross_entropy(logits, label):.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
