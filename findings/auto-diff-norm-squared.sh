#!/bin/sh
# auto-diff 0.4.1: the norm of a vector is its square as soon as it is differentiated. Within AutoDiff, numpy.linalg.norm of 3
# and 4 is 25, not 5, and its slopes are 6 and 8, where they are 0.6 and 0.8; the documentation gives it as an example. The
# root of x.T @ x, written out, is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check auto-diff==0.4.1 numpy==1.26.4 scipy==1.15.3 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
numpy.linalg.norm: outside 5, within 25, slopes [6.0, 8.0], differences [0.6, 0.8]
root of x.T @ x: outside 5, within 5, slopes [0.6, 0.8], differences [0.6, 0.8]
SEEN
cat >"$folder/ask.py" <<'ASK'
import auto_diff
import numpy as np

v = np.array([[3.0], [4.0]])
functions = {
    "numpy.linalg.norm": lambda x: np.linalg.norm(x),
    "root of x.T @ x": lambda x: np.sqrt(x.T @ x),
}
for name, f in functions.items():
    outside = float(np.ravel(f(v))[0])
    with auto_diff.AutoDiff(v) as x:
        y = f(x)
        value, slopes = float(np.ravel(y.val)[0]), np.round(np.ravel(y.der), 4).tolist()
    steps = [float(np.ravel(f(v + e) - f(v - e))[0]) / 2e-6 for e in 1e-6 * np.eye(2).reshape(2, 2, 1)]
    print(f"{name}: outside {outside:g}, within {value:g}, slopes {slopes}, differences {np.round(steps, 4).tolist()}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
