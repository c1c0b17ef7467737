#!/bin/sh
# PyTensor 3.0.7: the derivative of gammaincc by its first argument, the shape, is wrong where both
# arguments are large. gammainc and gammaincc add up to 1, so that the two derivatives differ in the
# sign alone; gammainc's is right. gammaincc's is 5 % off at (20, 20) and beyond 1e20 at (50, 45).
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytensor==3.0.7 mpmath==1.3.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
shape 2 at 3: -0.1974 0.1974 truth -0.1974
shape 20 at 20: -0.0896 0.0856 truth -0.0896
shape 50 at 50: -0.0565 0.0379 truth -0.0565
shape 50 at 45: -0.0455 beyond 1e20 truth -0.0455
SEEN
cat >"$folder/ask.py" <<'ASK'
import mpmath
import pytensor
import pytensor.tensor as pt

pytensor.config.cxx = ""
a, x = pt.dscalars("a", "x")
slopes = pytensor.function([a, x], [pytensor.grad(f(a, x), a) for f in (pt.gammainc, pt.gammaincc)])
for shape, at in ((2, 3), (20, 20), (50, 50), (50, 45)):
    lower, upper = (float(v) for v in slopes(shape, at))
    truth = mpmath.diff(lambda s, at=at: mpmath.gammainc(s, 0, at, regularized=True), shape)
    shown = "beyond 1e20" if upper > 1e20 else f"{upper:.4f}"
    print(f"shape {shape} at {at}: {lower:.4f} {shown} truth {float(truth):.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
