#!/bin/sh
# CasADi 3.8.2: the inverse error function is odd, and CasADi's is not: from 0.7 on all digits are right, and from -0.7 down
# six or seven. erfinv(-0.7) is -0.7328667, and the truth -0.7328691; there it jumps, so that it falls from -0.7000001 to
# -0.7, although it rises everywhere. Just inside, at 0.69 and -0.69, six digits are right too. Its derivative is computed from
# the value and inherits the error, and differences across the jump say 1.659 where the derivative is 1.516.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check casadi==3.8.2 scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
 0.30: CasADi  0.272462715 SciPy  0.272462715 derivative 0.9545
-0.30: CasADi -0.272462715 SciPy -0.272462715 derivative 0.9545
 0.69: CasADi  0.717868963 SciPy  0.717870384 derivative 1.4837
-0.69: CasADi -0.717868963 SciPy -0.717870384 derivative 1.4837
 0.70: CasADi  0.732869078 SciPy  0.732869078 derivative 1.5164
-0.70: CasADi -0.732866668 SciPy -0.732869078 derivative 1.5164
 0.99: CasADi  1.821386368 SciPy  1.821386368 derivative 24.4509
-0.99: CasADi -1.821386408 SciPy -1.821386368 derivative 24.4509
rises from 0.7 to 0.7000001: True
rises from -0.7000001 to -0.7: True
differences at -0.7: 1.6594
SEEN
cat >"$folder/ask.py" <<'ASK'
import casadi
from scipy.special import erfinv

x = casadi.SX.sym("x")
f = casadi.Function("f", [x], [casadi.erfinv(x), casadi.jacobian(casadi.erfinv(x), x)])


def value(x):
    return float(f(x)[0])


for size in (0.3, 0.69, 0.7, 0.99):
    for at in (size, -size):
        print(f"{at:5.2f}: CasADi {value(at):12.9f} SciPy {erfinv(at):12.9f} derivative {float(f(at)[1]):.4f}")
print("rises from 0.7 to 0.7000001:", value(0.7) < value(0.7000001))
print("rises from -0.7000001 to -0.7:", value(-0.7000001) < value(-0.7))
print(f"differences at -0.7: {(value(-0.7 + 1e-5) - value(-0.7 - 1e-5)) / 2e-5:.4f}")
ASK
cd "$folder"
env/bin/python ask.py >seen
cat seen
diff -u expected seen
