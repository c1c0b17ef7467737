#!/bin/sh
# pytorch-toolbelt 0.8.0: LovaszLoss calls its input logits and takes it as probabilities. Its neighbours DiceLoss and JaccardLoss
# make probabilities of logits by default; this one measures how far a logit is from 0 or 1. A logit of 10 for the right class
# and -10 for the others costs 9.67, and a descent makes what was sure unsure, towards logits of 1 and 0. With softmax before it
# the loss is next to 0, as it should be. BinaryLovaszLoss, with its hinge, does take logits.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytorch-toolbelt==0.8.0 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
logits 1 and -1: Lovasz 0.667 Lovasz after softmax 0.213 Dice 0.213
logits 4 and -4: Lovasz 3.667 Lovasz after softmax 0.001 Dice 0.001
logits 10 and -10: Lovasz 9.667 Lovasz after softmax 0.000 Dice 0.000
after a descent from 2 and -2: chance of the right class 0.65
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pytorch_toolbelt.losses import DiceLoss, LovaszLoss
from torch.nn.functional import one_hot

labels = torch.tensor([[[0, 1, 2], [2, 0, 1]]])
signs = 2.0 * one_hot(labels, 3).movedim(-1, 1) - 1
losses = {
    "Lovasz": LovaszLoss(),
    "Lovasz after softmax": lambda z, y: LovaszLoss()(z.softmax(1), y),
    "Dice": DiceLoss("multiclass"),
}
for height in (1.0, 4.0, 10.0):
    print(f"logits {height:g} and {-height:g}:", *(f"{name} {f(height * signs, labels).item():.3f}" for name, f in losses.items()))
z = (2 * signs).requires_grad_()
for step in range(3000):
    (slope,) = torch.autograd.grad(LovaszLoss()(z, labels), z)
    z = (z - 0.01 * slope).detach().requires_grad_()
chance = z.softmax(1).gather(1, labels[:, None])
print(f"after a descent from 2 and -2: chance of the right class {chance.mean():.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
