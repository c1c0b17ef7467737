#!/bin/sh
# JAX 0.10.2: the second derivative of numpy.sinc is right at 0, -3.29, and wrong next to it: in single precision 6 at 0.0001
# and -100,000 at 0.000001, in double 200 at 1e-9. The function is smooth and even. At 0 itself a series takes over; beside it
# the derivatives are differences of nearly equal numbers, divided by x. The slope by forward mode at 0.000001 is 0.03 for
# -0.0000033. That the slope loses its digits is issue 34139, closed.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
float32 0e+00: slope right, second right
float32 1e-02: slope right, second right
float32 1e-04: slope off by more than 0.0003, second off by more than 5
float32 1e-06: slope off by more than 0.02, second off by more than 90000
float64 0e+00: slope right, second right
float64 1e-04: slope right, second right
float64 1e-09: slope off by more than 0, second off by more than 100
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
curvature = jax.grad(jax.grad(jnp.sinc))


def size(found, truth):
    off = abs(float(found) - truth)
    return "right" if off <= 0.02 * abs(truth) else f"off by more than {next(m for m in (9e4, 100, 5, 0.02, 3e-4, 0) if off > m):g}"


for kind, points in ((jnp.float32, (0, 1e-2, 1e-4, 1e-6)), (jnp.float64, (0, 1e-4, 1e-9))):
    for x in points:
        x = jnp.asarray(x, kind)
        slope = jax.jvp(jnp.sinc, (x,), (jnp.ones_like(x),))[1]
        truth = -jnp.pi**2 / 3
        print(f"{kind.__name__} {float(x):.0e}: slope {size(slope, truth * float(x))}, second {size(curvature(x), truth)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
