#!/bin/sh
# Flax 0.12.8: LayerNorm at its defaults turns (10000, 10001, 10002, 10003) into numbers of 1500
# instead of about 1. It takes the variance as the mean of the squares less the square of the mean,
# of which single precision keeps nothing here; the 0 that is left is divided by. With
# use_fast_variance=False it is right; so are Equinox, Keras, PyTorch and MLX at their defaults.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check flax==0.12.8 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
default [-1500, -500, 500, 1500]
slow [-1.34, -0.45, 0.45, 1.34]
slope of the first output by the first input: -2.8e+08, slow 0.27
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from flax import linen

x = jnp.array([10000.0, 10001.0, 10002.0, 10003.0])

def norm(x, **how):
    return linen.LayerNorm(use_bias=False, use_scale=False, **how).apply({}, x)

def slow(x):
    return norm(x, use_fast_variance=False)

print("default", [round(v) for v in norm(x).tolist()])
print("slow", [round(v, 2) for v in slow(x).tolist()])
slopes = [float(jax.grad(lambda x: f(x)[0])(x)[0]) for f in (norm, slow)]
print(f"slope of the first output by the first input: {slopes[0]:.1e}, slow {slopes[1]:.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
