#!/bin/sh
# JAX 0.10.2: the gradient of numpy.unique(x) is 0, without a word, and that of unique(x, size=3) is right. The distinct
# numbers of (3, 1, 2) are those numbers, sorted, and the sum of their squares has the slopes 6, 2 and 4, which sort answers
# too, and differences of unique's own values. Beside another term only that term is felt.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sort [1. 2. 3.] slopes [6. 2. 4.] differences [6.0, 2.0, 4.0]
unique [1. 2. 3.] slopes [0. 0. 0.] differences [6.0, 2.0, 4.0]
unique of size 3 [1. 2. 3.] slopes [6. 2. 4.] differences [6.0, 2.0, 4.0]
x0 + sum of unique [1. 0. 0.]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp

x = jnp.array([3.0, 1.0, 2.0])
for name, f in (("sort", jnp.sort), ("unique", jnp.unique), ("unique of size 3", lambda x: jnp.unique(x, size=3))):
    cost = lambda x: (f(x) ** 2).sum()
    steps = [float(cost(x + e) - cost(x - e)) / 0.25 for e in 0.125 * jnp.eye(3)]
    print(name, f(x), "slopes", jax.grad(cost)(x), "differences", steps)
print("x0 + sum of unique", jax.grad(lambda x: x[0] + jnp.unique(x).sum())(x))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
