#!/bin/sh
# pymanopt 2.2.1: the exponential map of the complex circle leaves the circle. It writes its result to a real array, so
# that the imaginary part is lost: at i a velocity of 0 leads to 0 instead of to i, and the length of a step that is
# measured afterwards is not the one that was made. NumPy says ComplexWarning. The retraction, which the optimisers
# call, stays on the circle.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pymanopt==2.2.1 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
velocity 0.0: exp 0.000+0.000j of modulus 0.000, distance 1.571; retraction of modulus 1.000, distance 0.000
velocity 0.3: exp -0.296+0.000j of modulus 0.296, distance 1.571; retraction of modulus 1.000, distance 0.291
velocity 1.0: exp -0.841+0.000j of modulus 0.841, distance 1.571; retraction of modulus 1.000, distance 0.785
exp by the formula, velocity 0.3: -0.296+0.955j
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from pymanopt.manifolds import ComplexCircle

circle = ComplexCircle(1)
point = np.array([1j])


def told(end):
    return f"of modulus {abs(end[0]):.3f}, distance {circle.dist(point, end):.3f}"


for speed in (0.0, 0.3, 1.0):
    velocity = speed * 1j * point
    end = circle.exp(point, velocity)
    print(f"velocity {speed}: exp {complex(end[0]) + 0:.3f} {told(end)}; retraction", told(circle.retraction(point, velocity)))
print(f"exp by the formula, velocity 0.3: {(point * np.exp(0.3j))[0]:.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
