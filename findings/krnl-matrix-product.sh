#!/bin/sh
# krnl 0.2.1: the gradient of a matrix product by the matrix on the right is the gradient times the transpose of the left one,
# where it is the transpose times the gradient. Square matrices give numbers that are wrong; one row of data, the usual x @ w
# of a layer, gives a single number for a whole matrix of weights, which the step then takes from each. By the left it is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps krnl==0.2.1 numpy==2.4.6 psutil==7.2.2 pyopencl==2026.1.4 pytools==2026.1.1 platformdirs==4.13.5 typing_extensions==4.16.0 siphash24==1.9 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
(x @ w) @ v by w: gradient [[7.0]], differences [1.0, 3.0, 2.0, 6.0]
(x @ w) @ v by x: gradient [[-2.5, 5.0]], differences [-2.5, 5.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from krnl import Tensor

v = Tensor([[1.0], [3.0]])
u = np.array([[1.0, 2.0]])
w = np.array([[0.5, -1.0], [2.0, 1.0]])


def steps(f, at):
    return [float(np.ravel(f(at + e) - f(at - e))[0]) / 0.02 for e in 0.01 * np.eye(at.size).reshape(-1, *at.shape)]


x, t = Tensor(u, requires_grad=True), Tensor(w, requires_grad=True)
((x @ t) @ v).backward()
by_w = np.round(steps(lambda w: u @ w @ v.data, w), 2).tolist()
by_x = np.round(steps(lambda u: u @ w @ v.data, u), 2).tolist()
print(f"(x @ w) @ v by w: gradient {t.grad.tolist()}, differences {by_w}")
print(f"(x @ w) @ v by x: gradient {x.grad.tolist()}, differences {by_x}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
