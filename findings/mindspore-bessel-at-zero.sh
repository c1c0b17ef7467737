#!/bin/sh
# MindSpore 2.10.0: the slope of the Bessel function I1 at 0 is 1 by ms.grad, and it is one half. The function is smooth,
# and 0.001 to the right the slope comes as one half; the value is right in both places. Its formula divides I1 by x,
# and takes 1 for the quotient at 0, whose limit is one half.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check mindspore==2.10.0 numpy==1.26.4 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = 0: I1 0 slope 1
x = 0.001: I1 0.0005 slope 0.5
SEEN
cat >"$folder/ask.py" <<'ASK'
import mindspore as ms
from mindspore import ops

ms.set_device("CPU")
for at in (0.0, 0.001):
    x = ms.Tensor(at, ms.float64)
    value, slope = ops.bessel_i1(x).asnumpy(), ms.grad(ops.bessel_i1)(x).asnumpy()
    print(f"x = {at:g}: I1 {float(value):g} slope {float(slope):.6g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
