#!/bin/sh
# SciPy 1.17.1: differentiate.derivative of sin(64 pi x) at 0 is 0, with success and an error of 0;
# the truth is 64 pi, 201. All steps that it takes from 0.5 down are whole periods of the wave, the
# differences vanish, and their agreement counts as convergence. At relu's kink it is as sure of 0.5.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
wave True 0.0 error 0.0
first step 0.001: True 201.062
relu at 0 True 0.5 error 0.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from scipy.differentiate import derivative

def wave(x):
    return np.sin(64 * np.pi * x)

found = derivative(wave, 0.0)
print("wave", bool(found.success), round(float(found.df), 6) + 0.0, "error", float(found.error))
found = derivative(wave, 0.0, initial_step=1e-3)
print("first step 0.001:", bool(found.success), round(float(found.df), 3))
found = derivative(lambda x: np.maximum(x, 0), 0.0)
print("relu at 0", bool(found.success), round(float(found.df), 6), "error", float(found.error))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
