#!/bin/sh
# JAX 0.10.2: the gradient of linalg.det at a singular matrix depends on where the zero is. Of the diagonal matrices with 2,
# 3, 4 and 0 it has one number that is not 0, their product 24, at the place of the 0; it is answered where the 0 is last, and
# 0 everywhere where it is elsewhere. det has formulas of its own up to 3 by 3, which are right; from 4 by 4 on it goes by an
# LU decomposition in which only the last pivot may be 0, though any column of zeros, such as a feature that is always 0,
# leaves its 0 in the middle. No nan tells, and the values, as everything at 0.000001 in place of 0, are right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
diagonal 2 3 0: largest slope 6.00, largest cofactor 6.00
diagonal 0 2 3: largest slope 6.00, largest cofactor 6.00
diagonal 2 3 4 0: largest slope 24.00, largest cofactor 24.00
diagonal 2 0 3 4: largest slope 0.00, largest cofactor 24.00
diagonal 2 0.000001 3 4: largest slope 24.00, largest cofactor 24.00
second column 0: largest slope 0.00, largest cofactor 17.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)


def cofactors(a):
    rest = lambda j, k: np.delete(np.delete(a, j, 0), k, 1)
    n = range(len(a))
    return np.array([[(-1) ** (j + k) * np.linalg.det(rest(j, k)) for k in n] for j in n])


asked = {
    "diagonal 2 3 0": np.diag([2.0, 3, 0]),
    "diagonal 0 2 3": np.diag([0.0, 2, 3]),
    "diagonal 2 3 4 0": np.diag([2.0, 3, 4, 0]),
    "diagonal 2 0 3 4": np.diag([2.0, 0, 3, 4]),
    "diagonal 2 0.000001 3 4": np.diag([2.0, 0.000001, 3, 4]),
    "second column 0": np.array([[2.0, 0, 1, 1], [1, 0, 3, 1], [1, 0, 1, 4], [0, 0, 1, 1]]),
}
for name, a in asked.items():
    found = jax.grad(jnp.linalg.det)(a)
    print(f"{name}: largest slope {np.abs(found).max():.2f}, largest cofactor {np.abs(cofactors(a)).max():.2f}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
