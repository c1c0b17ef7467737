#!/bin/sh
# Optax 0.2.8 on JAX 0.10.2: projection_l1_sphere leaves vectors with a 0 off the sphere. Its results should have absolute
# values that add up to 1; those of (0, 0.1) add up to 0.55, and those of (0, 0.3, -0.2) to 0.833. It projects the absolute
# values onto the simplex, which raises the 0 too, and multiplies by the sign, which is 0 there. Of vectors without a 0,
# however small, the norm is 1. JAXopt 0.8.5 has the same. Weights of which some are 0 are what the norm is used for.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check optax==0.2.8 jaxopt==0.8.5 jax==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
(0.0, 0.1): optax 0.000 0.550 norm 0.550, jaxopt 0.000 0.550 norm 0.550
(1e-06, 0.1): optax 0.450 0.550 norm 1.000, jaxopt 0.450 0.550 norm 1.000
(0.0, 0.3, -0.2): optax 0.000 0.467 -0.367 norm 0.833, jaxopt 0.000 0.467 -0.367 norm 0.833
(0.01, 0.3, -0.2): optax 0.173 0.463 -0.363 norm 1.000, jaxopt 0.173 0.463 -0.363 norm 1.000
(0.0, 2.0): optax 0.000 1.000 norm 1.000, jaxopt 0.000 1.000 norm 1.000
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax.numpy as jnp
import jaxopt
import optax


def show(y):
    return " ".join(f"{v:.3f}" for v in y) + f" norm {jnp.abs(y).sum():.3f}"


for x in ((0.0, 0.1), (1e-6, 0.1), (0.0, 0.3, -0.2), (0.01, 0.3, -0.2), (0.0, 2.0)):
    theirs = optax.projections.projection_l1_sphere(jnp.array(x))
    other = jaxopt.projection.projection_l1_sphere(jnp.array(x), 1.0)
    print(f"{x}: optax {show(theirs)}, jaxopt {show(other)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
