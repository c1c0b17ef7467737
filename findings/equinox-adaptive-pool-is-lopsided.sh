#!/bin/sh
# Equinox 0.13.8: adaptive pooling is another function than PyTorch's of the same name. Of seven numbers pooled to three Equinox
# takes 3, 2 and 2, side by side; PyTorch takes 3, 3 and 3, which overlap: from the integer part of i n / 3 to that of (i + 1) n
# / 3, rounded up. 0 to 6 become 1, 3.5 and 5.5 here, and 1, 3 and 5 there, so that the middle of the output is not the middle
# of the input, and the mirror image of an image does not have the mirror image as its result. Where the size divides, the two
# agree. Nothing says so.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check equinox==0.13.8 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
6 numbers to 3: [0.5, 2.5, 4.5], turned around twice [0.5, 2.5, 4.5], PyTorch's rule [0.5, 2.5, 4.5]
7 numbers to 3: [1.0, 3.5, 5.5], turned around twice [0.5, 2.5, 5.0], PyTorch's rule [1.0, 3.0, 5.0]
10 numbers to 4: [1.0, 4.0, 6.5, 8.5], turned around twice [0.5, 2.5, 5.0, 8.0], PyTorch's rule [1.0, 3.0, 6.0, 8.0]
5 numbers to 2: [1.0, 3.5], turned around twice [0.5, 3.0], PyTorch's rule [1.0, 3.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import equinox
import jax.numpy as jnp


def overlapping(x, size):
    n = len(x)
    parts = [x[i * n // size : math.ceil((i + 1) * n / size)] for i in range(size)]
    return [round(float(p.mean()), 2) for p in parts]


for n, size in ((6, 3), (7, 3), (10, 4), (5, 2)):
    x = jnp.arange(float(n))
    pool = equinox.nn.AdaptiveAvgPool1d(size)
    straight = [round(a, 2) for a in pool(x[None])[0].tolist()]
    turned = [round(a, 2) for a in pool(x[None, ::-1])[0, ::-1].tolist()]
    print(f"{n} numbers to {size}: {straight}, turned around twice {turned}, PyTorch's rule {overlapping(x, size)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
