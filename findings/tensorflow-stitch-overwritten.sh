#!/bin/sh
# TensorFlow 2.21.0: dynamic_stitch lets the last of two numbers for one place win, as its documentation promises, and sends
# the whole error to both. Of (1, 2) for the places 0 and 1 and (7, 8) for 1 and 2 the 2 is overwritten, and its slope comes
# as 1 for 0. So it is with two numbers of one list. tf.test.compute_gradient sees it. Known since 2017, issue 7397.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
dynamic_stitch [1. 7. 8.] slopes of the sum [1. 1.] differences [1. 0.]
dynamic_stitch of one list [2.] slopes of the sum [1. 1.] differences [0. 1.]
SEEN
cat >"$folder/ask.py" <<'ASK'
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

a, b = tf.constant([1.0, 2]), tf.constant([7.0, 8])
asked = {
    "dynamic_stitch": lambda a: tf.dynamic_stitch([[0, 1], [1, 2]], [a, b]),
    "dynamic_stitch of one list": lambda a: tf.dynamic_stitch([[0, 0]], [a]),
}
for name, f in asked.items():
    with tf.GradientTape() as tape:
        tape.watch(a)
        out = f(a)
    by_tape, by_steps = tf.test.compute_gradient(f, [a])
    print(name, out.numpy(), "slopes of the sum", tape.gradient(out, a).numpy(), "differences", by_steps[0].sum(0).round(2))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
