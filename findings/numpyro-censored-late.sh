#!/bin/sh
# NumPyro 0.22.0 on JAX 0.10.2: a late right-censored observation sends nothing back. What RightCensoredDistribution has for it
# is the logarithm of the chance to survive until then, for an exponential distribution with rate 1 just -t. It is computed as
# log(1 - cdf), kept off 0, so that in single precision from t = 17 on it stays at -15.94, with the slope 0 by the rate, where
# it is -t, and in double from 37 on at -36.04. Of a Normal it stays there from 5 and from 8 deviations on; its mirror image by
# LeftCensoredDistribution goes through the logarithm of the cdf and is right until -82 and -703.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check numpyro==0.22.0 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
single, t = 1: Exponential -1.00 slope -1.00; Normal -0.69 slope 0.80; Normal, mirrored -0.69 slope 0.80
single, t = 10: Exponential -10.00 slope -10.00; Normal -15.94 slope 0.00; Normal, mirrored -43.63 slope 9.11
single, t = 20: Exponential -15.94 slope 0.00; Normal -15.94 slope 0.00; Normal, mirrored -82.73 slope 0.00
single, t = 40: Exponential -15.94 slope 0.00; Normal -15.94 slope 0.00; Normal, mirrored -82.73 slope 0.00
double, t = 1: Exponential -1.00 slope -1.00; Normal -0.69 slope 0.80; Normal, mirrored -0.69 slope 0.80
double, t = 10: Exponential -10.00 slope -10.00; Normal -36.04 slope 0.00; Normal, mirrored -43.63 slope 9.11
double, t = 20: Exponential -20.00 slope -20.00; Normal -36.04 slope 0.00; Normal, mirrored -184.37 slope 19.05
double, t = 40: Exponential -36.04 slope 0.00; Normal -36.04 slope 0.00; Normal, mirrored -703.79 slope 0.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
from numpyro.distributions import Exponential, LeftCensoredDistribution, Normal, RightCensoredDistribution

for double in (False, True):
    jax.config.update("jax_enable_x64", double)
    for t in (1.0, 10.0, 20.0, 40.0):
        ways = {
            "Exponential": lambda r: RightCensoredDistribution(Exponential(r), 1).log_prob(t),
            "Normal": lambda m: RightCensoredDistribution(Normal(m, 1.0), 1).log_prob(t),
            "Normal, mirrored": lambda m: LeftCensoredDistribution(Normal(-m, 1.0), 1).log_prob(-t),
        }
        line = [f"{name} {f(1.0):.2f} slope {jax.grad(f)(1.0):.2f}" for name, f in ways.items()]
        print(f"{'double' if double else 'single'}, t = {t:g}: {'; '.join(line)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
