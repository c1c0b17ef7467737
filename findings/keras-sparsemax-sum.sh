#!/bin/sh
# Keras 3.15.1: ops.sparsemax does not add up to 1. Sparsemax is the nearest point of the simplex,
# so (0.3, 0.2, 0.1) gives (0.4333, 0.3333, 0.2333) and (1, 1) gives (0.5, 0.5). Keras answers
# (0.1667, 0.0667, 0) and (0, 0). Only inputs that are far apart come right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
[0.3, 0.2, 0.1] [0.1667, 0.0667, 0.0] adds up to 0.2333
[1.0, 1.0] [0.0, 0.0] adds up to 0.0
[1.0, 2.0, 3.0] [0.0, 0.0, 1.0] adds up to 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
from keras import ops
for x in ([0.3, 0.2, 0.1], [1.0, 1.0], [1.0, 2.0, 3.0]):
    y = ops.convert_to_numpy(ops.sparsemax(ops.array([x])))[0]
    print(x, [round(float(a), 4) for a in y], "adds up to", round(float(y.sum()), 4))
ASK
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
