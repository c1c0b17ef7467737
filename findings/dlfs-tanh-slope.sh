#!/bin/sh
# dlfs 0.2.3: the slope of tanh at z comes as 1 - z^2, where it is 1 - tanh(z)^2. The layers hand z to it, as to the slopes of
# sigmoid and ReLU, which do apply the function first. Beyond 1 it is negative, though tanh rises everywhere, so that training
# goes uphill there, and at 10 it is -99, where tanh is flat.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps dlfs==0.2.3 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
tanh at -2: slope -3.0000 differences 0.0707
tanh at -0.5: slope 0.7500 differences 0.7864
tanh at 0.5: slope 0.7500 differences 0.7864
tanh at 1: slope 0.0000 differences 0.4200
tanh at 10: slope -99.0000 differences 0.0000
sigmoid at -2: slope 0.1050 differences 0.1050
sigmoid at -0.5: slope 0.2350 differences 0.2350
sigmoid at 0.5: slope 0.2350 differences 0.2350
sigmoid at 1: slope 0.1966 differences 0.1966
sigmoid at 10: slope 0.0000 differences 0.0000
relu at -2: slope 0.0000 differences 0.0000
relu at -0.5: slope 0.0000 differences 0.0000
relu at 0.5: slope 1.0000 differences 1.0000
relu at 1: slope 1.0000 differences 1.0000
relu at 10: slope 1.0000 differences 1.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from dlfs.activation_functions import ReLU, Sigmoid, Tanh

h = 1e-6
for f in (Tanh(), Sigmoid(), ReLU()):
    for z in (-2.0, -0.5, 0.5, 1.0, 10.0):
        slope, differences = f.gradient(np.array([[z]])).item(), (f(np.array([[z + h]])) - f(np.array([[z - h]]))).item() / (2 * h)
        print(f"{f.name} at {z:g}: slope {slope:.4f} differences {differences:.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
