#!/bin/sh
# Optax 0.2.8 on JAX 0.10.2: the gradient of ntxent is nan where the pairs are told apart well, which is what it trains
# towards. At temperature 0.02 two pairs on opposite sides make nan of all gradients, and the loss itself is 0; at 0.05 they
# are finite, and so they are in double precision. The exponentials of the other pairs round to 0, and the logarithm of their
# sum is taken for an example with itself too; where chooses another branch there, and 0 times its infinite slope is nan.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check optax==0.2.8 jax==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
float32, temperature 0.05: loss 0, gradients finite
float32, temperature 0.02: loss 0, gradients nan
float32, temperature 0.01: loss 0, gradients nan
float64, temperature 0.05: loss 0, gradients finite
float64, temperature 0.02: loss 0, gradients finite
float64, temperature 0.01: loss 0, gradients finite
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import optax

jax.config.update("jax_enable_x64", True)
pairs = [[1.0, 0.1], [1.0, -0.1], [-1.0, 0.1], [-1.0, -0.1]]
labels = jnp.array([0, 0, 1, 1])
for dtype in ("float32", "float64"):
    for temperature in (0.05, 0.02, 0.01):
        loss, slopes = jax.value_and_grad(optax.losses.ntxent)(jnp.array(pairs, dtype), labels, temperature)
        told = "finite" if jnp.isfinite(slopes).all() else "nan" if jnp.isnan(slopes).all() else "mixed"
        print(f"{dtype}, temperature {temperature}: loss {abs(loss):.0f}, gradients {told}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
