#!/bin/sh
# Keras 3.15.1 on PyTorch 2.13.0 and on JAX 0.10.2: average_pool with padding "same" averages the numbers that a window covers,
# on JAX and wherever both sides get equal padding; on PyTorch, where one side gets more, the border is repeated and counted
# too. Of (1, 2, 3, 6), three at a time in steps of two, the last output is (3 + 6) / 2 = 4.5 on JAX, and (3 + 6 + 6) / 3 = 5 on
# PyTorch, with the slopes 1/3 and 2/3 where 1/2 and 1/2 belong. The layer AveragePooling1D calls it.
# Known and mended after this version, in Keras's pull request 23233.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check keras==3.15.1 torch==2.13.0 jax==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
jax 3 at a time, steps of 2: 2.00 4.50 slopes of the last 0.00 0.00 0.50 0.50
jax 4 at a time, steps of 1: 2.00 3.00 3.67 4.50 slopes of the last 0.00 0.00 0.50 0.50
jax 3 at a time, steps of 1: 1.50 2.00 3.67 4.50 slopes of the last 0.00 0.00 0.50 0.50
torch 3 at a time, steps of 2: 2.00 5.00 slopes of the last 0.00 0.00 0.33 0.67
torch 4 at a time, steps of 1: 1.75 3.00 4.25 5.25 slopes of the last 0.00 0.00 0.25 0.75
torch 3 at a time, steps of 1: 1.50 2.00 3.67 4.50 slopes of the last 0.00 0.00 0.50 0.50
SEEN
cat >"$folder/ask.py" <<'ASK'
import os
import subprocess
import sys

ASK = """
import keras
import numpy as np
from keras import layers

x = np.array([1, 2, 3, 6], "float32").reshape(1, 4, 1)
for size, step in ((3, 2), (4, 1), (3, 1)):
    pool = layers.AveragePooling1D(size, step, padding="same")
    of = lambda x: keras.ops.convert_to_numpy(pool(x)).ravel()
    slopes = [of(x + unit.reshape(1, 4, 1))[-1] - of(x)[-1] for unit in np.eye(4, dtype="float32")]
    print(keras.backend.backend(), f"{size} at a time, steps of {step}:", *(f"{v:.2f}" for v in of(x)), end=" ")
    print("slopes of the last", *(f"{v:.2f}" for v in slopes))
"""
for backend in ("jax", "torch"):
    subprocess.run([sys.executable, "-W", "ignore", "-c", ASK], env=os.environ | {"KERAS_BACKEND": backend}, check=True)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
