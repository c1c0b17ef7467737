#!/bin/sh
# TensorFlow Probability 0.26.0.dev20261027 on JAX 0.10.2: the log density of ContinuousBernoulli is a
# straight line in x, with slope logit(p), -0.847 for p = 0.3; at x = 0, black, the slope comes as 0.357, with
# the other sign, and at x = 1, white, as -1.204. log_prob is right at each. Of the product of x and log(p)
# the factor x = 0 takes its own slope away.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 tfp-nightly==0.26.0.dev20261027 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = 0: 0.394 slope 0.357
x = 0.001: 0.393 slope -0.847
x = 0.999: -0.453 slope -0.847
x = 1: -0.453 slope -1.204
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import tensorflow_probability.substrates.jax as tfp


def log_prob(x):
    return tfp.distributions.ContinuousBernoulli(probs=0.3).log_prob(x)


for x in (0.0, 0.001, 0.999, 1.0):
    value, slope = jax.value_and_grad(log_prob)(x)
    print(f"x = {x:g}: {value:.3f} slope {slope:.3f}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
