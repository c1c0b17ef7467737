#!/bin/sh
# PyDyNet 1.1: the gradient of an operation on a tensor and itself is wrong where its two sides differ. x - x has the slope 2
# and x / x has 2 / x, where both are 0; x ** x lacks the logarithm, and for the square of a matrix, x @ x, one of the two
# products is taken twice. Which side is asked for is told by whether the tensor is the first of the two, and it is both
# times. A copy on one side, as 1 x, mends it; x + x and x * x, whose sides are alike, are right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pydynet==1.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x - x: slopes [2.0, 2.0, 2.0, 2.0], differences [0.0, 0.0, 0.0, 0.0]
x / x: slopes [4.0, 1.0, 2.0, 1.33], differences [0.0, 0.0, 0.0, 0.0]
x ** x: slopes [1.41, 8.0, 2.0, 3.67], differences [0.22, 6.77, 1.0, 2.58]
x @ x: slopes [5.0, 5.0, 5.0, 5.0], differences [4.0, 4.0, 6.0, 6.0]
x @ (1 x): slopes [4.0, 4.0, 6.0, 6.0], differences [4.0, 4.0, 6.0, 6.0]
x + x: slopes [2.0, 2.0, 2.0, 2.0], differences [2.0, 2.0, 2.0, 2.0]
x * x: slopes [1.0, 4.0, 2.0, 3.0], differences [1.0, 4.0, 2.0, 3.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import pydynet

w = np.array([[0.5, 2.0], [1.0, 1.5]])
functions = {
    "x - x": lambda x: x - x,
    "x / x": lambda x: x / x,
    "x ** x": lambda x: x**x,
    "x @ x": lambda x: x @ x,
    "x @ (1 x)": lambda x: x @ (1.0 * x),
    "x + x": lambda x: x + x,
    "x * x": lambda x: x * x,
}
for name, f in functions.items():
    x = pydynet.Tensor(w, dtype=np.float64, requires_grad=True)
    pydynet.sum(f(x)).backward()
    steps = [(f(w + e) - f(w - e)).sum() / 2e-6 for e in 1e-6 * np.eye(4).reshape(4, 2, 2)]
    print(f"{name}: slopes {[round(float(s), 2) for s in x.grad.ravel()]}, differences {[round(float(s), 2) + 0 for s in steps]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
