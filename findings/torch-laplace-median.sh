#!/bin/sh
# PyTorch 2.13.0: the slope of the Laplace distribution's cdf at its median is 0. The slope of a cdf
# is the density, one half there, and the cdf is smooth. The formula goes over the sign of the
# distance, whose slope 0 wins. icdf(0.5) has slope 0 instead of 2. NumPyro 0.22.0 answers the same
# two zeros; jax.scipy.stats.laplace answers the density.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
at -0.001: cdf 0.4995 density 0.4995
at 0.0: cdf 0.0 density 0.5
at 0.001: cdf 0.4995 density 0.4995
icdf at 0.499: 2.004
icdf at 0.5: 0.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

laplace = torch.distributions.Laplace(*torch.tensor([0.0, 1.0], dtype=torch.float64))


def slope(f, at):
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    return round(torch.autograd.grad(f(x), x)[0].item(), 4)


for at in (-0.001, 0.0, 0.001):
    density = laplace.log_prob(torch.tensor(at, dtype=torch.float64)).exp().item()
    print(f"at {at}: cdf {slope(laplace.cdf, at)} density {round(density, 4)}")
for at in (0.499, 0.5):
    print(f"icdf at {at}: {slope(laplace.icdf, at)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
