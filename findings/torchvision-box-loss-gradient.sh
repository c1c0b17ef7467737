#!/bin/sh
# torchvision 0.28.0: the gradient of complete_box_iou_loss is not that of the loss it returns. The weight of the aspect
# ratio, which depends on the box, is held constant on the way back, as its paper has it; the documentation does not say
# so. gradcheck rejects it, and passes the losses by distance and by the enclosing box.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 torchvision==0.28.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
complete_box_iou_loss gradcheck False
   by backward -0.0463 by a difference -0.0565
distance_box_iou_loss gradcheck True
generalized_box_iou_loss gradcheck True
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torchvision import ops

box = torch.tensor([[0.0, 0.0, 2.0, 1.0]], dtype=torch.float64, requires_grad=True)
target = torch.tensor([[0.5, 0.2, 2.2, 3.0]], dtype=torch.float64)
for name in ("complete_box_iou_loss", "distance_box_iou_loss", "generalized_box_iou_loss"):
    loss = getattr(ops, name)
    held = torch.autograd.gradcheck(lambda b: loss(b, target), box, raise_exception=False)
    print(name, "gradcheck", held)
    if not held:
        (gradient,) = torch.autograd.grad(loss(box, target).sum(), box)
        step = torch.tensor([[1e-6, 0.0, 0.0, 0.0]], dtype=torch.float64)
        difference = (loss(box + step, target) - loss(box - step, target)).item() / 2e-6
        print(f"   by backward {gradient[0, 0].item():.4f} by a difference {difference:.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
