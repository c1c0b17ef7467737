#!/bin/sh
# pytorch-metric-learning 2.9.0: the gradient of TupletMarginLoss where two embeddings of one class are equal,
# which is what it trains towards, is nan; the loss itself is finite. It goes by the angle, the arccos of a
# cosine of 1, whose slope is infinite. AngularLoss, ContrastiveLoss and NTXentLoss are finite there.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 pytorch-metric-learning==2.9.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
3 AngularLoss: 11.839 slope finite: True
3 ContrastiveLoss: 1.104 slope finite: True
3 NTXentLoss: 1.108 slope finite: True
3 TupletMarginLoss: 1.745 slope finite: False
3.1 AngularLoss: 11.815 slope finite: True
3.1 ContrastiveLoss: 0.624 slope finite: True
3.1 NTXentLoss: 1.082 slope finite: True
3.1 TupletMarginLoss: 1.688 slope finite: True
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pytorch_metric_learning import losses

labels = torch.tensor([0, 0, 1, 1])
for last in (3.0, 3.1):
    points = torch.tensor([[1.0, 2.0, 3.0], [1.0, 2.0, last], [3.0, 2.0, 1.0], [0.0, 1.0, 0.0]]).double()
    points.requires_grad_()
    for loss in (losses.AngularLoss(), losses.ContrastiveLoss(), losses.NTXentLoss(), losses.TupletMarginLoss()):
        value = loss(points, labels)
        (slope,) = torch.autograd.grad(value, points)
        print(f"{last:g} {type(loss).__name__}: {value.item():.3f} slope finite: {slope.isfinite().all().item()}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
