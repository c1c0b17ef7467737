#!/bin/sh
# SymPy 1.14.0: in cylindrical coordinates scalar_potential gives a function whose gradient is another field. Of theta e_r +
# e_theta, the gradient of r theta, it answers theta, whose gradient is e_theta / r; of e_theta / r, the gradient of theta, it
# answers theta / r. In spherical coordinates it is alike. What stands before e_theta is integrated over theta without the
# factor r, the length of a turn by one; gradient has it, and is_conservative says True of each of these. Fields along e_r
# alone, and Cartesian coordinates, are right. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
gradient of C.x*C.y**2: C.y**2*C.i + 2*C.x*C.y*C.j, conservative True, potential C.x*C.y**2, its gradient C.y**2*C.i + 2*C.x*C.y*C.j
gradient of P.r**2: 2*P.r*P.e_r, conservative True, potential P.r**2, its gradient 2*P.r*P.e_r
gradient of P.r*P.theta: P.theta*P.e_r + P.e_theta, conservative True, potential P.theta, its gradient 1/P.r*P.e_theta
gradient of P.theta: 1/P.r*P.e_theta, conservative True, potential P.theta/P.r, its gradient (-P.theta/P.r**2)*P.e_r + (P.r**(-2))*P.e_theta
gradient of 1/S.r: (-1/S.r**2)*S.e_r, conservative True, potential 1/S.r, its gradient (-1/S.r**2)*S.e_r
gradient of S.r*S.theta: S.theta*S.e_r + S.e_theta, conservative True, potential S.theta, its gradient 1/S.r*S.e_theta
SEEN
cat >"$folder/ask.py" <<'ASK'
import sympy
from sympy.vector import CoordSys3D, gradient, is_conservative, scalar_potential

plain = CoordSys3D("C")
tube = plain.create_new("P", transformation="cylindrical", vector_names=["e_r", "e_theta", "e_z"])
ball = plain.create_new("S", transformation="spherical", vector_names=["e_r", "e_theta", "e_phi"])
for system, height in ((plain, plain.x * plain.y**2), (tube, tube.r**2), (tube, tube.r * tube.theta), (tube, tube.theta),
                       (ball, 1 / ball.r), (ball, ball.r * ball.theta)):
    field = gradient(height)
    found = sympy.simplify(scalar_potential(field, system))
    print(f"gradient of {height}: {field}, conservative {is_conservative(field)}, potential {found}, its gradient {gradient(found)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
