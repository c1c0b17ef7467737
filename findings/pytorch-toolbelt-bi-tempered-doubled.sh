#!/bin/sh
# pytorch-toolbelt 0.8.0: BinaryBiTemperedLogisticLoss with both temperatures 1 is the binary cross-entropy of twice the logit. The
# second class is given the logit with its sign flipped instead of 0, so that their distance is doubled; the signature is said to
# be that of BCEWithLogitsLoss, and at 1 a bi-tempered loss is the cross-entropy. For a logit of 3 on the right side the loss
# is a twentieth and the gradient a tenth of what they are to be. BiTemperedLogisticLoss of the logit beside a 0 is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytorch-toolbelt==0.8.0 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
logit -2: binary 4.0181, slope -1.9640
logit -2: two classes, 0 beside 2.1269, slope -0.8808
logit -2: cross-entropy 2.1269, slope -0.8808
logit -2: cross-entropy of twice the logit 4.0181, slope -1.9640
logit 0: binary 0.6931, slope -1.0000
logit 0: two classes, 0 beside 0.6931, slope -0.5000
logit 0: cross-entropy 0.6931, slope -0.5000
logit 0: cross-entropy of twice the logit 0.6931, slope -1.0000
logit 3: binary 0.0025, slope -0.0049
logit 3: two classes, 0 beside 0.0486, slope -0.0474
logit 3: cross-entropy 0.0486, slope -0.0474
logit 3: cross-entropy of twice the logit 0.0025, slope -0.0049
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pytorch_toolbelt.losses import BinaryBiTemperedLogisticLoss, BiTemperedLogisticLoss
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

one = torch.ones(1, 1)
ways = {
    "binary": lambda z: BinaryBiTemperedLogisticLoss(t1=1.0, t2=1.0)(z, one),
    "two classes, 0 beside": lambda z: BiTemperedLogisticLoss(t1=1.0, t2=1.0)(torch.cat([0 * z, z], 1), torch.tensor([1])),
    "cross-entropy": lambda z: cross_entropy(z, one),
    "cross-entropy of twice the logit": lambda z: cross_entropy(2 * z, one),
}
for logit in (-2.0, 0.0, 3.0):
    for name, f in ways.items():
        z = torch.tensor([[logit]], requires_grad=True)
        loss = f(z)
        loss.backward()
        print(f"logit {logit:g}: {name} {loss.item():.4f}, slope {z.grad.item():.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
