#!/bin/sh
# Keras 3.15.1 on TensorFlow 2.21.0: the gradient of ops.logaddexp at two equal numbers is (1, 0).
# ln(e^x + e^y) is smooth; its slopes there are one half each, which ops.logsumexp answers. The
# maximum that is taken out for safety is differentiated, and its tie goes to the first.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
logaddexp [1.0, 0.0]
logsumexp [0.5, 0.5]
SEEN
cat >"$folder/ask.py" <<'ASK'
import tensorflow as tf
from keras import ops
x = tf.constant([1.0, 1.0])
for name, f in {"logaddexp": lambda x: ops.logaddexp(x[0], x[1]), "logsumexp": ops.logsumexp}.items():
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    print(name, tape.gradient(y, x).numpy().tolist())
ASK
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
