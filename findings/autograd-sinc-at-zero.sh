#!/bin/sh
# autograd 1.9.1: the derivative of numpy.sinc at 0 is nan. sinc is smooth, its derivative there
# is 0, and the function itself takes care of 0; its gradient divides by x^2.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check autograd==1.9.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sinc(0) 1.0 derivative nan
SEEN
cat >"$folder/ask.py" <<'ASK'
import autograd.numpy as np
from autograd import grad
print("sinc(0)", float(np.sinc(0.0)), "derivative", float(grad(np.sinc)(0.0)))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
