#!/bin/sh
# e3nn 0.6.0: the gradient of axis_angle_to_matrix by the axis is nan for a turn about the y axis, which is the main axis
# here. The matrix is right, and smooth in the axis; it is put together of Euler angles, the arc cosine of y and the angle
# of (x, z), which is (0, 0). quaternion_to_matrix goes the same way. About every other axis the gradient is finite and
# right, a millionth away too.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 e3nn==0.6.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
axis (0, 1, 0): gradient (nan, nan, nan) differences (0.045, 0.0, -0.296)
axis (1e-06, 1, 0): gradient (0.045, 0.0, -0.296) differences (0.045, 0.0, -0.296)
axis (0, 0, 1): gradient (-0.296, 0.045, 0.0) differences (-0.296, 0.045, 0.0)
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from e3nn import o3

torch.set_default_dtype(torch.float64)


def entry(axis):
    matrix = o3.axis_angle_to_matrix(axis, torch.tensor(0.3))
    return matrix[0, 1] if axis[1] > 0.5 else matrix[1, 2]


def shown(slopes):
    return "(" + ", ".join(str(round(float(s), 3) + 0.0) for s in slopes) + ")"


for at in ((0, 1, 0), (1e-6, 1, 0), (0, 0, 1)):
    axis = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(entry(axis), axis)
    with torch.no_grad():
        slopes = [(entry(axis + h) - entry(axis - h)) / 2e-4 for h in 1e-4 * torch.eye(3)]
    print("axis (" + ", ".join(f"{a:g}" for a in at) + "): gradient", shown(gradient), "differences", shown(slopes))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
