#!/bin/sh
# tinynn 0.1.1: GELU is nearly a straight line through 0 of slope a half: at -3 it is -1.13, where GELU is -0.004. The paper
# takes x times the sigmoid of 1.702 x for it; here the number is 0.1702. It is the slope of the function as it is written,
# so that no gradient check sees it, and layers on top of one another remain nearly linear.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tinynn==0.1.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = -3: GELU -1.125 slope 0.255 differences 0.255, paper's sigmoid -0.018, exact -0.004
x = -1: GELU -0.458 slope 0.415 differences 0.415, paper's sigmoid -0.154, exact -0.159
x = -0.5: GELU -0.239 slope 0.458 differences 0.458, paper's sigmoid -0.150, exact -0.154
x = 0.5: GELU 0.261 slope 0.542 differences 0.542, paper's sigmoid 0.350, exact 0.346
x = 1: GELU 0.542 slope 0.585 differences 0.585, paper's sigmoid 0.846, exact 0.841
x = 3: GELU 1.875 slope 0.745 differences 0.745, paper's sigmoid 2.982, exact 2.996
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import numpy as np
from tinynn.core.layer import GELU

layer, h = GELU(), 1e-6
for x in (-3.0, -1.0, -0.5, 0.5, 1.0, 3.0):
    z = np.array([[x]])
    a = layer.forward(z).item()
    slope = layer.backward(np.ones((1, 1))).item()
    differences = (layer.forward(z + h) - layer.forward(z - h)).item() / (2 * h)
    paper = x / (1 + math.exp(-1.702 * x))
    exact = x * (1 + math.erf(x / math.sqrt(2))) / 2
    print(f"x = {x:g}: GELU {a:.3f} slope {slope:.3f} differences {differences:.3f}, paper's sigmoid {paper:.3f}, exact {exact:.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
