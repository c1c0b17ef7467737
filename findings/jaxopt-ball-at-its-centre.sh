#!/bin/sh
# JAXopt 0.8.5: the Jacobian of projection_l2_ball at the centre is nan. Inside the ball the
# projection changes nothing, so that its Jacobian is the identity, which is what comes at any other
# point there. The norm whose slope at 0 is undefined belongs to the branch that is not taken; a
# weight that starts at zero meets it.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jaxopt==0.8.5 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
value [0.0, 0.0]
at the centre [[nan, nan], [nan, nan]]
beside it [[1.0, 0.0], [0.0, 1.0]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from jaxopt.projection import projection_l2_ball


def ball(x):
    return projection_l2_ball(x, 1.0)


print("value", ball(jnp.zeros(2)).tolist())
print("at the centre", jax.jacobian(ball)(jnp.zeros(2)).tolist())
print("beside it", jax.jacobian(ball)(jnp.array([0.25, 0.0])).tolist())
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
