#!/bin/sh
# auraloss 0.4.0 on PyTorch 2.14.1: a network whose output is quiet learns nothing from STFTLoss or MultiResolutionSTFTLoss. With
# samples of a millionth the gradient is exactly 0, and the loss stays the same whether they are silenced or made ten times as
# loud or not; with samples of 0.00001 it is the steepest of all. Each power of the spectrum below 1e-8 is replaced by 1e-8
# before its root and its logarithm are taken. A last layer that starts near 0, as they often do, never gets off. SNRLoss of the
# same samples has a gradient.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check auraloss==0.4.0 torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
STFTLoss: 1: 1.39 slopes 100%; 1e-05: 12.36 slopes 100%; 1e-06: 12.87 slopes 0%; 1e-07: 12.87 slopes 0%
MultiResolutionSTFTLoss: 1: 1.37 slopes 100%; 1e-05: 12.25 slopes 100%; 1e-06: 12.58 slopes 0%; 1e-07: 12.58 slopes 0%
SNRLoss: 1: 3.08 slopes 100%; 1e-05: 0.00 slopes 100%; 1e-06: 0.00 slopes 100%; 1e-07: 0.00 slopes 100%
volume after 100 steps of Adam towards 1: 1e-07
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from auraloss.freq import MultiResolutionSTFTLoss, STFTLoss
from auraloss.time import SNRLoss

generator = torch.Generator().manual_seed(0)
target, sound = torch.randn(2, 1, 1, 8192, generator=generator, dtype=torch.float64)
for loss in (STFTLoss(), MultiResolutionSTFTLoss(), SNRLoss()):
    line = []
    for size in (1.0, 1e-5, 1e-6, 1e-7):
        x = (size * sound).requires_grad_()
        value = loss(x, target)
        (gradient,) = torch.autograd.grad(value, x)
        line.append(f"{size:g}: {round(value.item(), 2) + 0:.2f} slopes {(gradient != 0).double().mean().item():.0%}")
    print(f"{type(loss).__name__}: {'; '.join(line)}")
volume = torch.nn.Parameter(torch.tensor(1e-7, dtype=torch.float64))
optimizer = torch.optim.Adam([volume], lr=0.01)
for _ in range(100):
    optimizer.zero_grad()
    STFTLoss()(volume * target, target).backward()
    optimizer.step()
print(f"volume after 100 steps of Adam towards 1: {volume.item():g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
