#!/bin/sh
# BackPACK 1.7.1 on PyTorch 2.13.0: of a convolution with padding_mode "circular", "reflect" or "replicate" the gradients of
# single examples and the diagonal of the Hessian are those of a convolution that pads with zeros, without a word. Added up
# the gradients are not that of the batch, which PyTorch has. Of the weights (1, 2, 0), for the loss and the input below, the
# second derivatives are 42 each in circular mode, the sums of squares of what each weight meets.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check backpack-for-pytorch==1.7.1 torch==2.13.0 torchvision==0.28.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
zeros gradient [50.0, 104.0, 48.0] PyTorch [50.0, 104.0, 48.0]
zeros Hessian [10.0, 42.0, 40.0] PyTorch [10.0, 42.0, 40.0]
circular gradient [50.0, 112.0, 64.0] PyTorch [98.0, 112.0, 84.0]
circular Hessian [10.0, 42.0, 40.0] PyTorch [42.0, 42.0, 42.0]
reflect gradient [50.0, 108.0, 56.0] PyTorch [66.0, 108.0, 96.0]
reflect Hessian [10.0, 42.0, 40.0] PyTorch [18.0, 42.0, 48.0]
replicate gradient [50.0, 106.0, 52.0] PyTorch [56.0, 106.0, 132.0]
replicate Hessian [10.0, 42.0, 40.0] PyTorch [12.0, 42.0, 72.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from backpack import backpack, extend
from backpack.extensions import BatchGrad, DiagHessian
from torch.nn import functional

x = torch.tensor([[[1.0, 2.0, 4.0]]])
w = torch.tensor([[[1.0, 2.0, 0.0]]])
y = torch.zeros(1, 3)


def loss(w):
    return functional.conv1d(functional.pad(x, (1, 1), mode=mode if mode != "zeros" else "constant"), w).square().sum()


for mode in ("zeros", "circular", "reflect", "replicate"):
    layer = torch.nn.Conv1d(1, 1, 3, padding=1, padding_mode=mode, bias=False)
    layer.weight.data = w.clone()
    network = extend(torch.nn.Sequential(layer, torch.nn.Flatten()))
    hessian = torch.autograd.functional.hessian(loss, w).reshape(3, 3)
    with backpack(BatchGrad(), DiagHessian()):
        extend(torch.nn.MSELoss(reduction="sum"))(network(x), y).backward()
    print(mode, "gradient", layer.weight.grad_batch.flatten().tolist(), "PyTorch", layer.weight.grad.flatten().tolist())
    print(mode, "Hessian", [round(v, 1) for v in layer.weight.diag_h.flatten().tolist()], "PyTorch", hessian.diag().tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
