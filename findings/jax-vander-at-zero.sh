#!/bin/sh
# JAX 0.10.2: the gradient of numpy.vander, whose columns are 1, x and x^2, is nan at 0. All columns are polynomials, and the
# slopes of their sum at 0 and 2 are 1 and 5, which x ** 2 + x + 1 and polyval answer. One 0 among the inputs, such as relu
# puts there, makes nan of all weights below. TensorFlow's vander had the same, issue 127227, mended in September 2026.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
vander: 8.0, slopes [nan  5.]
vander, increasing: 8.0, slopes [nan  5.]
x ** 2 + x + 1: 8.0, slopes [1. 5.]
polyval: 8.0, slopes [1. 5.]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp

x = jnp.array([0.0, 2.0])
asked = {
    "vander": lambda x: jnp.vander(x, 3).sum(),
    "vander, increasing": lambda x: jnp.vander(x, 3, increasing=True).sum(),
    "x ** 2 + x + 1": lambda x: (x**2 + x + 1).sum(),
    "polyval": lambda x: jnp.polyval(jnp.ones(3), x).sum(),
}
for name, f in asked.items():
    print(f"{name}: {f(x)}, slopes {jax.grad(f)(x)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
