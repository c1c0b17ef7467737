#!/bin/sh
# TensorLy 0.10.0: unimodality_prox flattens the peak of what has one peak already. It is the projection on what rises and then
# falls, so that (1, 3, 2) is to stay as it is; it becomes (1, 2, 2). A peak is looked for among the places where the number is
# neither below the nearest rising row nor below the nearest falling one; the cost of a place that is none is then the largest
# of the others, not infinite, and where they draw the first place wins. The best of all peaks, each with isotonic regression
# to both sides, is beside it.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorly==0.10.0 scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
(1, 3, 2): (1, 2, 2), 1.00 away; nearest with one peak (1, 3, 2), 0.00 away
(1, 2, 5, 3, 1): (1, 2, 5, 2.75, 1), 0.06 away; nearest with one peak (1, 2, 5, 3, 1), 0.00 away
(2, 3, 9, 1): (2, 4.6667, 4.6667, 1), 21.56 away; nearest with one peak (2, 3, 9, 1), 0.00 away
(3, 1, 2): (3, 1.5, 1.5), 0.50 away; nearest with one peak (3, 1.5, 1.5), 0.50 away
(1, 2, 3): (1, 2, 3), 0.00 away; nearest with one peak (1, 2, 3), 0.00 away
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from sklearn.isotonic import isotonic_regression
from tensorly.tenalg.proximal import unimodality_prox


def best(v):
    rows = []
    for peak in range(1, len(v) + 1):
        rise = isotonic_regression(v[:peak])
        fall = isotonic_regression(v[peak:], increasing=False) if peak < len(v) else v[:0]
        rows.append(np.concatenate([rise, fall]))
    return min(rows, key=lambda row: ((row - v) ** 2).sum())


def shown(numbers):
    return "(" + ", ".join(f"{n + 0:g}" for n in np.round(np.ravel(numbers), 4)) + ")"


for numbers in ((1.0, 3.0, 2.0), (1.0, 2.0, 5.0, 3.0, 1.0), (2.0, 3.0, 9.0, 1.0), (3.0, 1.0, 2.0), (1.0, 2.0, 3.0)):
    v = np.array(numbers)
    found, truth = unimodality_prox(v).ravel(), best(v)
    costs = [((row - v) ** 2).sum() for row in (found, truth)]
    print(f"{shown(v)}: {shown(found)}, {costs[0]:.2f} away; nearest with one peak {shown(truth)}, {costs[1]:.2f} away")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
