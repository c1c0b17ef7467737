#!/bin/sh
# NumPyro 0.22.0 on JAX 0.10.2: an observation of exactly 0 or 1 sends nothing to the parameters of a Beta
# distribution. Of Beta(1, b) at 0 the log density is ln b, with slope 1 / b by b: at b = 2 it comes as 0, and
# a hair to the right as 0.5. The value is right. log_prob differentiates a stand-in there, lest a gradient be
# nan. JAX's own beta.logpdf answers 0.5.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 numpyro==0.22.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
numpyro at 0: 0.6931 slope 0.0000
own at 0: 0.6931 slope 0.5000
numpyro at 1e-06: 0.6931 slope 0.5000
own at 1e-06: 0.6931 slope 0.5000
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
from numpyro.distributions import Beta


def numpyro(b, x):
    return Beta(1.0, b).log_prob(x)


def own(b, x):
    return jax.scipy.stats.beta.logpdf(x, 1.0, b)


for x in (0.0, 1e-6):
    for f in (numpyro, own):
        value, slope = jax.value_and_grad(f)(2.0, x)
        print(f"{f.__name__} at {x:g}: {value:.4f} slope {slope:.4f}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
