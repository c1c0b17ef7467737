#!/bin/sh
# GeomLoss 0.3.1: the gradient of the value of geomloss.ot.solve_sample is twice the derivative of that value,
# with the Sinkhorn divergence and without. SamplesLoss, the older way, has half the value, since its cost is
# half the squared distance, and the right gradient of it. POT's solve_sample with method="geomloss" hands the
# doubled one on.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 geomloss==0.3.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
solve_sample, debias=False: -2.666 by differences -1.333
solve_sample, debias=True: -2.666 by differences -1.333
samples_loss, debias=False: -0.667 by differences -0.667
samples_loss, debias=True: -0.667 by differences -0.667
SEEN
cat >"$folder/ask.py" <<'ASK'
import geomloss.ot
import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]])
y = torch.tensor([[2.0, 1.0], [3.0, 0.0], [0.0, 3.0]])


def solve_sample(t, debias):
    return geomloss.ot.solve_sample(x + t, y, reg=1.0, debias=debias, max_iter=1000).value


def samples_loss(t, debias):
    return geomloss.SamplesLoss("sinkhorn", blur=0.5**0.5, scaling=0.99, debias=debias)(x + t, y)


h = 1e-3
for value in (solve_sample, samples_loss):
    for debias in (False, True):
        t = torch.tensor(0.0, requires_grad=True)
        (slope,) = torch.autograd.grad(value(t, debias), t)
        difference = (value(t + h, debias) - value(t - h, debias)) / (2 * h)
        print(f"{value.__name__}, debias={debias}: {slope.item():.3f} by differences {difference.item():.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
