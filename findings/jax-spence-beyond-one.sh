#!/bin/sh
# JAX 0.10.2: the derivative of scipy.special.spence, the dilogarithm, is 0 at 1 and nan from there to
# 2. The function is smooth; its derivative, ln(x) / (1 - x), is -1 at 1 and -0.69 at 2. The value is
# right at every point, and so is the derivative below 1 and at 3.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
0.5 derivative -1.39 difference of values -1.39
1.0 derivative 0.0 difference of values -1.0
1.5 derivative nan difference of values -0.81
2.0 derivative nan difference of values -0.69
3.0 derivative -0.55 difference of values -0.55
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
from jax.scipy.special import spence
for x in (0.5, 1.0, 1.5, 2.0, 3.0):
    step = (float(spence(x + 0.01)) - float(spence(x - 0.01))) / 0.02
    print(x, "derivative", round(float(jax.grad(spence)(x)), 2), "difference of values", round(step, 2))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
