#!/bin/sh
# Keras 3.15.1 on PyTorch 2.13.0 and on JAX 0.10.2: with mode "symmetric", ops.pad mirrors on JAX, as it says, and repeats the
# border on PyTorch: (1, 2, 3) padded by two is (2, 1, 1, 2, 3, 3, 2) and (1, 1, 1, 2, 3, 3, 3). The gradients differ with it.
# A padding of one is the same in both. image.resize by bicubic differs too, in the kernel's constant, -0.5 and -0.75.
# The padding is known, in Keras's pull request 23230.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check keras==3.15.1 torch==2.13.0 jax==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
jax, padded by 1: 1.00 1.00 2.00 3.00 3.00
jax, padded by 2: 2.00 1.00 1.00 2.00 3.00 3.00 2.00
jax, bicubic: 0.00 -0.02 -0.07 0.20 0.80 1.07 1.02 1.00
torch, padded by 1: 1.00 1.00 2.00 3.00 3.00
torch, padded by 2: 1.00 1.00 1.00 2.00 3.00 3.00 3.00
torch, bicubic: 0.00 -0.04 -0.11 0.23 0.77 1.11 1.04 1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import os
import subprocess
import sys

ASK = """
import keras
import numpy as np
from keras import ops

def show(x):
    return " ".join(f"{v:.2f}" for v in np.ravel(ops.convert_to_numpy(x)))

x = ops.convert_to_tensor(np.array([1.0, 2.0, 3.0], "float32"))
for n in (1, 2):
    print(f"{keras.backend.backend()}, padded by {n}:", show(ops.pad(x, [[n, n]], mode="symmetric")))
image = ops.reshape(ops.convert_to_tensor(np.array([0.0, 0.0, 1.0, 1.0], "float32")), (1, 4, 1, 1))
larger = ops.image.resize(image, (8, 1), interpolation="bicubic", data_format="channels_last")
print(f"{keras.backend.backend()}, bicubic:", show(larger))
"""
for backend in ("jax", "torch"):
    subprocess.run([sys.executable, "-W", "ignore", "-c", ASK], env=os.environ | {"KERAS_BACKEND": backend}, check=True)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
