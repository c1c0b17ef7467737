#!/bin/sh
# tinynn 0.1.1: the slope of ELU is 0 everywhere left of 0, where it is e^x, so that it learns as ReLU does. The slope is
# written as x > 0.0 + (x < 0.0) * e^x, and Python adds before it compares: x is asked to be greater than the slope meant,
# which no x is. Right of 0 it is true, which counts as 1. The function itself is right; LeakyReLU has both right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tinynn==0.1.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
ELU with alpha 1 at -3: slope 0.0000 differences 0.0498
ELU with alpha 1 at -1: slope 0.0000 differences 0.3679
ELU with alpha 1 at -0.1: slope 0.0000 differences 0.9048
ELU with alpha 1 at 0.1: slope 1.0000 differences 1.0000
ELU with alpha 1 at 1: slope 1.0000 differences 1.0000
ELU with alpha 0.5 at -3: slope 0.0000 differences 0.0249
ELU with alpha 0.5 at -1: slope 0.0000 differences 0.1839
ELU with alpha 0.5 at -0.1: slope 0.0000 differences 0.4524
ELU with alpha 0.5 at 0.1: slope 1.0000 differences 1.0000
ELU with alpha 0.5 at 1: slope 1.0000 differences 1.0000
LeakyReLU at -3: slope 0.2000 differences 0.2000
LeakyReLU at -1: slope 0.2000 differences 0.2000
LeakyReLU at -0.1: slope 0.2000 differences 0.2000
LeakyReLU at 0.1: slope 1.0000 differences 1.0000
LeakyReLU at 1: slope 1.0000 differences 1.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from tinynn.core.layer import ELU, LeakyReLU

h = 1e-6
for layer in (ELU(), ELU(alpha=0.5), LeakyReLU(slope=0.2)):
    name = type(layer).__name__ + (f" with alpha {layer._alpha:g}" if isinstance(layer, ELU) else "")
    for x in (-3.0, -1.0, -0.1, 0.1, 1.0):
        z = np.array([[x]])
        layer.forward(z)
        slope = layer.backward(np.ones((1, 1))).item()
        differences = (layer.forward(z + h) - layer.forward(z - h)).item() / (2 * h)
        print(f"{name} at {x:g}: slope {slope:.4f} differences {differences:.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
