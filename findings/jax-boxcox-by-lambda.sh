#!/bin/sh
# JAX 0.10.2: the slope of scipy.special.boxcox(x, lambda) by lambda is 0 at lambda = 0, where the transformation is the
# logarithm; it is (ln x)^2 / 2, 0.240 for x = 2, and that is answered at 0.000001. A lambda that is to be learnt and starts at
# the logarithm stays there. boxcox1p is alike. The slope by x is right. Both functions are new in this release; they choose the
# logarithm by where, which has no lambda. The tracker was searched: jax-ml/jax pull request 37564 added them, nothing found on
# this.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
boxcox(2.0, -1e-06) 0.6931: slope by x 0.5000, by lambda 0.2402, differences 0.2402, (ln x)^2 / 2 0.2402
boxcox(2.0, 0) 0.6931: slope by x 0.5000, by lambda 0.0000, differences 0.2402, (ln x)^2 / 2 0.2402
boxcox(2.0, 1e-06) 0.6931: slope by x 0.5000, by lambda 0.2402, differences 0.2402, (ln x)^2 / 2 0.2402
boxcox(2.0, 0.5) 0.8284: slope by x 0.7071, by lambda 0.3037, differences 0.3037, (ln x)^2 / 2 0.2402
boxcox(5.0, -1e-06) 1.6094: slope by x 0.2000, by lambda 1.2951, differences 1.2951, (ln x)^2 / 2 1.2951
boxcox(5.0, 0) 1.6094: slope by x 0.2000, by lambda 0.0000, differences 1.2951, (ln x)^2 / 2 1.2951
boxcox(5.0, 1e-06) 1.6094: slope by x 0.2000, by lambda 1.2951, differences 1.2951, (ln x)^2 / 2 1.2951
boxcox(5.0, 0.5) 2.4721: slope by x 0.4472, by lambda 2.2534, differences 2.2534, (ln x)^2 / 2 1.2951
boxcox1p(1.0, -1e-06) 0.6931: slope by x 0.5000, by lambda 0.2402, differences 0.2402, (ln x)^2 / 2 0.2402
boxcox1p(1.0, 0) 0.6931: slope by x 0.5000, by lambda 0.0000, differences 0.2402, (ln x)^2 / 2 0.2402
boxcox1p(1.0, 1e-06) 0.6931: slope by x 0.5000, by lambda 0.2402, differences 0.2402, (ln x)^2 / 2 0.2402
boxcox1p(1.0, 0.5) 0.8284: slope by x 0.7071, by lambda 0.3037, differences 0.3037, (ln x)^2 / 2 0.2402
SEEN
cat >"$folder/ask.py" <<'ASK'
from math import log

import jax
from jax.scipy.special import boxcox, boxcox1p

jax.config.update("jax_enable_x64", True)
for f, x, shown in ((boxcox, 2.0, log(2.0)), (boxcox, 5.0, log(5.0)), (boxcox1p, 1.0, log(2.0))):
    for at in (-1e-6, 0.0, 1e-6, 0.5):
        step = 1e-4
        differences = (f(x, at + step) - f(x, at - step)) / (2 * step)
        slopes = [jax.grad(f, j)(x, at) for j in (0, 1)]
        print(f"{f.__name__}({x}, {at:g}) {f(x, at):.4f}: slope by x {slopes[0]:.4f}, by lambda {slopes[1]:.4f},", end=" ")
        print(f"differences {differences:.4f}, (ln x)^2 / 2 {shown**2 / 2:.4f}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
