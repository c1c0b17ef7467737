#!/bin/sh
# PyTorch 2.13.0: the gradient of ctc_loss by the log-probabilities that it takes is not the derivative of the loss, and
# gradcheck rejects it. backward answers for a softmax that was taken before, as if it were part of the loss: the slopes
# of a time step add up to 0, where they add up to -1. Behind log_softmax the gradient of the inputs is right, so that
# only those notice who change, weight or penalise the log-probabilities on the way. Known since 2021, PyTorch's
# issue 52241, and still open in 2026.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
by log-probabilities: gradient 0.007 -0.129 0.122 differences -0.324 -0.676 0.000
by the inputs of log_softmax: gradient 0.007 -0.129 0.122 differences 0.007 -0.129 0.122
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
z = torch.tensor([[[0.5, 1.0, -0.5]], [[-0.3, 0.2, 0.9]], [[0.4, -0.7, 0.6]]])
lengths = torch.tensor([3]), torch.tensor([1])


def loss(log_probabilities):
    return F.ctc_loss(log_probabilities, torch.tensor([[1]]), *lengths, reduction="sum")


def loss_of_inputs(x):
    return loss(F.log_softmax(x, dim=2))


cases = {"by log-probabilities": (loss, F.log_softmax(z, dim=2)), "by the inputs of log_softmax": (loss_of_inputs, z)}
for name, (f, at) in cases.items():
    at = at.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(f(at), at)
    slopes = []
    for k in range(3):
        h = torch.zeros_like(z)
        h[0, 0, k] = 1e-4
        slopes.append((f(at + h) - f(at - h)).item() / 2e-4)
    print(f"{name}: gradient", *(f"{g:.3f}" for g in gradient[0, 0]), "differences", *(f"{s + 0.0:.3f}" for s in slopes))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
