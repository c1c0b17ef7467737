#!/bin/sh
# JAX 0.10.2: the second derivative of nn.log1mexp, ln(1 - e^-x), which is there for numbers of any size, is nan from 89 on,
# where it is 0, and 0 at 50, where it is -1.9e-22. The value and the slope are right, and so is the second derivative of
# log1p(-exp(-x)), the same function written out. The slope is given as 1 / expm1(x); its own slope has e^x over the square of
# that, which overflows in single precision.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = 2, log1mexp: value -1.5e-01, slope 1.6e-01, second -1.8e-01; written_out: value -1.5e-01, slope 1.6e-01, second -1.8e-01
x = 10, log1mexp: value -4.5e-05, slope 4.5e-05, second -4.5e-05; written_out: value -4.5e-05, slope 4.5e-05, second -4.5e-05
x = 50, log1mexp: value -1.9e-22, slope 1.9e-22, second 0.0e+00; written_out: value -1.9e-22, slope 1.9e-22, second -1.9e-22
x = 89, log1mexp: value 0.0e+00, slope 0.0e+00, second nan; written_out: value 0.0e+00, slope 0.0e+00, second 0.0e+00
x = 1000, log1mexp: value 0.0e+00, slope 0.0e+00, second nan; written_out: value 0.0e+00, slope 0.0e+00, second 0.0e+00
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp


def written_out(x):
    return jnp.log1p(-jnp.exp(-x))


for x in (2.0, 10.0, 50.0, 89.0, 1000.0):
    line = []
    for f in (jax.nn.log1mexp, written_out):
        value, slope, second = f(x), jax.grad(f)(x), jax.grad(jax.grad(f))(x)
        line.append(f"{f.__name__}: value {value + 0:.1e}, slope {slope:.1e}, second {second + 0:.1e}")
    print(f"x = {x:g}, {'; '.join(line)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
