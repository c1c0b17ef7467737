#!/bin/sh
# ad 1.5.1: the derivative of a logarithm by its base is 0, without a word. admath.log(x, b) is ln x / ln b, with the slope
# -ln x / (b ln^2 b) by b, -2.164 for 8 and 2; by x it is right, and so are both if the quotient is written out. The
# base may be a number with derivatives, whose own are dropped; in a sum with other terms in b only those are left. atan2,
# hypot and power have both derivatives.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check ad==1.5.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
log(x, b): gradient 0.180 0.000 differences 0.180 -2.164
log(x) / log(b): gradient 0.180 -2.164 differences 0.180 -2.164
log(x, b) + b: gradient 0.180 1.000 differences 0.180 -1.164
power(x, b): gradient 16.000 133.084 differences 16.000 133.084
atan2(x, b): gradient 0.029 -0.118 differences 0.029 -0.118
hypot(x, b): gradient 0.970 0.243 differences 0.970 0.243
SEEN
cat >"$folder/ask.py" <<'ASK'
from ad import adnumber
from ad.admath import atan2, hypot, log, power

functions = {
    "log(x, b)": log,
    "log(x) / log(b)": lambda x, b: log(x) / log(b),
    "log(x, b) + b": lambda x, b: log(x, b) + b,
    "power(x, b)": power,
    "atan2(x, b)": atan2,
    "hypot(x, b)": hypot,
}
h = 1e-5
for name, f in functions.items():
    x, b = adnumber(8.0), adnumber(2.0)
    by_x, by_b = f(x, b).gradient([x, b])
    differences = (f(8 + h, 2.0) - f(8 - h, 2.0)) / (2 * h), (f(8.0, 2 + h) - f(8.0, 2 - h)) / (2 * h)
    print(f"{name}: gradient {by_x:.3f} {by_b:.3f} differences", *(f"{slope:.3f}" for slope in differences))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
