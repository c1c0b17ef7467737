#!/bin/sh
# jacobi 0.9.2: the derivative of tanh(1000 x) at 0 comes as 15.3 with an error estimate of 2.6; the
# truth is 1000. The first step is a fixed part of x, or of 1 where x is 0, and every step of the
# ladder is wide beside the slope. At x = 0.001 all fifteen digits are right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jacobi==0.9.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
at 0: 15.3 error 2.6
at 0.001: right to 1e-12
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from jacobi import jacobi

def steep(x):
    return np.tanh(1000 * x)

slope, error = jacobi(steep, 0.0)
print(f"at 0: {float(slope):.1f} error {float(error):.1f}")
slope, error = jacobi(steep, 0.001)
off = abs(float(slope) / (1000 * (1 - np.tanh(1) ** 2)) - 1)
print("at 0.001:", "right to 1e-12" if off < 1e-12 else f"off by {off:.0e}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
