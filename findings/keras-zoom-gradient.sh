#!/bin/sh
# Keras 3.15.1 on TensorFlow 2.21.0: the gradient of ops.image.affine_transform by the image is 1 for every number, however
# much the image is enlarged. A row (1, 2, 3, 4), stretched to twice its length, feeds each number into three outputs, and the
# slope of the sum by it is 2, 1.5 at the border; where every second number is left out, the slope of those is 0. The
# transform is linear in the image. The gradient is the transform by the inverse matrix, which reads one place where many read
# it. For nearest neighbours it is known since September 2026, TensorFlow's open issue 127241.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
scale 1.0: [1. 2. 3. 4. 0. 0. 0. 0.], slopes of the sum [1. 1. 1. 1.], differences [1.0, 1.0, 1.0, 1.0]
scale 0.5: [1.  1.5 2.  2.5 3.  3.5 4.  2. ], slopes of the sum [1. 1. 1. 1.], differences [1.5, 2.0, 2.0, 2.0]
scale 2.0: [1. 3. 0. 0. 0. 0. 0. 0.], slopes of the sum [1. 1. 1. 1.], differences [1.0, 0.0, 1.0, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import tensorflow as tf

row = tf.reshape(tf.constant([1.0, 2, 3, 4]), (1, 1, 4, 1))
for scale in (1.0, 0.5, 2.0):
    matrix = tf.constant([[scale, 0, 0, 0, 1, 0, 0, 0]])

    def moved(image):
        wide = tf.pad(image, [[0, 0], [0, 0], [0, 4], [0, 0]])
        return keras.ops.image.affine_transform(wide, matrix, interpolation="bilinear", fill_mode="constant")

    with tf.GradientTape() as tape:
        tape.watch(row)
        out = moved(row)
    found = tf.reshape(tape.gradient(out, row), -1).numpy()
    steps = [tf.reshape(tf.one_hot(j, 4), (1, 1, 4, 1)) for j in range(4)]
    true = [float(tf.reduce_sum(moved(row + s) - moved(row))) for s in steps]
    print(f"scale {scale}: {tf.reshape(out, -1).numpy()}, slopes of the sum {found}, differences {[round(v, 3) for v in true]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
