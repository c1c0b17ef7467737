#!/bin/sh
# cvxpylayers 1.2.0, CVXPY 1.9.3 and diffcp 1.1.9 on PyTorch 2.13.0: the nearest point of a plane to q has one derivative
# everywhere, I - 11'/3 for the plane where the coordinates add up to 1. With sum_squares(x - q) it is answered; with norm(x -
# q), whose minimum is the same point, it is answered off the plane, and for a q that is on it already, where the norm is 0,
# another one is: the sum of the point weighted by 1, 2 and 3 gets the slopes -0.5, 0.5 and 1.5, which are -1, 0 and 1. The
# points themselves are right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check cvxpylayers==1.2.0 cvxpy==1.9.3 diffcp==1.1.9 scs==3.3.1 clarabel==0.11.1 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sum_squares at [0.3, 0.9, -0.2]: nearest [0.3, 0.9, -0.2]
  slopes [-1.0, 0.0, 1.0], differences [-1.0, 0.0, 1.0]
sum_squares at [0.5, 0.25, 0.25]: nearest [0.5, 0.25, 0.25]
  slopes [-1.0, 0.0, 1.0], differences [-1.0, 0.0, 1.0]
sum_squares at [0.3, 0.9, 0.4]: nearest [0.1, 0.7, 0.2]
  slopes [-1.0, 0.0, 1.0], differences [-1.0, 0.0, 1.0]
norm at [0.3, 0.9, -0.2]: nearest [0.3, 0.9, -0.2]
  slopes [-0.5, 0.5, 1.5], differences [-1.0, 0.0, 1.0]
norm at [0.5, 0.25, 0.25]: nearest [0.5, 0.25, 0.25]
  slopes [-0.5, 0.5, 1.5], differences [-1.0, 0.0, 1.0]
norm at [0.3, 0.9, 0.4]: nearest [0.1, 0.7, 0.2]
  slopes [-1.0, 0.0, 1.0], differences [-1.0, 0.0, 1.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import cvxpy
import torch
from cvxpylayers.torch import CvxpyLayer

x, q = cvxpy.Variable(3), cvxpy.Parameter(3)
weights = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
for name, distance in (("sum_squares", cvxpy.sum_squares(x - q)), ("norm", cvxpy.norm(x - q))):
    layer = CvxpyLayer(cvxpy.Problem(cvxpy.Minimize(distance), [cvxpy.sum(x) == 1]), [q], [x])
    for point in ([0.3, 0.9, -0.2], [0.5, 0.25, 0.25], [0.3, 0.9, 0.4]):
        at = torch.tensor(point, dtype=torch.float64, requires_grad=True)
        (nearest,) = layer(at)
        (slopes,) = torch.autograd.grad(nearest @ weights, at)
        with torch.no_grad():
            steps = [(layer(at + e)[0] - layer(at - e)[0]) @ weights / 0.2 for e in 0.1 * torch.eye(3, dtype=torch.float64)]
        print(f"{name} at {point}: nearest {[round(v, 2) + 0 for v in nearest.tolist()]}")
        print(f"  slopes {[round(v, 2) + 0 for v in slopes.tolist()]}, differences {[round(float(v), 2) + 0 for v in steps]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
