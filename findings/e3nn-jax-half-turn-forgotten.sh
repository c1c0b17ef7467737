#!/bin/sh
# e3nn-jax 0.21.0: a half turn about the y axis, which is the main axis here, is no turn at all once it is taken out of its
# matrix. Of diag(-1, 1, -1) matrix_to_quaternion answers (0, 0, 0, 0), which is no rotation, matrix_to_log_coordinates (0,
# 0, 0), which is the identity, and matrix_to_axis_angle an axis of length 0; going back to a matrix, the identity comes
# out. So it is for the half turns about x and z. 0.001 short of
# the half turn all are right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check e3nn-jax==0.21.0 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
0.001 less than half a turn about x: quaternion of length 1.0, logarithm of length 3.1, diagonal 1.00 -1.00 -1.00, there and back 1.00 -1.00 -1.00
half a turn about x: quaternion of length 0.0, logarithm of length 0.0, diagonal 1.00 -1.00 -1.00, there and back 1.00 1.00 1.00
0.001 less than half a turn about y: quaternion of length 1.0, logarithm of length 3.1, diagonal -1.00 1.00 -1.00, there and back -1.00 1.00 -1.00
half a turn about y: quaternion of length 0.0, logarithm of length 0.0, diagonal -1.00 1.00 -1.00, there and back 1.00 1.00 1.00
0.001 less than half a turn about z: quaternion of length 1.0, logarithm of length 3.1, diagonal -1.00 -1.00 1.00, there and back -1.00 -1.00 1.00
half a turn about z: quaternion of length 0.0, logarithm of length 0.0, diagonal -1.00 -1.00 1.00, there and back 1.00 1.00 1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import e3nn_jax
import jax.numpy as jnp
import numpy


def shown(numbers):
    return " ".join(f"{number + 0.0:.2f}" for number in numpy.round(numpy.ravel(numbers), 2))


for name, turn, half in (("x", e3nn_jax.matrix_x, (1.0, -1.0, -1.0)), ("y", e3nn_jax.matrix_y, (-1.0, 1.0, -1.0)),
                         ("z", e3nn_jax.matrix_z, (-1.0, -1.0, 1.0))):
    for what, matrix in (("0.001 less than half a turn", turn(jnp.pi - 0.001)), ("half a turn", jnp.diag(jnp.array(half)))):
        logarithm = e3nn_jax.matrix_to_log_coordinates(matrix)
        print(f"{what} about {name}: quaternion of length {jnp.linalg.norm(e3nn_jax.matrix_to_quaternion(matrix)):.1f},", end=" ")
        print(f"logarithm of length {jnp.linalg.norm(logarithm):.1f},", end=" ")
        print(f"diagonal {shown(jnp.diag(matrix))}, there and back {shown(jnp.diag(e3nn_jax.log_coordinates_to_matrix(logarithm)))}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
