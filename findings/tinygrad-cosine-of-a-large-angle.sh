#!/bin/sh
# tinygrad 0.14.0: the cosine of 10000000 is -0.650, and it is -0.907; its sine comes right. cos(x) is computed as the sine of
# pi / 2 - x, and that difference has no room for a quarter turn in single precision: next to 1e7 the numbers are 1 apart. At
# 100,000 four digits are right. The slope of sin is that cosine. A rotation by a large position, as in the attention
# of language models, is then no rotation: sin^2 + cos^2 is 0.60. NumPy has all digits in the same format.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tinygrad==0.14.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
at 1000: sine 0.82688 NumPy 0.82688, cosine 0.56238 NumPy 0.56238, slope of the sine 0.56238, sum of the squares 1.00000
at 100000: sine 0.03575 NumPy 0.03575, cosine -0.99938 NumPy -0.99936, slope of the sine -0.99938, sum of the squares 1.00003
at 1000000: sine -0.34999 NumPy -0.34999, cosine 0.93962 NumPy 0.93675, slope of the sine 0.93962, sum of the squares 1.00539
at 10000000: sine 0.42055 NumPy 0.42055, cosine -0.64997 NumPy -0.90727, slope of the sine -0.64997, sum of the squares 0.59932
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from tinygrad import Tensor

for at in (1000.0, 100_000.0, 1_000_000.0, 10_000_000.0):
    x, exact = Tensor([at]), np.float32(at)
    sine, cosine, slope = x.sin().item(), x.cos().item(), x.sin().sum().gradient(x)[0].item()
    print(f"at {at:.0f}: sine {sine:.5f} NumPy {np.sin(exact):.5f}, cosine {cosine:.5f} NumPy {np.cos(exact):.5f}", end=", ")
    print(f"slope of the sine {slope:.5f}, sum of the squares {sine**2 + cosine**2:.5f}")
ASK
cd "$folder"
DEV=PYTHON OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
