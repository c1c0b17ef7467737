#!/bin/sh
# JAX 0.10.2: the Bessel function I0 is smooth and even, so its slope at 0 is 0; jax.grad of
# jax.scipy.special.i0 gives 1 there, and a second derivative of 1.5 where 0.5 is right. jax.numpy.i0
# has the first one right and gives 0 for the second. Anywhere else both are right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
special.i0 0.0 grad 1.000 1.500 differences 0.000 0.500
special.i0 0.001 grad 0.001 0.500 differences 0.001 0.500
numpy.i0 0.0 grad 0.000 0.000 differences 0.000 0.500
numpy.i0 0.001 grad 0.001 0.500 differences 0.001 0.500
special.i1 0.0 grad 0.500 1.000 differences 0.500 0.000
special.i1 0.001 grad 0.500 0.000 differences 0.500 0.000
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from jax.scipy import special

jax.config.update("jax_enable_x64", True)
for name, f in (("special.i0", special.i0), ("numpy.i0", jnp.i0), ("special.i1", special.i1)):
    first = jax.grad(f)
    for at in (0.0, 0.001):
        around = (f(at + 1e-4) - f(at - 1e-4)) / 2e-4, (f(at + 1e-4) - 2 * f(at) + f(at - 1e-4)) / 1e-8
        print(name, at, f"grad {first(at):.3f} {jax.grad(first)(at):.3f}", "differences", *(f"{d:.3f}" for d in around))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
