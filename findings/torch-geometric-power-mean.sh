#!/bin/sh
# PyTorch Geometric 2.8.1: the power mean of equal numbers is that number, for any power; PowerMeanAggregation answers 2.51
# for the fifth power of (3, 3), and 10 for the squares of (11, 11), with a gradient of 0. The powers, and their mean, are
# cut off at 100 before the root is taken, so that what is documented as a bound on the numbers, up to 100, bounds a mean
# of squares at 10. For the power 1, the default, nothing is cut off.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch-geometric==2.8.1 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
p = 1: mean of (2, 2) 2.00 slopes 0.50 0.50
p = 1: mean of (3, 3) 3.00 slopes 0.50 0.50
p = 1: mean of (11, 11) 11.00 slopes 0.50 0.50
p = 2: mean of (2, 2) 2.00 slopes 0.50 0.50
p = 2: mean of (3, 3) 3.00 slopes 0.50 0.50
p = 2: mean of (11, 11) 10.00 slopes 0.00 0.00
p = 3: mean of (2, 2) 2.00 slopes 0.50 0.50
p = 3: mean of (3, 3) 3.00 slopes 0.50 0.50
p = 3: mean of (11, 11) 4.64 slopes 0.00 0.00
p = 5: mean of (2, 2) 2.00 slopes 0.50 0.50
p = 5: mean of (3, 3) 2.51 slopes 0.00 0.00
p = 5: mean of (11, 11) 2.51 slopes 0.00 0.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch_geometric.nn import PowerMeanAggregation

node = torch.zeros(2, dtype=torch.long)
for p in (1.0, 2.0, 3.0, 5.0):
    for number in (2.0, 3.0, 11.0):
        x = torch.full((2, 1), number, requires_grad=True)
        mean = PowerMeanAggregation(p=p)(x, node).sum()
        mean.backward()
        print(f"p = {p:.0f}: mean of ({number:.0f}, {number:.0f}) {mean:.2f} slopes {x.grad[0, 0]:.2f} {x.grad[1, 0]:.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
