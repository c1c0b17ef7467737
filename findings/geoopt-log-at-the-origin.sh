#!/bin/sh
# Geoopt 0.5.1: the logarithm map of the Poincare ball at the origin has the slope 1. By autograd it is 1.055 in double
# and 0 in single precision, where a point at the origin is not moved; expmap0, its inverse, answers 1 in both. In
# single precision the map of 1e-8 is 0 as well. Its artanh is ln(1 + x) - ln(1 - x), of an x that is kept above 1e-15.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 geoopt==0.5.1 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
float64, x = 0: expmap0 0 slope 1.000
float64, x = 0: logmap0 0 slope 1.055
float64, x = 1e-08: expmap0 1e-08 slope 1.000
float64, x = 1e-08: logmap0 1e-08 slope 1.000
float32, x = 0: expmap0 0 slope 1.000
float32, x = 0: logmap0 0 slope 0.000
float32, x = 1e-08: expmap0 1e-08 slope 1.000
float32, x = 1e-08: logmap0 0 slope 1.000
SEEN
cat >"$folder/ask.py" <<'ASK'
import geoopt
import torch

ball = geoopt.PoincareBall()
for kind in (torch.float64, torch.float32):
    for x in (0.0, 1e-8):
        at = torch.tensor([x, 0.0], dtype=kind, requires_grad=True)
        for name in ("expmap0", "logmap0"):
            value = getattr(ball, name)(at)[0]
            (slope,) = torch.autograd.grad(value, at)
            print(f"{str(kind)[6:]}, x = {x:g}: {name} {value.item():.3g} slope {slope[0].item():.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
