#!/bin/sh
# Pyro 1.9.2 on PyTorch 2.13.0: VonMises3D has a log density of minus infinity everywhere as soon as its concentration is more
# than 89 in single precision, 710 in double, and a gradient of nan. That of 100, a spread of six degrees, has 2.77 in its
# middle. The sinh of the concentration overflows; the logarithm of it, less the concentration, does not, as the formula written
# out shows. No error is raised.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pyro-ppl==1.9.2 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
float32, concentration 10, middle: pyro_s 0.46 slopes 0.100 0.000; written_out 0.46 slopes 0.100 0.000
float32, concentration 10, beside: pyro_s 0.06 slopes 0.060 0.280; written_out 0.06 slopes 0.060 0.280
float32, concentration 89, middle: pyro_s 2.65 slopes 0.011 0.000; written_out 2.65 slopes 0.011 0.000
float32, concentration 89, beside: pyro_s -0.91 slopes -0.029 0.280; written_out -0.91 slopes -0.029 0.280
float32, concentration 90, middle: pyro_s -inf slopes nan nan; written_out 2.66 slopes 0.011 0.000
float32, concentration 90, beside: pyro_s -inf slopes nan nan; written_out -0.94 slopes -0.029 0.280
float32, concentration 100, middle: pyro_s -inf slopes nan nan; written_out 2.77 slopes 0.010 0.000
float32, concentration 100, beside: pyro_s -inf slopes nan nan; written_out -1.23 slopes -0.030 0.280
float64, concentration 100, middle: pyro_s 2.77 slopes 0.010 0.000; written_out 2.77 slopes 0.010 0.000
float64, concentration 100, beside: pyro_s -1.23 slopes -0.030 0.280; written_out -1.23 slopes -0.030 0.280
float64, concentration 700, middle: pyro_s 4.71 slopes 0.001 0.000; written_out 4.71 slopes 0.001 0.000
float64, concentration 700, beside: pyro_s -23.29 slopes -0.039 0.280; written_out -23.29 slopes -0.039 0.280
float64, concentration 720, middle: pyro_s -inf slopes nan nan; written_out 4.74 slopes 0.001 0.000
float64, concentration 720, beside: pyro_s -inf slopes nan nan; written_out -24.06 slopes -0.039 0.280
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import torch
from pyro.distributions import VonMises3D


def pyro_s(c, x):
    return VonMises3D(c).log_prob(x)


def written_out(c, x):
    k = c.norm()
    return (c * x).sum() - k - torch.log1p(-torch.exp(-2 * k)) + torch.log(k / (2 * math.pi))


for dtype, sizes in ((torch.float32, (10.0, 89.0, 90.0, 100.0)), (torch.float64, (100.0, 700.0, 720.0))):
    for size in sizes:
        for name, x in (("middle", [1.0, 0.0, 0.0]), ("beside", [0.96, 0.28, 0.0])):
            line = []
            for f in (pyro_s, written_out):
                c = torch.tensor([size, 0.0, 0.0], dtype=dtype, requires_grad=True)
                value = f(c, torch.tensor(x, dtype=dtype))
                (slope,) = torch.autograd.grad(value, c)
                line.append(f"{f.__name__} {value:.2f} slopes {slope[0] + 0:.3f} {slope[1] + 0:.3f}")
            print(f"{str(dtype)[6:]}, concentration {size:g}, {name}: {'; '.join(line)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
