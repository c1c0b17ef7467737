#!/bin/sh
# CasADi 3.8.2: the derivative of x^p by its base, by forward mode, is NaN at x = 0 and at x < 0 in a
# graph of MX, where p is an input too, though p is not moved: the part of ln(x) is multiplied by 0 and
# not left out. Reverse mode, and the same graph of SX, give p x^(p - 1).
# Seen in November 2026 on Linux, Python 3.11; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check casadi==3.8.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
MX [2, 3] forward 12.0 reverse 12.0
MX [-2, 3] forward NaN reverse 12.0
MX [0, 2] forward NaN reverse 0.0
SX [2, 3] forward 12.0 reverse 12.0
SX [-2, 3] forward 12.0 reverse 12.0
SX [0, 2] forward 0.0 reverse 0.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import math
import casadi as ca

for kind in (ca.MX, ca.SX):
    v = kind.sym("v", 2)
    power = v[0] ** v[1]
    forward = ca.Function("forward", [v], [ca.jtimes(power, v, ca.DM([1, 0]))])
    reverse = ca.Function("reverse", [v], [ca.gradient(power, v)[0]])
    for at in ([2, 3], [-2, 3], [0, 2]):
        one, two = float(forward(at)), float(reverse(at))
        print(kind.__name__, at, "forward", "NaN" if math.isnan(one) else one, "reverse", two)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
