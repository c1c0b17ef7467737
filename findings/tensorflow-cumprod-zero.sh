#!/bin/sh
# TensorFlow 2.21.0: the gradient of math.cumprod is 0 behind a zero, even that of the first
# number, which is the number itself: d x0 / d x0 comes as 0 at x = (0, 2, 3). No nan tells.
# reduce_prod of the same numbers has the right gradient, (6, 0, 0).
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
cumprod[0] [0.0, 0.0, 0.0]
cumprod[2] [0.0, 0.0, 0.0]
reduce_prod [6.0, 0.0, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import tensorflow as tf
x = tf.constant([0.0, 2.0, 3.0])
ask = {
    "cumprod[0]": lambda x: tf.math.cumprod(x)[0],
    "cumprod[2]": lambda x: tf.math.cumprod(x)[2],
    "reduce_prod": tf.reduce_prod,
}
for name, f in ask.items():
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    print(name, (tape.gradient(y, x).numpy() + 0.0).tolist())
ASK
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
