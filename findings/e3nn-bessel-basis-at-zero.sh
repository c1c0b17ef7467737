#!/bin/sh
# e3nn 0.6.0 on PyTorch 2.13.0: the Bessel basis of soft_one_hot_linspace is nan at distance 0, and so is its gradient. Up to a
# factor the functions are sin(k pi x / c) / x, which are k pi / c at 0 and smooth: a millionth beside they are right, with
# slopes near 0. A node that is linked to itself, or two atoms in one place, make nan of all. The bases gaussian, cosine,
# fourier and smooth_finite have a value there; with cutoff=True it is nan too. torch.sinc, which knows the limit, gives the
# same basis.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check e3nn==0.6.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
bessel, cutoff=False at 0: [nan, nan, nan], slope of the sum nan
bessel, cutoff=False at 1e-06: [4.44, 8.89, 13.33], slope of the sum 0.00
bessel, cutoff=False at 0.25: [4.0, 5.66, 4.0], slope of the sum -79.76
bessel, cutoff=True at 0: [nan, nan, nan], slope of the sum nan
bessel, cutoff=True at 1e-06: [4.44, 8.89, 13.33], slope of the sum 0.00
bessel, cutoff=True at 0.25: [4.0, 5.66, 4.0], slope of the sum -79.76
gaussian at 0: [0.89, 0.33, 0.02], slope of the sum 1.44
gaussian at 1e-06: [0.89, 0.33, 0.02], slope of the sum 1.44
gaussian at 0.25: [0.7, 0.7, 0.09], slope of the sum 0.56
bessel by sinc at 0: [4.44, 8.89, 13.33], slope of the sum 0.00
bessel by sinc at 1e-06: [4.44, 8.89, 13.33], slope of the sum 0.00
bessel by sinc at 0.25: [4.0, 5.66, 4.0], slope of the sum -79.76
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import torch
from e3nn.math import soft_one_hot_linspace


def written_out(x):
    k = torch.arange(1, 4)
    return math.sqrt(2) * k * math.pi * torch.sinc(k * x[:, None])


ways = {f"bessel, cutoff={cutoff}": lambda x, c=cutoff: soft_one_hot_linspace(x, 0.0, 1.0, 3, "bessel", c) for cutoff in (False, True)}
ways["gaussian"] = lambda x: soft_one_hot_linspace(x, 0.0, 1.0, 3, "gaussian", False)
ways["bessel by sinc"] = written_out
for name, f in ways.items():
    for distance in (0.0, 1e-6, 0.25):
        x = torch.tensor([distance], dtype=torch.float64, requires_grad=True)
        values = f(x)
        (slope,) = torch.autograd.grad(values.sum(), x)
        print(f"{name} at {distance:g}: {[round(v, 2) for v in values[0].tolist()]}, slope of the sum {round(slope.item(), 2) + 0:.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
