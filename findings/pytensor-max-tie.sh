#!/bin/sh
# pytensor 3.0.7: the gradient of max of (1, 1, 0) is (1, 1, 0), so that max of [x, x], which is
# x, has slope 2. maximum of two numbers gives (1, 0).
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytensor==3.0.7 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
max([x, x]) 2.0
maximum(x, x) 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import pytensor
import pytensor.tensor as pt
pytensor.config.cxx = ""
x = pt.dscalar("x")
for name, y in {"max([x, x])": pt.max(pt.stack([x, x])), "maximum(x, x)": pt.maximum(x, x)}.items():
    print(name, float(pytensor.function([x], pytensor.grad(y, x))(1.0)))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
