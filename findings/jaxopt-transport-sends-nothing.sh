#!/bin/sh
# JAXopt 0.8.5 on JAX 0.10.2: the gradient of projection_transport, the nearest transport plan with given marginals, is 0,
# without a word. The plan of a 2 by 2 matrix moves by a quarter of what is added to an entry, so that its sum weighted by 1, 4,
# 9 and 16 has the slopes 1, -1, -1 and 1, which differences answer. By either of the two dual problems it is so;
# kl_projection_transport, computed in the same way, has its gradient.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jaxopt==0.8.5 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
projection_transport: plan [0.35, 0.15, 0.15, 0.35]
  slopes [0.0, 0.0, 0.0, 0.0], differences [1.0, -1.0, -1.0, 1.0]
semi_dual: plan [0.35, 0.15, 0.15, 0.35]
  slopes [0.0, 0.0, 0.0, 0.0], differences [1.0, -1.0, -1.0, 1.0]
kl_projection_transport: plan [0.27, 0.23, 0.23, 0.27]
  slopes [0.25, -0.25, -0.25, 0.25], differences [0.25, -0.25, -0.25, 0.25]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from jaxopt import projection

jax.config.update("jax_enable_x64", True)
x = jnp.array([[0.0, 0.1], [0.4, 0.9]])
half = jnp.array([0.5, 0.5])
weights = jnp.array([[1.0, 4.0], [9.0, 16.0]])


def semi_dual(x, marginals):
    return projection.projection_transport(x, marginals, use_semi_dual=True)


for f in (projection.projection_transport, semi_dual, projection.kl_projection_transport):
    total = jax.jit(lambda x: (weights * f(x, (half, half))).sum())
    slopes = jax.grad(total)(x)
    steps = [(total(x + e) - total(x - e)) / 2e-2 for e in 1e-2 * jnp.eye(4).reshape(4, 2, 2)]
    print(f"{f.__name__}: plan {[round(a, 2) for a in f(x, (half, half)).ravel().tolist()]}")
    print(f"  slopes {[round(a, 2) + 0 for a in slopes.ravel().tolist()]}, differences {[round(float(a), 2) for a in steps]}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
