#!/bin/sh
# Optax 0.2.8: incremental_update, the moving average of the weights, stands still in bfloat16.
# An average of 1 that follows a weight of 2 with step 0.003 is still 1 after 5000 steps, and with
# step 0.01 it stops at 1.67: what is added is less than half of the distance to the next number.
# In float32 both arrive at 2.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check optax==0.2.8 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
bfloat16 0.003 1.0
bfloat16 0.01 1.67
float32 0.003 2.0
float32 0.01 2.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import optax

for dtype in (jnp.bfloat16, jnp.float32):
    for step in (0.003, 0.01):
        weight = jnp.full(1, 2, dtype)
        follow = jax.jit(lambda average, w=weight, s=step: optax.incremental_update(w, average, s))
        average = jnp.ones(1, dtype)
        for _ in range(5000):
            average = follow(average)
        print(jnp.dtype(dtype).name, step, round(float(average[0]), 2))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
