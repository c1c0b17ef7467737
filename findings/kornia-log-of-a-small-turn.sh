#!/bin/sh
# Kornia 0.9.0: the logarithm of a quaternion is too small near the identity, in double precision: of a turn with half
# angle 1e-9 it is 1e-10, and its slope 0.1, where the conversion to axis and angle answers 1e-9 and 1; at the identity itself
# the slope is 0, so that a loss of it moves nothing. The norm in the denominator is kept above 1e-8.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 kornia==0.9.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
half angle 1e-07: log 1e-07 slope 1; half of axis_angle 1e-07 slope 1
half angle 1e-09: log 1e-10 slope 0.1; half of axis_angle 1e-09 slope 1
half angle 0: log 0 slope 0; half of axis_angle 0 slope 1
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from kornia.geometry.conversions import quaternion_exp_to_log, quaternion_to_axis_angle


def at(f, half):
    quaternion = torch.tensor([[1.0, half, 0.0, 0.0]], dtype=torch.float64)
    slope = torch.autograd.functional.jacobian(f, quaternion)[0, 1, 0, 2]
    return f"{f(quaternion)[0, 0].item():.3g} slope {slope.item():.3g}"


for half in (1e-7, 1e-9, 0.0):
    halved = lambda q: quaternion_to_axis_angle(q) / 2
    print(f"half angle {half:g}: log {at(quaternion_exp_to_log, half)}; half of axis_angle {at(halved, half)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
