#!/bin/sh
# balanced-loss 0.1.1 on PyTorch 2.14.1: the gradient of the focal loss is nan for a guess that is sure and wrong. A focal loss is
# there for such guesses; at logits of -88 and 88 for the wrong class it is finite, at -89 and 89 the slope by the logit of the
# true class is nan, and the loss has lost half of its value, 89 for 178. With gamma = 0.5 it is so too, with gamma = 0 it is
# right. Its factor is e to the power of -gamma (y z + log(1 + e^-z)), and e^-z overflows; a formula with logsigmoid does not.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check balanced-loss==0.1.1 torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
gamma 0, logits -5 and 5: focal_loss 10.01 slopes [-0.99, 0.99]; written_out 10.01 slopes [-0.99, 0.99]
gamma 0, logits -88 and 88: focal_loss 176.00 slopes [-1.0, 1.0]; written_out 176.00 slopes [-1.0, 1.0]
gamma 0, logits -89 and 89: focal_loss 178.00 slopes [-1.0, 1.0]; written_out 178.00 slopes [-1.0, 1.0]
gamma 0, logits -100 and 100: focal_loss 200.00 slopes [-1.0, 1.0]; written_out 200.00 slopes [-1.0, 1.0]
gamma 0.5, logits -5 and 5: focal_loss 9.98 slopes [-1.01, 1.01]; written_out 9.98 slopes [-1.01, 1.01]
gamma 0.5, logits -88 and 88: focal_loss 176.00 slopes [-1.0, 1.0]; written_out 176.00 slopes [-1.0, 1.0]
gamma 0.5, logits -89 and 89: focal_loss 89.00 slopes [nan, 1.0]; written_out 178.00 slopes [-1.0, 1.0]
gamma 0.5, logits -100 and 100: focal_loss 100.00 slopes [nan, 1.0]; written_out 200.00 slopes [-1.0, 1.0]
gamma 2, logits -5 and 5: focal_loss 9.88 slopes [-1.05, 1.05]; written_out 9.88 slopes [-1.05, 1.05]
gamma 2, logits -88 and 88: focal_loss 176.00 slopes [-1.0, 1.0]; written_out 176.00 slopes [-1.0, 1.0]
gamma 2, logits -89 and 89: focal_loss 89.00 slopes [nan, 1.0]; written_out 178.00 slopes [-1.0, 1.0]
gamma 2, logits -100 and 100: focal_loss 100.00 slopes [nan, 1.0]; written_out 200.00 slopes [-1.0, 1.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from balanced_loss import Loss


def written_out(z, gamma):
    z = torch.cat([z[:, :1], -z[:, 1:]], 1)
    return (torch.sigmoid(-z) ** gamma * -torch.nn.functional.logsigmoid(z)).sum()


for gamma in (0.0, 0.5, 2.0):
    for size in (5.0, 88.0, 89.0, 100.0):
        line = []
        for name in ("focal_loss", "written_out"):
            z = torch.tensor([[-size, size]], requires_grad=True)
            loss = Loss("focal_loss", fl_gamma=gamma)(z, torch.tensor([0])) if name == "focal_loss" else written_out(z, gamma)
            (slopes,) = torch.autograd.grad(loss, z)
            line.append(f"{name} {loss.item():.2f} slopes {[round(s, 2) for s in slopes[0].tolist()]}")
        print(f"gamma {gamma:g}, logits {-size:g} and {size:g}: {'; '.join(line)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
