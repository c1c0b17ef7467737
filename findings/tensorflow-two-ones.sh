#!/bin/sh
# TensorFlow 2.21.0: with targets that do not add up to 1, the gradient of
# softmax_cross_entropy_with_logits is not that of the loss it returns. For targets (1, 1, 0) it
# sends back a - y; the derivative of -sum y ln a is 2 a - y. All three signs agree, so that
# training works on, towards something else. PyTorch and JAX answer 2 a - y.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
tape:       [-0.91, -0.755, 0.665]
difference: [-0.82, -0.511, 1.33]
SEEN
cat >"$folder/ask.py" <<'ASK'
import tensorflow as tf
y = tf.constant([1.0, 1.0, 0.0], tf.float64)
z = tf.constant([1.0, 2.0, 3.0], tf.float64)
loss = lambda z: tf.nn.softmax_cross_entropy_with_logits(y, z)
with tf.GradientTape() as tape:
    tape.watch(z)
    cost = loss(z)
print("tape:      ", [round(float(g), 3) for g in tape.gradient(cost, z)])
push = 1e-5 * tf.eye(3, dtype=tf.float64)
print("difference:", [round(float(loss(z + p) - loss(z - p)) / 2e-5, 3) for p in push])
ASK
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
