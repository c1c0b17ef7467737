#!/bin/sh
# pytorch-toolbelt 0.8.0: reduced_threshold of CrossEntropyFocalLoss weighs the wrong side. A reduced focal loss lets an example
# whose class has a chance below the threshold count whole, and makes less and less of one beyond it. Here the chance is put in
# as if it were the error: what is surely right counts whole, and what is surely wrong up to four times, so that the easy ones
# are what the loss is made of. BinaryFocalLoss with the same threshold is right: BloodAxe/pytorch-toolbelt pull request 102
# mended it in 2024, and holds the one with softmax for right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytorch-toolbelt==0.8.0 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
chance 0.12: weight by softmax 3.103, by sigmoid 1.000, meant 1.000
chance 0.27: weight by softmax 2.138, by sigmoid 1.000, meant 1.000
chance 0.50: weight by softmax 1.000, by sigmoid 1.000, meant 1.000
chance 0.73: weight by softmax 1.000, by sigmoid 0.289, meant 0.289
chance 0.88: weight by softmax 1.000, by sigmoid 0.057, meant 0.057
chance 0.98: weight by softmax 1.000, by sigmoid 0.001, meant 0.001
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pytorch_toolbelt.losses import BinaryFocalLoss, CrossEntropyFocalLoss

one = torch.tensor([1.0])
for z in (-2.0, -1.0, 0.0, 1.0, 2.0, 4.0):
    pair = torch.tensor([[-z / 2, z / 2]])

    def by_softmax(**how):
        return CrossEntropyFocalLoss(**how)(pair, torch.tensor([1])).item()

    def by_sigmoid(**how):
        return BinaryFocalLoss(alpha=None, **how)(torch.tensor([z]), one).item()

    weights = [f(gamma=2, reduced_threshold=0.5) / f(gamma=0) for f in (by_softmax, by_sigmoid)]
    p = torch.sigmoid(torch.tensor(z)).item()
    meant = 1.0 if p < 0.5 else ((1 - p) / 0.5) ** 2
    print(f"chance {p:.2f}: weight by softmax {weights[0]:.3f}, by sigmoid {weights[1]:.3f}, meant {meant:.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
