#!/bin/sh
# NumPyro 0.22.0 on JAX 0.10.2: the gradient of DoublyTruncatedPowerLaw.log_prob by the bounds of its support is wrong, without
# a word. The log density depends on them by its normalisation alone, so that its slopes do not depend on x; here those by the
# lower bound, for alpha = -2.5, are 1.25 at 1.5 and 0.35 at 2.5, where differences have 1.86 at both, and those by the upper
# bound have the wrong sign. The rule that is written down for them is that of the density, not of its logarithm. By x and by
# alpha it is right, and so is the formula written out. LowerTruncatedPowerLaw has no rule of its own and is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check numpyro==0.22.0 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
alpha -2.5, x 1.5, numpyro_s: -0.394
  slopes by x, alpha, low and high: -1.667 0.001 1.252 0.080
  differences by x, alpha, low and high: -1.667 0.001 1.857 -0.119
alpha -2.5, x 1.5, written_out: -0.394
  slopes by x, alpha, low and high: -1.667 0.001 1.857 -0.119
  differences by x, alpha, low and high: -1.667 0.001 1.857 -0.119
alpha -2.5, x 2.5, numpyro_s: -1.672
  slopes by x, alpha, low and high: -1.000 0.511 0.349 0.022
  differences by x, alpha, low and high: -1.000 0.511 1.857 -0.119
alpha -2.5, x 2.5, written_out: -1.672
  slopes by x, alpha, low and high: -1.000 0.511 1.857 -0.119
  differences by x, alpha, low and high: -1.000 0.511 1.857 -0.119
alpha 1.5, x 1.5, numpyro_s: -1.156
  slopes by x, alpha, low and high: 1.000 -0.368 0.054 0.280
  differences by x, alpha, low and high: 1.000 -0.368 0.171 -0.890
alpha 1.5, x 1.5, written_out: -1.156
  slopes by x, alpha, low and high: 1.000 -0.368 0.171 -0.890
  differences by x, alpha, low and high: 1.000 -0.368 0.171 -0.890
alpha 1.5, x 2.5, numpyro_s: -0.390
  slopes by x, alpha, low and high: 0.600 0.142 0.116 0.603
  differences by x, alpha, low and high: 0.600 0.142 0.171 -0.890
alpha 1.5, x 2.5, written_out: -0.390
  slopes by x, alpha, low and high: 0.600 0.142 0.171 -0.890
  differences by x, alpha, low and high: 0.600 0.142 0.171 -0.890
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from numpyro.distributions import DoublyTruncatedPowerLaw

jax.config.update("jax_enable_x64", True)


def numpyro_s(x, alpha, low, high):
    return DoublyTruncatedPowerLaw(alpha, low, high).log_prob(x)


def written_out(x, alpha, low, high):
    mass = (high ** (1 + alpha) - low ** (1 + alpha)) / (1 + alpha)
    return alpha * jnp.log(x) - jnp.log(mass)


for alpha in (-2.5, 1.5):
    for x in (1.5, 2.5):
        at = jnp.array([x, alpha, 1.0, 3.0])
        for f in (numpyro_s, written_out):
            slopes = jax.grad(lambda v: f(*v))(at)
            steps = [(f(*(at + e)) - f(*(at - e))) / 2e-6 for e in 1e-6 * jnp.eye(4)]
            print(f"alpha {alpha}, x {x}, {f.__name__}: {f(*at):.3f}")
            for name, values in (("slopes", slopes), ("differences", steps)):
                print(f"  {name} by x, alpha, low and high: {' '.join(f'{v:.3f}' for v in values)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
