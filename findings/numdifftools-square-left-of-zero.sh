#!/bin/sh
# numdifftools 0.11.2: with method="multicomplex" the second derivative of x ** 2 at -30 is 0.45, without a word; it is 2. The
# method is there to be exact to the last digit. To the right of 0 it is, and so is x * x, but ** goes by the angle of a
# number, and left of 0 that is pi, beside which a small step is rounded; so it is with arctan, which is off on both sides,
# and a Hessian has the same. The first derivative of log1p at -0.3 comes with the wrong sign. Methods "central" and "complex"
# are right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check numdifftools==0.11.2 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
derivative 2 of x ** 2 at -30: multicomplex 0.45, complex 2.00, central 2.00, it is 2.00
derivative 2 of x ** 2 at 30: multicomplex 2.00, complex 2.00, central 2.00, it is 2.00
derivative 2 of x * x at -30: multicomplex 2.00, complex 2.00, central 2.00, it is 2.00
derivative 2 of x ** 3 at -1.5: multicomplex -8.74, complex -9.00, central -9.00, it is -9.00
derivative 2 of arctan at 0.3: multicomplex -0.53, complex -0.51, central -0.51, it is -0.51
derivative 2 of arctan at 3: multicomplex -0.05, complex -0.06, central -0.06, it is -0.06
derivative 1 of log1p at -0.3: multicomplex -0.77, complex 1.43, central 1.43, it is 1.43
SEEN
cat >"$folder/ask.py" <<'ASK'
import numdifftools as nd
import numpy as np

asked = {
    "x ** 2 at -30": (lambda x: x**2, -30.0, 2, 2),
    "x ** 2 at 30": (lambda x: x**2, 30.0, 2, 2),
    "x * x at -30": (lambda x: x * x, -30.0, 2, 2),
    "x ** 3 at -1.5": (lambda x: x**3, -1.5, 2, -9),
    "arctan at 0.3": (np.arctan, 0.3, 2, -0.6 / 1.09**2),
    "arctan at 3": (np.arctan, 3.0, 2, -0.06),
    "log1p at -0.3": (np.log1p, -0.3, 1, 1 / 0.7),
}
for what, (f, x, order, truth) in asked.items():
    found = [f"{m} {nd.Derivative(f, n=order, method=m)(x):.2f}" for m in ("multicomplex", "complex", "central")]
    print(f"derivative {order} of {what}: {', '.join(found)}, it is {truth:.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
