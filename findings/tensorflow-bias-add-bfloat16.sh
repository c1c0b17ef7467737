#!/bin/sh
# TensorFlow 2.21.0: in bfloat16 the same sum has two backward passes. A bias that is added to
# 4096 rows, each sending back 1, gets 4096 if it is added by +, and 256 if by tf.nn.bias_add,
# which every Dense layer calls. In float16 both get 4096.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
bfloat16 + 4096.0
bfloat16 bias_add 256.0
float16 + 4096.0
float16 bias_add 4096.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import tensorflow as tf
for dtype in (tf.bfloat16, tf.float16):
    for name, add in {"+": lambda x, b: x + b, "bias_add": tf.nn.bias_add}.items():
        b = tf.zeros(8, dtype)
        with tf.GradientTape() as tape:
            tape.watch(b)
            out = add(tf.zeros((4096, 8), dtype), b)
        print(dtype.name, name, float(tape.gradient(out, b, tf.ones_like(out))[0]))
ASK
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
