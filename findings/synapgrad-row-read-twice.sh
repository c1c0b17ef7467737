#!/bin/sh
# synapgrad 1.0.2: a row that is read twice by an index gets the gradient of one reading. x[[0, 0, 0]] is three times the
# first row, and its gradient should be three times that of one; it is set at the place of the index, where it should be
# added, and only the last stays. An embedding that is read so learns from a word that occurs three times as if it did once.
# Rows that are read once are right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check synapgrad==1.0.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
rows [0, 1, 2]: slopes [[2.0, 4.0], [6.0, 8.0], [10.0, 12.0]], counted [[2.0, 4.0], [6.0, 8.0], [10.0, 12.0]]
rows [0, 0, 0]: slopes [[2.0, 4.0], [0.0, 0.0], [0.0, 0.0]], counted [[6.0, 12.0], [0.0, 0.0], [0.0, 0.0]]
rows [2, 0, 2]: slopes [[2.0, 4.0], [0.0, 0.0], [10.0, 12.0]], counted [[2.0, 4.0], [0.0, 0.0], [20.0, 24.0]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import synapgrad

rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
for index in ([0, 1, 2], [0, 0, 0], [2, 0, 2]):
    x = synapgrad.tensor(rows, requires_grad=True, dtype=np.float64)
    (x[index] ** 2).sum().backward()
    counted = 2 * rows * np.bincount(index, minlength=3)[:, None]
    print(f"rows {index}: slopes {x.grad.data.tolist()}, counted {counted.tolist()}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
