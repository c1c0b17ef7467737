#!/bin/sh
# TensorLy 0.10.0: monotonicity_prox turns numbers below 0 to 0. Of (-3, -2, -1), which rises already, it makes (-1, -1, -1), and of
# (-5, 1, 2) it makes (0, 1, 2). It is the projection on what rises, and takes the largest of the means that end at a place; the
# table of means is filled up with 0s, which are larger than any mean of negative numbers. For positive numbers it is
# scikit-learn's isotonic_regression to the last digit; from 10 up the same numbers come out right. constrained_parafac with
# monotonicity=True takes it for its factors, which have both signs.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorly==0.10.0 scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
(1, 2, 3) rising: (1, 2, 3), from 10 up (1, 2, 3), isotonic regression (1, 2, 3)
(1, 2, 3) falling: (2, 2, 2), from 10 up (2, 2, 2), isotonic regression (2, 2, 2)
(-3, -2, -1) rising: (-1, -1, -1), from 10 up (-3, -2, -1), isotonic regression (-3, -2, -1)
(-3, -2, -1) falling: (-2, -2, -2), from 10 up (-2, -2, -2), isotonic regression (-2, -2, -2)
(-5, 1, 2) rising: (0, 1, 2), from 10 up (-5, 1, 2), isotonic regression (-5, 1, 2)
(-5, 1, 2) falling: (-0.6667, -0.6667, -0.6667), from 10 up (-0.6667, -0.6667, -0.6667), isotonic regression (-0.6667, -0.6667, -0.6667)
(1, -2, 4) rising: (0, 0, 4), from 10 up (-0.5, -0.5, 4), isotonic regression (-0.5, -0.5, 4)
(1, -2, 4) falling: (1, 1, 1), from 10 up (1, 1, 1), isotonic regression (1, 1, 1)
(-1, 2, -6) rising: (-1.6667, -1.6667, -1.6667), from 10 up (-1.6667, -1.6667, -1.6667), isotonic regression (-1.6667, -1.6667, -1.6667)
(-1, 2, -6) falling: (0.5, 0.5, 0), from 10 up (0.5, 0.5, -6), isotonic regression (0.5, 0.5, -6)
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from sklearn.isotonic import isotonic_regression
from tensorly.tenalg.proximal import monotonicity_prox


def shown(numbers):
    return "(" + ", ".join(f"{n + 0:g}" for n in np.round(np.ravel(numbers), 4)) + ")"


for numbers in ((1.0, 2.0, 3.0), (-3.0, -2.0, -1.0), (-5.0, 1.0, 2.0), (1.0, -2.0, 4.0), (-1.0, 2.0, -6.0)):
    v = np.array(numbers)
    for name, decreasing in (("rising", False), ("falling", True)):
        found, moved = monotonicity_prox(v, decreasing), monotonicity_prox(v + 10, decreasing) - 10
        truth = isotonic_regression(v, increasing=not decreasing)
        print(f"{shown(v)} {name}: {shown(found)}, from 10 up {shown(moved)}, isotonic regression {shown(truth)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
