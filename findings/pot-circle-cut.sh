#!/bin/sh
# POT 0.9.7.post1 on NumPy 2.4.6: wasserstein1_circle depends on where the circle is cut. Two weighted sets of
# points that are turned together stay as far apart; it answers 0.1573, 0.1479, 0.1384 and 0.1289 at four
# turns. The arc from 0 to the first point is not counted. wasserstein_circle, and emd2 with the distances
# along the circle, answer 0.1573 at each.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check POT==0.9.7.post1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
wasserstein1_circle: 0.1573 0.1479 0.1384 0.1289
wasserstein_circle: 0.1573 0.1573 0.1573 0.1573
emd2: 0.1573 0.1573 0.1573 0.1573
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import ot

x, y = np.array([0.1, 0.35, 0.83]), np.array([0.2, 0.51, 0.67, 0.9])
a, b = np.array([0.313, 0.287, 0.4]), np.array([0.13, 0.28, 0.37, 0.22])


def emd2(x, y, a, b):
    apart = abs(x[:, None] - y)
    return ot.emd2(a, b, np.minimum(apart, 1 - apart))


for f in (ot.lp.solver_circle.wasserstein1_circle, ot.wasserstein_circle, emd2):
    turned = [float(np.squeeze(f(x + turn, y + turn, a, b))) for turn in (-0.1, -0.05, 0.0, 0.05)]
    print(f"{f.__name__}:", *(f"{distance:.4f}" for distance in turned))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
