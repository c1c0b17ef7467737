#!/bin/sh
# tinygrad 0.14.0: the slope of elu with alpha 2 at 0 is 0. From the left it is 2, from the right
# 1, and any number between them would do; celu of the same input answers 1.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tinygrad==0.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
-0.001 elu 2.0 celu 1.0
0.0 elu 0.0 celu 1.0
0.001 elu 1.0 celu 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
from tinygrad import Tensor
for at in (-1e-3, 0.0, 1e-3):
    x = Tensor([at])
    slopes = [f(x).sum().gradient(x)[0].item() for f in (lambda x: x.elu(2.0), lambda x: x.celu(2.0))]
    print(at, "elu", round(slopes[0], 2), "celu", round(slopes[1], 2))
ASK
cd "$folder"
DEV=PYTHON OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
