#!/bin/sh
# POT 0.9.7.post1 on PyTorch 2.13.0: ot.solve with grad="envelope", which is there to save memory, answers
# another gradient than grad="autodiff" for the same value. Weight that moves from the second point to the
# first changes the value by -0.488, by differences and by autodiff, and by -0.912 says envelope. The default
# regulariser KL is relative to a b', and that a is not differentiated; with reg_type="entropy" both are
# right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 POT==0.9.7.post1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
KL autodiff: -0.4882 by differences -0.4882
KL envelope: -0.9119 by differences -0.4882
entropy autodiff: -0.9119 by differences -0.9119
entropy envelope: -0.9119 by differences -0.9119
SEEN
cat >"$folder/ask.py" <<'ASK'
import ot
import torch

torch.set_default_dtype(torch.float64)
M = torch.tensor([[0.0, 1.0], [1.0, 0.5]])


def value(t, kind, grad):
    a = torch.stack([0.3 + t, 0.7 - t])
    return ot.solve(M, a, torch.tensor([0.5, 0.5]), reg=0.5, reg_type=kind, grad=grad, tol=1e-12).value


t, h = torch.tensor(0.0, requires_grad=True), 1e-5
for kind in ("KL", "entropy"):
    for grad in ("autodiff", "envelope"):
        (slope,) = torch.autograd.grad(value(t, kind, grad), t)
        up, down = value(t + h, kind, "detach"), value(t - h, kind, "detach")
        print(f"{kind} {grad}: {slope.item():.4f} by differences {((up - down) / (2 * h)).item():.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
