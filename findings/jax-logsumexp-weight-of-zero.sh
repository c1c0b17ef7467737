#!/bin/sh
# JAX 0.10.2: the gradient of nn.logsumexp(x, b=w), the logarithm of a sum that is weighted by w, by a weight of exactly 0 is
# 0, in both modes. It is e^x over the sum, here 0.32, which the formula written out answers, and logsumexp at a weight of
# 1e-9. A mixture whose component starts with no share never takes it up. Known since 2024, issue 22398, open.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
logsumexp, weight 0: value 1.3363, reverse [0.29000002 0.         0.35500002], forward [0.29000002 0.         0.35500002]
logsumexp, weight 1e-09: value 1.3363, reverse [0.29000002 0.321      0.35500002], forward [0.29000002 0.321      0.35500002]
written out, weight 0: value 1.3363, reverse [0.29000002 0.321      0.35500002], forward [0.29000002 0.321      0.35500002]
written out, weight 1e-09: value 1.3363, reverse [0.29000002 0.321      0.35500002], forward [0.29000002 0.321      0.35500002]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp

x = jnp.array([0.1, 0.2, 0.3])
asked = {
    "logsumexp": lambda w: jax.nn.logsumexp(x, b=w),
    "written out": lambda w: jnp.log((w * jnp.exp(x)).sum()),
}
for name, f in asked.items():
    for share in (0, 1e-9):
        w = jnp.array([1.0, share, 2.0])
        print(f"{name}, weight {share:g}: value {f(w):.4f}, reverse {jax.grad(f)(w).round(3)}, forward {jax.jacfwd(f)(w).round(3)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
