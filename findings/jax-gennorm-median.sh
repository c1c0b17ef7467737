#!/bin/sh
# JAX 0.10.2: the slope of scipy.stats.gennorm.cdf at its median is nan. The generalised normal distribution with
# beta = 2 is the normal one, whose density there is 0.564; gennorm.pdf answers it, and at 0.001 so does the slope of
# the cdf. It is put together from the sign and the absolute value of x.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = 0: cdf 0.5 density 0.56419 slope of the cdf nan
x = 0.001: cdf 0.500564 density 0.564189 slope of the cdf 0.564189
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax

jax.config.update("jax_enable_x64", True)
gennorm = jax.scipy.stats.gennorm
for x in (0.0, 0.001):
    slope = jax.grad(gennorm.cdf)(x, 2.0)
    print(f"x = {x:g}: cdf {gennorm.cdf(x, 2.0):g} density {gennorm.pdf(x, 2.0):g} slope of the cdf {slope:g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
