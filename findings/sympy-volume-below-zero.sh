#!/bin/sh
# SymPy 1.14.0: the integral of 1 over the unit ball is -4 pi / 3 if its parameters are named in the order r, theta, phi, and 4
# pi / 3 in the order r, phi, theta. The volume element is the determinant of the Jacobian matrix, whose size belongs there; its
# sign is kept, though the field is a scalar. Of x^2 over a cylinder the integral is negative too. The area of a surface or of a
# disc, which goes over a length, is positive in either order. Where the determinant changes its sign parts cancel: a cylinder
# whose radius runs from -1 to 1 over half a turn has the volume 0. Upstream knows it, open: sympy/sympy issue 25408.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
integral of 1 over the ball, r theta phi: -4*pi/3
integral of 1 over the ball, r phi theta: 4*pi/3
integral of C.x**2 over the cylinder, r theta z: pi/4
integral of C.x**2 over the cylinder, theta r z: -pi/4
integral of 1 over the sphere, theta phi: 4*pi
integral of 1 over the sphere, phi theta: 4*pi
integral of 1 over the disc, theta r: pi
integral of 1 over the disc, r theta: pi
integral of 1 over the cylinder, r theta z, r from -1: 0
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import cos, pi, sin, symbols
from sympy.vector import CoordSys3D, ParametricRegion, vector_integrate

r, theta, phi, z = symbols("r theta phi z")
x = CoordSys3D("C").x
ball = (r * cos(theta) * sin(phi), r * sin(theta) * sin(phi), r * cos(phi))
sphere = tuple(part.subs(r, 1) for part in ball)
disc = (r * cos(theta), r * sin(theta))
radius, turn, height, full = (r, 0, 1), (theta, 0, 2 * pi), (phi, 0, pi), (z, 0, 1)
for name, field, body, *limits in (
    ("ball, r theta phi", 1, ball, radius, turn, height), ("ball, r phi theta", 1, ball, radius, height, turn),
    ("cylinder, r theta z", x**2, (*disc, z), radius, turn, full), ("cylinder, theta r z", x**2, (*disc, z), turn, radius, full),
    ("sphere, theta phi", 1, sphere, turn, height), ("sphere, phi theta", 1, sphere, height, turn),
    ("disc, theta r", 1, disc, turn, radius), ("disc, r theta", 1, disc, radius, turn),
    ("cylinder, r theta z, r from -1", 1, (*disc, z), (r, -1, 1), (theta, 0, pi), full)):
    print(f"integral of {field} over the {name}: {vector_integrate(field, ParametricRegion(body, *limits))}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
