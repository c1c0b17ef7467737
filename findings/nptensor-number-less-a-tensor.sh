#!/bin/sh
# nptensor 0.1.5: a number less a tensor is 0 everywhere, as 5 - x and 1 - a, and no gradient reaches x: what is taken away is
# taken from itself. An array less a tensor is 0 too. So 1 - a in a cross-entropy, and the gate 1 - z of a recurrent unit,
# are 0. A tensor less a number, and -x + 5, are right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check nptensor==0.1.5 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
5 - x: [0.0, 0.0, 0.0], gradient None
array - x: [0.0, 0.0, 0.0], gradient None
-1 x + 5: [4.0, 3.0, 2.0], gradient [-1.0, -1.0, -1.0]
x - 5: [-4.0, -3.0, -2.0], gradient [1.0, 1.0, 1.0]
x (1 - x): [0.0, 0.0, 0.0], gradient [0.0, 0.0, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from npTensor.Tensorlib import Tensor

values = np.array([[1.0, 2.0, 3.0]])
functions = {
    "5 - x": lambda x: 5 - x,
    "array - x": lambda x: np.array([[5.0, 5.0, 5.0]]) - x,
    "-1 x + 5": lambda x: -1 * x + 5,
    "x - 5": lambda x: x - 5,
    "x (1 - x)": lambda x: x * (1 - x),
}
for name, f in functions.items():
    x = Tensor(values)
    y = f(x)
    y.sum().backward()
    print(f"{name}: {y.matrix.tolist()[0]}, gradient {None if x.grad is None else x.grad.tolist()[0]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
