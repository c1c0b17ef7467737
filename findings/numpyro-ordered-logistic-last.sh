#!/bin/sh
# NumPyro 0.22.0 on JAX 0.10.2: OrderedLogistic takes the last class for impossible where it is only unlikely. With cutpoints -1
# and 1 its log probability at the predictor -20 is -21 in single precision, and is given as minus infinity, with the slope 0,
# where it is 1, so that nothing is learnt from a gross error; in double it is so at -40. The first class at +20 and +40 is
# right, -21 and -41, and so would the last be if it were computed by the same function with the signs flipped, as in the last
# column.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check numpyro==0.22.0 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
single: last class at -2 -3.05 slope 0.95; first class at 2 -3.05 slope -0.95; last, written out -3.05 slope 0.95
single: last class at -10 -11.00 slope 1.00; first class at 10 -11.00 slope -1.00; last, written out -11.00 slope 1.00
single: last class at -20 -inf slope -0.00; first class at 20 -21.00 slope -1.00; last, written out -21.00 slope 1.00
single: last class at -40 -inf slope -0.00; first class at 40 -41.00 slope -1.00; last, written out -41.00 slope 1.00
double: last class at -2 -3.05 slope 0.95; first class at 2 -3.05 slope -0.95; last, written out -3.05 slope 0.95
double: last class at -10 -11.00 slope 1.00; first class at 10 -11.00 slope -1.00; last, written out -11.00 slope 1.00
double: last class at -20 -21.00 slope 1.00; first class at 20 -21.00 slope -1.00; last, written out -21.00 slope 1.00
double: last class at -40 -inf slope -0.00; first class at 40 -41.00 slope -1.00; last, written out -41.00 slope 1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from numpyro.distributions import OrderedLogistic

for double in (False, True):
    jax.config.update("jax_enable_x64", double)
    cuts = jnp.array([-1.0, 1.0])
    for size in (2.0, 10.0, 20.0, 40.0):
        ways = {
            f"last class at {-size:g}": (lambda x: OrderedLogistic(x, cuts).log_prob(2), -size),
            f"first class at {size:g}": (lambda x: OrderedLogistic(x, cuts).log_prob(0), size),
            "last, written out": (lambda x: jax.nn.log_sigmoid(x - cuts[1]), -size),
        }
        line = [f"{name} {f(x):.2f} slope {jax.grad(f)(x):.2f}" for name, (f, x) in ways.items()]
        print(f"{'double' if double else 'single'}: {'; '.join(line)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
