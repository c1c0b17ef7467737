#!/bin/sh
# pytorch-toolbelt 0.8.0: gamma of BalancedBCEWithLogitsLoss is raised twice, and not on both sides. The class that is rarer is to
# weigh more, by the other's share; gamma is a power of that share, 1 by default. The share of the negatives is raised to gamma,
# that of the positives taken as what is left to 1, and then both are raised to gamma once more. In a batch with as many
# positives as negatives and gamma 2 a negative weighs nine times as much as a positive, and with gamma 0.5 two thirds.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytorch-toolbelt==0.8.0 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1 of 4 positive, gamma 0.5: a negative weighs 0.39 of a positive, by the shares 0.58
1 of 4 positive, gamma 1: a negative weighs 0.33 of a positive, by the shares 0.33
1 of 4 positive, gamma 2: a negative weighs 0.60 of a positive, by the shares 0.11
2 of 4 positive, gamma 0.5: a negative weighs 0.64 of a positive, by the shares 1.00
2 of 4 positive, gamma 1: a negative weighs 1.00 of a positive, by the shares 1.00
2 of 4 positive, gamma 2: a negative weighs 9.00 of a positive, by the shares 1.00
3 of 4 positive, gamma 0.5: a negative weighs 1.00 of a positive, by the shares 1.73
3 of 4 positive, gamma 1: a negative weighs 3.00 of a positive, by the shares 3.00
3 of 4 positive, gamma 2: a negative weighs 225.00 of a positive, by the shares 9.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pytorch_toolbelt.losses import BalancedBCEWithLogitsLoss

for positives in (1, 2, 3):
    targets = (torch.arange(4) < positives).float()
    for gamma in (0.5, 1.0, 2.0):
        losses = BalancedBCEWithLogitsLoss(gamma=gamma, reduction="none")(torch.zeros(4), targets)
        ratio = (losses[3] / losses[0]).item()
        meant = (positives / (4 - positives)) ** gamma
        print(f"{positives} of 4 positive, gamma {gamma:g}: a negative weighs {ratio:.2f} of a positive, by the shares {meant:.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
