#!/bin/sh
# autograd 1.9.1: the derivative of rgamma, 1 / Gamma, at 0 is nan. The function is smooth everywhere, which is what it is there
# for; its slope at 0 is 1, and at -1 it is -1, and a thousandth beside autograd answers so. The slope of gammainc(150, x) by x
# at 150, where it is 0.0326, is inf, and that of gammainc(200, x) nan: a factor overflows that the rest would bring back. The
# values of both are right at all these points.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check autograd==1.9.1 scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
rgamma at 0: value 0.0000, slope nan, differences 1.0000
rgamma at 0.001: value 0.0010, slope 1.0012, differences 1.0012
rgamma at -1: value 0.0000, slope nan, differences -1.0000
rgamma at -1.001: value 0.0010, slope -1.0008, differences -1.0008
rgamma at 2.5: value 0.7523, slope -0.5290, differences -0.5290
gammainc(20, x) at 20: value 0.5297, slope 0.0888, differences 0.0888
gammainc(140, x) at 140: value 0.5112, slope 0.0337, differences 0.0337
gammainc(150, x) at 150: value 0.5109, slope inf, differences 0.0326
gammainc(200, x) at 200: value 0.5094, slope nan, differences 0.0282
SEEN
cat >"$folder/ask.py" <<'ASK'
from autograd import grad
from autograd.scipy.special import gammainc, rgamma


def slopes(name, f, at, step):
    differences = (f(at + step) - f(at - step)) / (2 * step)
    print(f"{name} at {at:g}: value {f(at):.4f}, slope {grad(f)(at):.4f}, differences {differences:.4f}")


for at in (0.0, 0.001, -1.0, -1.001, 2.5):
    slopes("rgamma", rgamma, at, 1e-5)
for a in (20.0, 140.0, 150.0, 200.0):
    slopes(f"gammainc({a:g}, x)", lambda x, a=a: gammainc(a, x), a, 1e-3)
ASK
cd "$folder"
env/bin/python -W ignore ask.py >seen
cat seen
diff -u expected seen
