#!/bin/sh
# MindSpore 2.10.0: lgamma of float64 has all digits, and its gradient, which is float64 too, those of float32. The slope
# is the digamma function, which is computed in single precision and put into a double. A gradient check in double
# precision rejects it, and it is right to 7 digits. erf's gradient has all digits.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check mindspore==2.10.0 numpy==1.26.4 scipy==1.15.3 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
lgamma value Float64 double
lgamma slope Float64 single
erf value Float64 double
erf slope Float64 double
SEEN
cat >"$folder/ask.py" <<'ASK'
import math

import mindspore as ms
from mindspore import ops
from scipy.special import digamma

ms.set_device("CPU")
x = ms.Tensor(20.0, ms.float64)
half = ms.Tensor(0.5, ms.float64)


def digits(value, truth):
    error = abs(float(value.asnumpy()) / truth - 1)
    return "double" if error < 1e-14 else "single" if 1e-9 < error < 1e-6 else error


for name, f, at, value, slope in (
    ("lgamma", ops.lgamma, x, math.lgamma(20), digamma(20)),
    ("erf", ops.erf, half, math.erf(0.5), 2 / math.sqrt(math.pi) * math.exp(-0.25)),
):
    for what, came, truth in (("value", f(at), value), ("slope", ms.grad(f)(at), slope)):
        print(name, what, came.dtype, digits(came, truth))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
