#!/bin/sh
# Distrax 0.1.9 on JAX 0.10.2: the slope of the log determinant of the bijector Sigmoid is nan from 89 on to both sides, in
# single precision, where it is 1 on the left and -1 on the right. The value is right, -89. The softplus in it, called the more
# stable one, has log1p(e^x) in a branch for numbers below -9, and where that is not taken for a large one, infinity times 0
# comes back. Where a flow ends in this bijector, one such number makes nan of all weights. jax.nn.softplus needs no branch and
# is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check distrax==0.1.9 tfp-nightly==0.26.0.dev20261027 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
-100: distrax_s -100.00 slope nan; written_out -100.00 slope 1.00
-89: distrax_s -89.00 slope nan; written_out -89.00 slope 1.00
-88: distrax_s -88.00 slope 1.00; written_out -88.00 slope 1.00
-1: distrax_s -1.63 slope 0.46; written_out -1.63 slope 0.46
0: distrax_s -1.39 slope 0.00; written_out -1.39 slope 0.00
1: distrax_s -1.63 slope -0.46; written_out -1.63 slope -0.46
89: distrax_s -89.00 slope nan; written_out -89.00 slope -1.00
100: distrax_s -100.00 slope nan; written_out -100.00 slope -1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from distrax import Sigmoid


def distrax_s(x):
    return Sigmoid().forward_log_det_jacobian(x)


def written_out(x):
    return -jax.nn.softplus(x) - jax.nn.softplus(-x)


for x in (-100.0, -89.0, -88.0, -1.0, 0.0, 1.0, 89.0, 100.0):
    line = []
    for f in (distrax_s, written_out):
        value, slope = jax.value_and_grad(f)(jnp.float32(x))
        line.append(f"{f.__name__} {value:.2f} slope {slope + 0:.2f}")
    print(f"{x:g}: {'; '.join(line)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
