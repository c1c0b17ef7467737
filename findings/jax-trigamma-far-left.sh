#!/bin/sh
# JAX 0.10.2: the derivative of digamma is the trigamma function, positive everywhere; at x = -20.3
# jax.grad gives -0.048, where digamma itself rises by 15.03. jax.scipy.special.polygamma is off alike;
# at -2.5 both are right. The second derivative of gammaln inherits it.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
2.5 difference 0.490 grad 0.490 polygamma 0.490 gammaln 0.490
-2.5 difference 9.539 grad 9.539 polygamma 9.539 gammaln 9.539
-20.3 difference 15.031 grad -0.048 polygamma -0.048 gammaln -0.048
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
from jax.scipy import special

jax.config.update("jax_enable_x64", True)
f = special.digamma
for at in (2.5, -2.5, -20.3):
    difference = (f(at + 1e-5) - f(at - 1e-5)) / 2e-5
    print(at, f"difference {difference:.3f} grad {jax.grad(f)(at):.3f} polygamma {special.polygamma(1, at):.3f}",
          f"gammaln {jax.grad(jax.grad(special.gammaln))(at):.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
