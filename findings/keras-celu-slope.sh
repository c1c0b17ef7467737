#!/bin/sh
# Keras 3.15.1 on TensorFlow 2.21.0: the slope of ops.celu with alpha 2 at 0 is 2. CELU was made
# to be smooth there for every alpha: its slope is 1 from both sides, and 1 a little to the left
# and right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
-0.001 1.0
0.0 2.0
0.001 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import tensorflow as tf
from keras import ops
for at in (-1e-3, 0.0, 1e-3):
    x = tf.constant(at)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = ops.celu(x, 2.0)
    print(at, round(float(tape.gradient(y, x)), 2))
ASK
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
