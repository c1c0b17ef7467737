#!/bin/sh
# SymPy 1.14.0: in spherical coordinates the derivative of r theta phi in the direction of the unit vector of theta is r phi, by
# directional_derivative and by the vector & Del(); it is phi, the gradient times that vector, and the gradient is right. The
# factor 1 / r is missing, so that the direction counts as if it were as long as r; in the direction of phi it is r sin(theta).
# Of the position r e_r, whose derivative in any direction is that direction, it is 0 along theta and phi, for the vectors e_r,
# e_theta and e_phi turn with the point and count as constants. In Cartesian coordinates both are right. Upstream knows it of
# vector fields, sympy/sympy issues 24465, open, and 27427.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
C.x*C.y along C.i: C.y, by Del C.y, gradient times it C.y
C.x*C.i + C.y*C.j + C.z*C.k along C.i: C.i
C.x*C.y along C.j: C.x, by Del C.x, gradient times it C.x
C.x*C.i + C.y*C.j + C.z*C.k along C.j: C.j
C.x*C.y along C.k: 0, by Del 0, gradient times it 0
C.x*C.i + C.y*C.j + C.z*C.k along C.k: C.k
S.phi*S.r*S.theta along S.e_r: S.phi*S.theta, by Del S.phi*S.theta, gradient times it S.phi*S.theta
S.r*S.e_r along S.e_r: S.e_r
S.phi*S.r*S.theta along S.e_theta: S.phi*S.r, by Del S.phi*S.r, gradient times it S.phi
S.r*S.e_r along S.e_theta: 0
S.phi*S.r*S.theta along S.e_phi: S.r*S.theta, by Del S.r*S.theta, gradient times it S.theta/sin(S.theta)
S.r*S.e_r along S.e_phi: 0
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy.vector import CoordSys3D, Del, directional_derivative, gradient

plain = CoordSys3D("C")
ball = plain.create_new("S", transformation="spherical", variable_names=["r", "theta", "phi"], vector_names=["e_r", "e_theta", "e_phi"])
fields = {plain: (plain.x * plain.y, plain.x * plain.i + plain.y * plain.j + plain.z * plain.k),
          ball: (ball.r * ball.theta * ball.phi, ball.r * ball.e_r)}
for system, (height, position) in fields.items():
    for direction in system.base_vectors():
        slope, other = directional_derivative(height, direction), (direction & Del())(height).doit()
        print(f"{height} along {direction}: {slope}, by Del {other}, gradient times it {gradient(height).dot(direction)}")
        print(f"{position} along {direction}: {directional_derivative(position, direction)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
