#!/bin/sh
# uncertainties 3.2.3: the derivative of x ** 2.5 at 0 is nan, and with it the uncertainty of the result. It
# is 0, as that of x ** 3 is, and it is answered at every x > 0, however small. ad 1.5.1, another library of
# derivatives, answers 0.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check uncertainties==3.2.3 ad==1.5.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x ** 3 at 0: 0 slope 0 uncertainty 0 ad 0
x ** 3 at 1e-09: 1e-27 slope 3e-18 uncertainty 3e-19 ad 3e-18
x ** 2.5 at 0: 0 slope nan uncertainty nan ad 0
x ** 2.5 at 1e-09: 3.2e-23 slope 7.9e-14 uncertainty 7.9e-15 ad 7.9e-14
SEEN
cat >"$folder/ask.py" <<'ASK'
import ad
from uncertainties import ufloat

for power in (3, 2.5):
    for at in (0.0, 1e-9):
        x = ufloat(at, 0.1)
        y = x**power
        other = ad.adnumber(at)
        print(f"x ** {power} at {at:g}: {y.nominal_value:.2g} slope {y.derivatives[x]:.2g} uncertainty {y.std_dev:.2g}",
              f"ad {(other**power).d(other):.2g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
