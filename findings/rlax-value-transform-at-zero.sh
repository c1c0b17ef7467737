#!/bin/sh
# RLax 0.1.9 on JAX 0.10.2: the transformations of values have next to no slope at 0. signed_hyperbolic, sign(x) (sqrt(|x| +
# 1) - 1) + 0.001 x, is smooth with the slope 0.501 at 0, and signed_parabolic, signed_logp1 and signed_expm1 have 1.996, 1
# and 1 there; jax.grad answers 0.001 and three times 0, and a hundredth to either side what it should. The slope of the sign
# is 0, and what it is multiplied with is 0 as well. A network whose last layer starts at 0 learns next to nothing through
# them. Besides, in single precision signed_parabolic, which undoes signed_hyperbolic, makes 0.000061 of 0.0001 and -0.000061
# of 0.000001. Known upstream for the first two (rlax pull request 170).
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check rlax==0.1.9 tfp-nightly==0.26.0.dev20261027 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
slopes of signed_hyperbolic at -0.01, 0 and 0.01: [0.499, 0.001, 0.499]
slopes of signed_parabolic at -0.01, 0 and 0.01: [2.016, 0.0, 2.016]
slopes of signed_logp1 at -0.01, 0 and 0.01: [0.99, 0.0, 0.99]
slopes of signed_expm1 at -0.01, 0 and 0.01: [1.01, 0.0, 1.01]
float32: there and back, 1 is 1
float32: there and back, 0.01 is 0.00997
float32: there and back, 0.0001 is 6.1e-05
float32: there and back, 1e-06 is -6.1e-05
float64: there and back, 1 is 1
float64: there and back, 0.01 is 0.01
float64: there and back, 0.0001 is 0.0001
float64: there and back, 1e-06 is 1e-06
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import rlax

for f in (rlax.signed_hyperbolic, rlax.signed_parabolic, rlax.signed_logp1, rlax.signed_expm1):
    slopes = [float(jax.grad(f)(jnp.float32(x))) for x in (-0.01, 0.0, 0.01)]
    print(f"slopes of {f.__name__} at -0.01, 0 and 0.01: {[round(s, 3) for s in slopes]}")
for dtype in ("float32", "float64"):
    jax.config.update("jax_enable_x64", dtype == "float64")
    for x in (1.0, 1e-2, 1e-4, 1e-6):
        back = float(rlax.signed_parabolic(rlax.signed_hyperbolic(jnp.array(x, dtype))))
        print(f"{dtype}: there and back, {x:g} is {back:.3g}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
