#!/bin/sh
# PyDyNet 1.1: the gradient of x ** 2 at 0 is nan, and that of x ** 1, x ** 3 and x ** 4 too. The slope of the power n is
# taken as x ** n times n divided by x, which is 0 through 0 there. A penalty written with w ** 2 makes nan of each weight
# that is 0, as biases are at the start; written as w * w it is right, and so is the power anywhere else.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pydynet==1.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
slope of the power 1 at 0: x ** n nan, x * ... * x 1, it is 1
slope of the power 1 at 0.001: x ** n 1, x * ... * x 1, it is 1
slope of the power 1 at 2: x ** n 1, x * ... * x 1, it is 1
slope of the power 2 at 0: x ** n nan, x * ... * x 0, it is 0
slope of the power 2 at 0.001: x ** n 0.002, x * ... * x 0.002, it is 0.002
slope of the power 2 at 2: x ** n 4, x * ... * x 4, it is 4
slope of the power 3 at 0: x ** n nan, x * ... * x 0, it is 0
slope of the power 3 at 0.001: x ** n 3e-06, x * ... * x 3e-06, it is 3e-06
slope of the power 3 at 2: x ** n 12, x * ... * x 12, it is 12
slope of the power 4 at 0: x ** n nan, x * ... * x 0, it is 0
slope of the power 4 at 0.001: x ** n 4e-09, x * ... * x 4e-09, it is 4e-09
slope of the power 4 at 2: x ** n 32, x * ... * x 32, it is 32
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import pydynet

for power in (1, 2, 3, 4):
    for point in (0.0, 1e-3, 2.0):
        line = []
        for way in ("x ** n", "x * ... * x"):
            x = pydynet.Tensor([point], dtype=np.float64, requires_grad=True)
            y = x**power if way == "x ** n" else x
            for _ in range(0 if way == "x ** n" else power - 1):
                y = y * x
            pydynet.sum(y).backward()
            line.append(f"{way} {x.grad[0]:g}")
        print(f"slope of the power {power} at {point:g}: {', '.join(line)}, it is {power * point ** (power - 1):g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
