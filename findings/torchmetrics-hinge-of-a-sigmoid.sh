#!/bin/sh
# TorchMetrics 1.9.0: binary_hinge_loss of margins that are all right by 10 is 0.5 where half are negative, and none do better; it
# is 0. As soon as one number of a batch lies outside of 0 and 1, all are put through a sigmoid, as for probabilities: a negative
# example is then at best at 0, and costs 1. A margin that grows from 0.9 to 1.1 raises the loss of a right pair from 0.65 to
# 0.90. The multiclass one takes softmax, so that a distance between classes is at most 1. That logits are put through a sigmoid
# is in its documentation; hinge_loss of scikit-learn takes margins as they are.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torchmetrics==1.9.0 torch==2.13.0 scikit-learn==1.9.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
right by 10: TorchMetrics 0.50, scikit-learn 0.00
wrong by 10: TorchMetrics 1.50, scikit-learn 11.00
0.9 and 0.2: TorchMetrics 0.65, scikit-learn 0.65
1.1 and 0.2: TorchMetrics 0.90, scikit-learn 0.60
three classes, right by 10: TorchMetrics 0.00, scikit-learn 0.00
three classes, right by 1.5: TorchMetrics 0.46, scikit-learn 0.00
three classes, wrong by 10: TorchMetrics 2.00, scikit-learn 11.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from sklearn.metrics import hinge_loss
from torchmetrics.functional.classification import binary_hinge_loss, multiclass_hinge_loss

batches = {
    "right by 10": ([10.0, -10.0], [1, 0]),
    "wrong by 10": ([-10.0, 10.0], [1, 0]),
    "0.9 and 0.2": ([0.9, 0.2], [1, 0]),
    "1.1 and 0.2": ([1.1, 0.2], [1, 0]),
}
for name, (margins, labels) in batches.items():
    found = binary_hinge_loss(torch.tensor(margins), torch.tensor(labels))
    print(f"{name}: TorchMetrics {found:.2f}, scikit-learn {hinge_loss(labels, margins):.2f}")
scores, labels = 10 * torch.eye(3), torch.arange(3)
for name, s in (("right by 10", scores), ("right by 1.5", 0.15 * scores), ("wrong by 10", scores.roll(1, 1))):
    found = multiclass_hinge_loss(s, labels, num_classes=3)
    print(f"three classes, {name}: TorchMetrics {found:.2f}, scikit-learn {hinge_loss(labels, s.numpy()):.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
