#!/bin/sh
# JAX 0.10.2: a query that may look nowhere looks everywhere. Where a row of the mask is all False,
# nn.dot_product_attention answers the mean of all values, the masked ones too, and sends each a third of
# the error; a large negative number stands for minus infinity, and softmax of equal numbers is
# uniform. PyTorch 2.13.0 answers 0 for the same row, and sends nothing back.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
the first key alone: 3.0 sends back [1.0, 0.0, 0.0]
no key: 6.0 sends back [0.33, 0.33, 0.33]
all keys: 6.0 sends back [0.33, 0.33, 0.33]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
q = k = jnp.ones((1, 3, 1, 2))
v = jnp.array([3.0, 6.0, 9.0]).reshape(1, 3, 1, 1) * jnp.ones((1, 3, 1, 2))
mask = jnp.array([[True, False, False], [False, False, False], [True, True, True]])[None, None]
def row(v, j):
    return jax.nn.dot_product_attention(q, k, v, mask=mask)[0, j, 0, 0]
for j, name in enumerate(("the first key alone", "no key", "all keys")):
    sent = jax.grad(row)(v, j)[0, :, 0, 0]
    print(name + ":", round(float(row(v, j)), 2), "sends back", [round(float(s), 2) for s in sent])
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
