#!/bin/sh
# jaxlie 1.5.0: SE3.exp of a small turn moves twice as far to the side as it should. Along (1, 0, 0) with a turn of 0.003 about z it
# goes 0.0030 to the left instead of 0.0015, in single precision, and its derivative with respect to the turn is 1 instead of
# one half, at rest too. The matrix that takes the velocity along the arc is I + turn / 2 for small turns; the rotation itself,
# I + turn, is taken for it below 0.003, or 0.00003 in double precision. SE3.log has its half, so that log after exp does not
# return, and an optimizer that steps from the identity has a wrong Jacobian. From 0.01 on all is right. The matrix exponential
# of SciPy is the reference.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jaxlie==1.5.0 jax==0.10.2 jaxlib==0.10.2 scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
turn 0: sideways 0.00000, by the matrix 0.00000, slope 1.000, by the matrix 0.500, log after exp 0.00000 off
turn 0.001: sideways 0.00100, by the matrix 0.00050, slope 1.000, by the matrix 0.500, log after exp 0.00050 off
turn 0.003: sideways 0.00300, by the matrix 0.00150, slope 1.000, by the matrix 0.500, log after exp 0.00150 off
turn 0.01: sideways 0.00500, by the matrix 0.00500, slope 0.500, by the matrix 0.500, log after exp 0.00000 off
turn 0.1: sideways 0.04996, by the matrix 0.04996, slope 0.499, by the matrix 0.499, log after exp 0.00000 off
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import numpy as np
from jaxlie import SE3
from scipy.linalg import expm



def sideways(turn):
    twist = jnp.zeros(6).at[0].set(1.0).at[5].set(turn)
    return SE3.exp(twist).translation()[1]


def by_matrix(turn):
    twist = np.zeros((4, 4))
    twist[0, 1], twist[1, 0], twist[0, 3] = -turn, turn, 1
    return expm(twist)[1, 3]


def returned(turn):
    return SE3.exp(jnp.zeros(6).at[0].set(1.0).at[5].set(turn)).log()[1]


for turn in (0.0, 0.001, 0.003, 0.01, 0.1):
    slope = (by_matrix(turn + 1e-4) - by_matrix(turn - 1e-4)) / 2e-4
    print(f"turn {turn:g}: sideways {sideways(turn):.5f}, by the matrix {by_matrix(turn):.5f},", end=" ")
    print(f"slope {jax.grad(sideways)(turn):.3f}, by the matrix {slope:.3f}, log after exp {abs(returned(turn)):.5f} off")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
