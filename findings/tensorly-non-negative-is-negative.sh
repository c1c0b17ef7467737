#!/bin/sh
# TensorLy 0.10.0: the projection of negative numbers on what is not negative is negative. proximal_operator with non_negative=True
# clips at 0 from below and at the largest number from above; if all are negative, the upper end lies below the lower one, and
# NumPy's clip answers the upper end: (-1, -2, -3) becomes (-1, -1, -1) instead of 0s. With one number above 0 it is right, so
# that a factor of a constrained decomposition breaks its constraint only while all of it is below 0.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorly==0.10.0 scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
(3.0, -2.0, 1.0): (3.0, 0.0, 1.0), it is (3.0, 0.0, 1.0)
(0.0, -2.0, -3.0): (0.0, 0.0, 0.0), it is (0.0, 0.0, 0.0)
(-1.0, -2.0, -3.0): (-1.0, -1.0, -1.0), it is (0.0, 0.0, 0.0)
(-0.25,): (-0.25,), it is (0.0,)
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from tensorly.tenalg.proximal import proximal_operator

for numbers in ((3.0, -2.0, 1.0), (0.0, -2.0, -3.0), (-1.0, -2.0, -3.0), (-0.25,)):
    found = proximal_operator(np.array(numbers), non_negative=True)
    print(f"{numbers}: {tuple(n + 0 for n in found.tolist())}, it is {tuple(max(n, 0.0) for n in numbers)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
