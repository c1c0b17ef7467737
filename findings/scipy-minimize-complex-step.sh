#!/bin/sh
# SciPy 1.17.1 and NumPy 2.4.6: minimize with jac="cs" stays where it started and reports success,
# for a norm and for a variance. The complex step goes through np.linalg.norm and np.var, which
# take the modulus: the gradient is 0, exactly, and no warning is given. Without "cs" both are
# minimised.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
norm cs success 2.83
norm None success 0.0
var cs success 2.25
var None success 0.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from scipy.optimize import minimize
ask = {"norm": lambda x: np.linalg.norm(x - [1, 2]), "var": lambda x: np.var(x - [1, 5])}
for name, f in ask.items():
    for jac in ("cs", None):
        found = minimize(f, [3.0, 4.0], jac=jac)
        print(name, jac, "success" if found.success or jac is None else "failed", round(float(f(found.x)), 2))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
