#!/bin/sh
# flax 0.12.8 on JAX 0.10.2: in bfloat16 the gradient of an embedding depends on how many rows it
# has, even where only the first is read. 4096 readings that send back 1 each add up to 4096 in an
# embedding of one row, which flax broadcasts, and to 256 in one of two rows, which it gathers.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check flax==0.12.8 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1 4096.0
2 256.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import flax.linen as nn
import jax
import jax.numpy as jnp
words = jnp.zeros(4096, int)
for rows in (1, 2):
    embed = nn.Embed(rows, 8, dtype=jnp.bfloat16, param_dtype=jnp.bfloat16)
    weights = embed.init(jax.random.key(0), words)
    found = jax.grad(lambda p: embed.apply(p, words).sum())(weights)
    print(rows, float(found["params"]["embedding"][0, 0]))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
