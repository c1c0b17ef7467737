#!/bin/sh
# pytorch-toolbelt 0.8.0: ignore_index of SoftF1Loss does not ignore a class, it tears the targets apart. They are made one-hot
# first, and the 0s or 1s of that are compared with the label that is to be ignored. With ignore_index=1 nothing but 0s is left:
# the loss is 1 and its gradient 0, whatever is predicted. With ignore_index=0 nothing but 1s is left: a wrong prediction of the
# other classes costs less and a right one next to nothing, and the ignored rows count as before. Without the rows by hand it
# is right. BinarySoftF1Loss takes them out by itself.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytorch-toolbelt==0.8.0 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
label 0 ignored, right: loss 0.018, largest slope of an ignored row 0.003, of a kept one 0.003, rows taken out 0.351
label 0 ignored, undecided: loss 0.500, largest slope of an ignored row 0.042, of a kept one 0.042, rows taken out 0.733
label 0 ignored, wrong: loss 0.965, largest slope of an ignored row 0.006, of a kept one 0.006, rows taken out 0.983
label 1 ignored, right: loss 1.000, largest slope of an ignored row 0.000, of a kept one 0.000, rows taken out 0.351
label 1 ignored, undecided: loss 1.000, largest slope of an ignored row 0.000, of a kept one 0.000, rows taken out 0.733
label 1 ignored, wrong: loss 1.000, largest slope of an ignored row 0.000, of a kept one 0.000, rows taken out 0.983
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pytorch_toolbelt.losses import SoftF1Loss
from torch.nn.functional import one_hot

labels = torch.tensor([0, 1, 2, 0, 1, 2])
right = 4.0 * one_hot(labels, 3)
predictions = {"right": right, "undecided": 0 * right, "wrong": right.roll(1, 1)}
for ignored in (0, 1):
    kept = labels != ignored
    for name, logits in predictions.items():
        logits = logits.clone().requires_grad_()
        loss = SoftF1Loss(ignore_index=ignored)(logits, labels)
        (slope,) = torch.autograd.grad(loss, logits)
        by_hand = SoftF1Loss()(logits[kept], labels[kept])
        print(f"label {ignored} ignored, {name}: loss {loss.item():.3f}, largest slope of an ignored row {slope[~kept].abs().max():.3f},", end=" ")
        print(f"of a kept one {slope[kept].abs().max():.3f}, rows taken out {by_hand.item():.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
