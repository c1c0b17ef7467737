#!/bin/sh
# TensorFlow 2.21.0: the gradient of linalg.eigh_tridiagonal is wrong, without a word. The largest eigenvalue of the matrix
# with 1, 2 and 4 on its diagonal and 0.5 and 0.3 beside it has the slopes 0.001, 0.023 and 0.977 by the diagonal, which
# eigvalsh of the full matrix answers and differences of its own values; it says 0.067, 0 and 0.933. The values are right.
# They are found by halving an interval, whose ends are sums of the entries, here 0.5 and 4.3; the gradient is that of the
# point which stays at 93 % of it. Where an eigenvalue is at an end, as for (2, 1; 1, 2), it is right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
diagonal [1. 2. 4.] beside it [0.5 0.3]
by_intervals: largest 4.046, slopes 0.067 0.000 0.933 | -0.067 0.933
full: largest 4.046, slopes 0.001 0.023 0.977 | 0.007 0.298
differences 0.001 0.023 0.977
diagonal [1. 3.] beside it [0.5]
by_intervals: largest 3.118, slopes 0.127 0.873 | 0.745
full: largest 3.118, slopes 0.053 0.947 | 0.447
differences 0.053 0.947
diagonal [2. 2.] beside it [1.]
by_intervals: largest 3.000, slopes 0.500 0.500 | 1.000
full: largest 3.000, slopes 0.500 0.500 | 1.000
differences 0.500 0.500
SEEN
cat >"$folder/ask.py" <<'ASK'
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf


def by_intervals(d, e):
    return tf.linalg.eigh_tridiagonal(d, e)[-1]


def full(d, e):
    return tf.linalg.eigvalsh(tf.linalg.diag(d) + tf.linalg.diag(e, k=1) + tf.linalg.diag(e, k=-1))[-1]


for d, e in (([1, 2, 4], [0.5, 0.3]), ([1, 3], [0.5]), ([2, 2], [1])):
    d, e = tf.constant(d, tf.float64), tf.constant(e, tf.float64)
    print("diagonal", d.numpy(), "beside it", e.numpy())
    for f in (by_intervals, full):
        with tf.GradientTape() as tape:
            tape.watch([d, e])
            largest = f(d, e)
        slopes = [[f"{v:.3f}" for v in slope.numpy()] for slope in tape.gradient(largest, [d, e])]
        print(f"{f.__name__}: largest {largest.numpy():.3f}, slopes {' '.join(slopes[0])} | {' '.join(slopes[1])}")
    steps = 1e-5 * np.eye(len(d))
    print("differences", " ".join(f"{(by_intervals(d + s, e) - by_intervals(d - s, e)) / 2e-5:.3f}" for s in steps))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
