#!/bin/sh
# timm 1.0.31 on PyTorch 2.14.1: the gradient of AsymmetricLossMultiLabel is 0 where the model is most wrong. It is written with
# a focus that is there for hard examples; of a label that is there with the logit -18 the loss is 18 and the slope -1, at -19
# the loss is 18.42 and the slope 0, in double precision too. The probability is taken first, kept above 1e-8, and its
# logarithm then, so that the label is never learnt. AsymmetricLossSingleLabel and PyTorch's binary cross entropy have -1 there.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check timm==1.0.31 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
float32 -1: multi 0.96 slope -0.79; single 0.96 slope -0.79; plain 1.31 slope -0.73
float32 -18: multi 18.00 slope -1.00; single 18.00 slope -1.00; plain 18.00 slope -1.00
float32 -19: multi 18.42 slope 0.00; single 19.00 slope -1.00; plain 19.00 slope -1.00
float32 -50: multi 18.42 slope 0.00; single 50.00 slope -1.00; plain 50.00 slope -1.00
float64 -1: multi 0.96 slope -0.79; single 0.96 slope -0.79; plain 1.31 slope -0.73
float64 -18: multi 18.00 slope -1.00; single 18.00 slope -1.00; plain 18.00 slope -1.00
float64 -19: multi 18.42 slope 0.00; single 19.00 slope -1.00; plain 19.00 slope -1.00
float64 -50: multi 18.42 slope 0.00; single 50.00 slope -1.00; plain 50.00 slope -1.00
-19 after 1000 steps of length 1: -19
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from timm.loss import AsymmetricLossMultiLabel, AsymmetricLossSingleLabel


def multi(z):
    return AsymmetricLossMultiLabel()(z, torch.ones_like(z))


def single(z):
    return AsymmetricLossSingleLabel(eps=0.0)(torch.cat([z, torch.zeros_like(z)], 1), torch.tensor([0]))


def plain(z):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, torch.ones_like(z))


for dtype in (torch.float32, torch.float64):
    for logit in (-1.0, -18.0, -19.0, -50.0):
        line = []
        for f in (multi, single, plain):
            z = torch.tensor([[logit]], dtype=dtype, requires_grad=True)
            loss = f(z)
            (slope,) = torch.autograd.grad(loss, z)
            line.append(f"{f.__name__} {loss:.2f} slope {round(slope.item(), 2) + 0:.2f}")
        print(f"{str(dtype)[6:]} {logit:g}: {'; '.join(line)}")
weight = torch.nn.Parameter(torch.tensor([[-19.0]]))
optimizer = torch.optim.SGD([weight], lr=1.0)
for _ in range(1000):
    optimizer.zero_grad()
    multi(weight).backward()
    optimizer.step()
print(f"-19 after 1000 steps of length 1: {weight.item():g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
