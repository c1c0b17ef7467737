#!/bin/sh
# Equinox 0.13.8: Dropout(1), which is allowed, puts out zeros and sends back nan. What is kept is
# divided by 1 - p before the mask chooses, and the gradient of a quotient by 0 is nan also where it
# is not chosen. At p = 0.999 the gradients are finite, and PyTorch answers 0.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check equinox==0.13.8 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
output [0.0, 0.0, 0.0]
gradient [nan, nan, nan]
p = 0.999 [0.0, 0.0, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import equinox as eqx
import jax
import jax.numpy as jnp

key, x = jax.random.key(1), jnp.ones(3)


def gradient(p):
    return jax.grad(lambda x: eqx.nn.Dropout(p)(x, key=key).sum())(x).tolist()


print("output", eqx.nn.Dropout(1.0)(x, key=key).tolist())
print("gradient", gradient(1.0))
print("p = 0.999", gradient(0.999))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
