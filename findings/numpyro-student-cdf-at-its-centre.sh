#!/bin/sh
# NumPyro 0.22.0 on JAX 0.10.2: the slope of StudentT.cdf at its centre is nan. The slope of a cdf is the density, 0.368 there
# for three degrees of freedom, which log_prob answers, and so does the slope a thousandth to either side; the value, 0.5, is
# right. By the centre and by the scale it is nan too. A residual of exactly 0 makes nan of all weights below. Cauchy, the case
# of one degree, is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check numpyro==0.22.0 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
StudentT(3) at -0.001: cdf 0.4996, density 0.368, slopes by x, loc and scale 0.368 -0.368 0.000
StudentT(3) at 0.0: cdf 0.5000, density 0.368, slopes by x, loc and scale nan nan nan
StudentT(3) at 0.001: cdf 0.5004, density 0.368, slopes by x, loc and scale 0.368 -0.368 -0.000
StudentT(1) at -0.001: cdf 0.4997, density 0.318, slopes by x, loc and scale 0.318 -0.318 0.000
StudentT(1) at 0.0: cdf 0.5000, density 0.318, slopes by x, loc and scale nan nan nan
StudentT(1) at 0.001: cdf 0.5003, density 0.318, slopes by x, loc and scale 0.318 -0.318 -0.000
Cauchy at -0.001: cdf 0.4997, density 0.318, slopes by x, loc and scale 0.318 -0.318 0.000
Cauchy at 0.0: cdf 0.5000, density 0.318, slopes by x, loc and scale 0.318 -0.318 0.000
Cauchy at 0.001: cdf 0.5003, density 0.318, slopes by x, loc and scale 0.318 -0.318 -0.000
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from numpyro import distributions

jax.config.update("jax_enable_x64", True)


def student(df):
    return lambda loc, scale: distributions.StudentT(df, loc, scale)


for name, make in (("StudentT(3)", student(3.0)), ("StudentT(1)", student(1.0)), ("Cauchy", distributions.Cauchy)):
    for x in (-0.001, 0.0, 0.001):
        at = (x, 0.0, 1.0)
        value, slopes = jax.value_and_grad(lambda *v: make(*v[1:]).cdf(v[0]), argnums=(0, 1, 2))(*at)
        density = jnp.exp(make(*at[1:]).log_prob(x))
        print(f"{name} at {x}: cdf {value:.4f}, density {density:.3f}, slopes by x, loc and scale {' '.join(f'{s + 0:.3f}' for s in slopes)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
