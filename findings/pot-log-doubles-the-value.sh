#!/bin/sh
# POT 0.9.7.post1 on PyTorch 2.13.0: empirical_sinkhorn2_geomloss answers twice the value if it is asked for
# its log. GeomLoss halves the squared distance; the factor of 2 that makes up for it is applied in the branch
# with the log alone. The value without log is a half of what ot.solve_sample answers for the same problem,
# and so is its gradient.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 POT==0.9.7.post1 geomloss==0.3.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
log=False: 1.80
log=True: 3.60
ot.solve_sample: 3.60
SEEN
cat >"$folder/ask.py" <<'ASK'
import ot
import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]])
y = torch.tensor([[2.0, 1.0], [3.0, 0.0], [0.0, 3.0]])
weights = torch.full((3,), 1 / 3)
both = ot.bregman.empirical_sinkhorn2_geomloss
print(f"log=False: {both(x, y, 1.0, weights, weights).item():.2f}")
print(f"log=True: {both(x, y, 1.0, weights, weights, log=True)[0].item():.2f}")
print(f"ot.solve_sample: {ot.solve_sample(x, y, reg=1.0).value.item():.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
