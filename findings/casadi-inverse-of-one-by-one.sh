#!/bin/sh
# CasADi 3.8.2: the Jacobian of the inverse of a 1 by 1 matrix is 0 in a graph of MX, without a word. Of inv(x) at 2 it is
# -0.25, which jtimes and a graph of SX answer; inv of 2 by 2 and 1 / x are right. The pattern of the Jacobian says that there
# is nothing to fill in, so that rootfinder refuses inv(x) = 0.25 as singular. The same are exp(inv(x)) and all that reads x
# through the inverse alone; where x comes in another way too, as in inv(x) + ln x, the slope is right, both parts.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check casadi==3.8.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
inv(x) at 2: MX jacobian 0.000, MX jtimes -0.250, SX jacobian -0.250, SX jtimes -0.250, differences -0.250
1 / x at 2: MX jacobian -0.250, MX jtimes -0.250, SX jacobian -0.250, SX jtimes -0.250, differences -0.250
first column of inv of 2 by 2: MX jacobian -0.167 -0.167, MX jtimes -0.167 -0.167, SX jacobian -0.167 -0.167, SX jtimes -0.167 -0.167, differences -0.167 -0.167
exp(inv(x)) at 2: MX jacobian 0.000, MX jtimes -0.412, SX jacobian -0.412, SX jtimes -0.412, differences -0.412
inv(x) + ln x at 2: MX jacobian 0.250, MX jtimes 0.250, SX jacobian 0.250, SX jtimes 0.250, differences 0.250
inv(x) = 0.25 is refused, singular: True
1 / x = 0.25 for x = 4.000
SEEN
cat >"$folder/ask.py" <<'ASK'
import casadi as ca


def show(what, f, at):
    line = []
    for kind in (ca.MX, ca.SX):
        x = kind.sym("x", *at.shape)
        y = f(x)
        push = ca.DM.ones(at.shape)
        asked = {"jacobian": ca.sum2(ca.jacobian(y, x)), "jtimes": ca.jtimes(y, x, push)}
        for name, slope in asked.items():
            found = ca.Function("slope", [x], [slope])(at).full().ravel()
            line.append(f"{kind.__name__} {name} {' '.join(f'{v:.3f}' for v in found)}")
    ends = [f(at + step).full().ravel() for step in (1e-6, -1e-6)]
    print(f"{what}: {', '.join(line)}, differences {' '.join(f'{v:.3f}' for v in (ends[0] - ends[1]) / 2e-6)}")


show("inv(x) at 2", ca.inv, ca.DM(2))
show("1 / x at 2", lambda x: 1 / x, ca.DM(2))
show("first column of inv of 2 by 2", lambda x: ca.inv(x)[:, 0], ca.DM([[2, 1], [0, 3]]))
show("exp(inv(x)) at 2", lambda x: ca.exp(ca.inv(x)), ca.DM(2))
show("inv(x) + ln x at 2", lambda x: ca.inv(x) + ca.log(x), ca.DM(2))
x = ca.MX.sym("x")
for name, f in (("inv(x)", ca.inv(x)), ("1 / x", 1 / x)):
    try:
        solve = ca.rootfinder("solve", "newton", {"x": x, "g": f - 0.25})
        print(f"{name} = 0.25 for x = {float(solve(x0=1)['x']):.3f}")
    except RuntimeError as refused:
        print(f"{name} = 0.25 is refused, singular: {'structurally rank-deficient' in str(refused)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
