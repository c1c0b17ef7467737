#!/bin/sh
# TensorFlow 2.21.0: a custom_gradient that sends back one number for ten is accepted, by the tape
# and by tf.test.compute_gradient, and no word is said. The variable's shape is (10,), its
# gradient's (1,).
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x (10,) gradient (1,)
largest difference in compute_gradient: 0.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import tensorflow as tf

@tf.custom_gradient
def mean(x):
    return tf.reduce_mean(x), lambda sent: tf.reshape(sent, (1,)) / 10

x = tf.constant(np.arange(10.0))
with tf.GradientTape() as tape:
    tape.watch(x)
    y = mean(x)
print("x", x.shape, "gradient", tape.gradient(y, x).shape)
theirs, numeric = tf.test.compute_gradient(mean, [x])
print("largest difference in compute_gradient:", round(float(abs(theirs[0] - numeric[0]).max()), 6))
ASK
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
