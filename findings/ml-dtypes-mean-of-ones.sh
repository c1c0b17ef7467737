#!/bin/sh
# ml_dtypes 0.6.0: the mean of 4096 ones in bfloat16 is 0.0625. NumPy adds them up in bfloat16, one
# after the other, and 256 + 1 is 256 there; in float16 it adds up in single precision, and the mean
# is 1. The product with a vector of ones is 4096 in both.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check ml_dtypes==0.6.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
bfloat16 mean 0.0625 product 4096.0
float16 mean 1.0 product 4096.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import ml_dtypes
import numpy as np

for dtype in (ml_dtypes.bfloat16, np.float16):
    ones = np.ones(4096, dtype)
    print(np.dtype(dtype).name, "mean", float(ones.mean()), "product", float(ones @ ones))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
