#!/bin/sh
# optax 0.2.8 on JAX 0.10.2: a label of -1 is silently the last class, and one beyond the last
# gives a loss of nan beside a finite gradient that pushes every class down. -1 is what many data
# sets mean by "no label"; PyTorch and TensorFlow refuse both.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check optax==0.2.8 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
2 0.408 [0.09, 0.245, -0.335]
-1 0.408 [0.09, 0.245, -0.335]
7 nan [0.09, 0.245, 0.665]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from optax import softmax_cross_entropy_with_integer_labels as loss
z = jnp.array([1.0, 2.0, 3.0])
for label in (2, -1, 7):
    value, gradient = jax.value_and_grad(loss)(z, jnp.array(label))
    print(label, round(float(value), 3), [round(float(g), 3) for g in gradient])
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
