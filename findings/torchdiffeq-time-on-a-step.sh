#!/bin/sh
# torchdiffeq 0.2.5: the gradient by the time at which a solution is read is 0, without a word, where that time falls
# on a step of a fixed-step solver. y' = -y has the slope -0.607 at t = 0.5, which odeint_adjoint answers; odeint
# answers 0, and at t = 0.501 -0.604. At a step its interpolation hands the value back as it is, without the time.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 torchdiffeq==0.2.5 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
odeint, t = 0.5: y = 0.607 slope 0.000
odeint, t = 0.501: y = 0.606 slope -0.604
odeint_adjoint, t = 0.5: y = 0.607 slope -0.607
odeint_adjoint, t = 0.501: y = 0.606 slope -0.606
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torchdiffeq import odeint, odeint_adjoint

torch.set_default_dtype(torch.float64)


class Decay(torch.nn.Module):
    def forward(self, t, y):
        return -y


for way in (odeint, odeint_adjoint):
    for time in (0.5, 0.501):
        t = torch.tensor([0.0, time, 1.0], requires_grad=True)
        y = way(Decay(), torch.tensor([1.0]), t, method="rk4", options={"step_size": 0.01})[1, 0]
        (slope,) = torch.autograd.grad(y, t)
        print(f"{way.__name__}, t = {time:g}: y = {y.item():.3f} slope {slope[1].item():.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
