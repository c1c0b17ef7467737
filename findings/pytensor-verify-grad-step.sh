#!/bin/sh
# PyTensor 3.0.7: verify_grad rejects the exact gradient of x^2 at x = 1,000,000, and that of ln x at 0.000001, in
# double precision. Its step is 1e-7 whatever the size of x: next to a million most of its digits are lost, and
# next to a millionth it is a tenth of the way to the pole. At 1 both pass.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytensor==3.0.7 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x^2 at 1: holds
x^2 at 1e+06: rejected
ln x at 1: holds
ln x at 1e-06: rejected
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy
import pytensor
import pytensor.tensor as pt
from pytensor.gradient import verify_grad

pytensor.config.cxx = ""
for name, f, x in (("x^2", pt.sqr, 1.0), ("x^2", pt.sqr, 1e6), ("ln x", pt.log, 1.0), ("ln x", pt.log, 1e-6)):
    try:
        verify_grad(f, [numpy.full(3, x)], rng=numpy.random.default_rng(0))
        verdict = "holds"
    except pytensor.gradient.GradientError:
        verdict = "rejected"
    print(f"{name} at {x:g}: {verdict}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
