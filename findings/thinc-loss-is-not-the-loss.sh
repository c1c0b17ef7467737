#!/bin/sh
# Thinc 9.1.1: CategoricalCrossentropy returns the gradient a - y over n and, as the loss, the sum
# of its squares. The cross-entropy of these two guesses is 0.290 a guess; it says 0.05, and so
# does L2Distance, whose gradient is the same. What is printed while training is not what is
# minimised.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check thinc==9.1.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
CategoricalCrossentropy 0.05
L2Distance 0.05
cross-entropy 0.29
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from thinc.api import CategoricalCrossentropy, L2Distance
guesses = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]], dtype="f")
truths = np.array([[1, 0, 0], [0, 1, 0]], dtype="f")
for loss in (CategoricalCrossentropy(), L2Distance()):
    print(type(loss).__name__, round(float(loss.get_loss(guesses, truths)), 3))
print("cross-entropy", round(float(-np.log(guesses[truths == 1]).mean()), 3))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
