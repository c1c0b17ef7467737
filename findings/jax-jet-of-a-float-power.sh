#!/bin/sh
# JAX 0.10.2: the derivatives that experimental.jet takes of x ** 3.0 at 0 are all nan. With the
# whole number 3 they are 0, 0 and 6, and jax.grad answers the same three for both spellings. The
# float power goes through the logarithm of x.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x ** 3 [0, 0, 6]
x ** 3.0 [nan, nan, nan]
grad of x ** 3.0 [0, 0, 6]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
from jax.experimental.jet import jet


def rounded(values):
    return "[" + ", ".join(f"{float(v):.3g}" for v in values) + "]"


def whole(x):
    return x**3


def real(x):
    return x**3.0


for name, f in (("x ** 3", whole), ("x ** 3.0", real)):
    print(name, rounded(jet(f, (0.0,), ([1.0, 0.0, 0.0],))[1]))
first = jax.grad(real)
second = jax.grad(first)
print("grad of x ** 3.0", rounded([g(0.0) for g in (first, second, jax.grad(second))]))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
