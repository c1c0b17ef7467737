#!/bin/sh
# tinygrad 0.14.0: the slopes of erf, asin, acos and atan at 0 are 0. They are 1.13, 1, -1 and 1, which
# comes a thousandth to the right. The functions are smooth; each is put together from the sign and
# the absolute value of x, whose slopes at 0 are 0.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tinygrad==0.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
erf at 0: 0.0 at 0.001: 1.13
asin at 0: 0.0 at 0.001: 1.0
acos at 0: 0.0 at 0.001: -1.0
atan at 0: 0.0 at 0.001: 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
from tinygrad import Tensor
for name in ("erf", "asin", "acos", "atan"):
    slopes = []
    for at in (0.0, 1e-3):
        x = Tensor([at])
        slopes.append(round(getattr(x, name)().sum().gradient(x)[0].item(), 2))
    print(name, "at 0:", slopes[0], "at 0.001:", slopes[1])
ASK
cd "$folder"
DEV=PYTHON OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
