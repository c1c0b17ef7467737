#!/bin/sh
# JAX 0.10.2: a cast to float8 and back, as in training that simulates low precision, sends the error
# through float8 too. An error of 1.3 comes back as 1.25, one of 1e-4 as 0, and one of 500, which is
# beyond the largest number of float8_e4m3fn, as nan. PyTorch 2.13.0 answers the same but for the last:
# it answers 448, because its cast saturates.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1.0 comes back as 1.0
1.3 comes back as 1.25
0.0001 comes back as 0.0
448.0 comes back as 448.0
500.0 comes back as nan
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
def simulated(x):
    return x.astype(jnp.float8_e4m3fn).astype(jnp.float32)
for error in (1.0, 1.3, 1e-4, 448.0, 500.0):
    print(error, "comes back as", float(jax.grad(lambda x: error * simulated(x))(1.0)))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
