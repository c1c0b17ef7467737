#!/bin/sh
# JAX 0.10.2: four spellings of relu have three slopes at 0. jax.nn.relu and where answer 0,
# maximum one half, and (x + |x|)/2 answers 1, because jnp.abs has slope 1 at 0, where PyTorch,
# TensorFlow and NumPy's sign say 0. All are between the two slopes; two of them in one network do
# not agree.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
relu 0.0
where 0.0
maximum 0.5
(x + |x|)/2 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
ask = {
    "relu": jax.nn.relu,
    "where": lambda x: jnp.where(x > 0, x, 0.0),
    "maximum": lambda x: jnp.maximum(x, 0.0),
    "(x + |x|)/2": lambda x: (x + jnp.abs(x)) / 2,
}
for name, f in ask.items():
    print(name, float(jax.grad(f)(0.0)))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
