#!/bin/sh
# Pyro 1.9.2 on PyTorch 2.13.0: the gradient of SoftAsymmetricLaplace.log_prob at an outlier is nan, by the location, the scale
# and the observation. The distribution has the tails of Laplace's, straight lines in the logarithm, which are there for
# outliers; at 50 scales the value is -50.19, which is right, and the slope, which is 1, nan, in double precision too.
# AsymmetricLaplace and SoftLaplace, its relatives, are right at 1000. One such observation makes nan of all weights.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pyro-ppl==1.9.2 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
5: SoftAsymmetricLaplace -5.19 slopes 1.00 4.00 -1.00; AsymmetricLaplace -5.69 slopes 1.00 4.00 -1.00; SoftLaplace -5.45 slopes 1.00 4.00 -1.00
30: SoftAsymmetricLaplace -30.19 slopes 1.00 29.00 -1.00; AsymmetricLaplace -30.69 slopes 1.00 29.00 -1.00; SoftLaplace -30.45 slopes 1.00 29.00 -1.00
50: SoftAsymmetricLaplace -50.19 slopes nan nan nan; AsymmetricLaplace -50.69 slopes 1.00 49.00 -1.00; SoftLaplace -50.45 slopes 1.00 49.00 -1.00
1000: SoftAsymmetricLaplace -1000.19 slopes nan nan nan; AsymmetricLaplace -1000.69 slopes 1.00 999.00 -1.00; SoftLaplace -1000.45 slopes 1.00 999.00 -1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import pyro.distributions as dist
import torch

one = torch.tensor(1.0, dtype=torch.float64)
for x in (5.0, 30.0, 50.0, 1000.0):
    line = []
    for f in (lambda m, s: dist.SoftAsymmetricLaplace(m, s, one, one), lambda m, s: dist.AsymmetricLaplace(m, s, one), dist.SoftLaplace):
        m, s, at = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.0, 1.0, x))
        d = f(m, s)
        value = d.log_prob(at)
        slopes = torch.autograd.grad(value, (m, s, at))
        line.append(f"{type(d).__name__} {value:.2f} slopes {' '.join(f'{g:.2f}' for g in slopes)}")
    print(f"{x:g}: {'; '.join(line)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
