#!/bin/sh
# ALGOPY 0.7.2: by reverse mode the gradient of x ** -1 is 0, without a word, and so is that of any negative whole power; of
# x ** -1.0, with a point, it is right. The value is right, so are the derivatives by forward mode, and both modes for -0.5, for
# 1 / x and for powers that are not negative. A sum such as x + x ** -1 keeps the slope of its first part, and nothing is nan.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check algopy==0.7.2 scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x ** 3: reverse mode 12.000 0.750, forward mode 12.000 0.750, differences 12.000 0.750
x ** 2: reverse mode 4.000 1.000, forward mode 4.000 1.000, differences 4.000 1.000
x ** -1: reverse mode 0.000 0.000, forward mode -0.250 -4.000, differences -0.250 -4.000
x ** -2: reverse mode 0.000 0.000, forward mode -0.250 -16.000, differences -0.250 -16.000
x ** -3: reverse mode 0.000 0.000, forward mode -0.188 -48.000, differences -0.188 -48.000
x ** -0.5: reverse mode -0.177 -1.414, forward mode -0.177 -1.414, differences -0.177 -1.414
x ** -1.0: reverse mode -0.250 -4.000, forward mode -0.250 -4.000, differences -0.250 -4.000
1 / x: reverse mode -0.250 -4.000, forward mode -0.250 -4.000, differences -0.250 -4.000
x + x ** -1: reverse mode 1.000 1.000, forward mode 0.750 -3.000, differences 0.750 -3.000
SEEN
cat >"$folder/ask.py" <<'ASK'
import algopy
import numpy as np
from algopy import UTPM

point = np.array([2.0, 0.5])


def by_reverse(f):
    graph = algopy.CGraph()
    x = algopy.Function(point)
    y = f(x)
    graph.trace_off()
    graph.independentFunctionList, graph.dependentFunctionList = [x], [y]
    return graph.gradient(point)


def by_forward(f):
    return UTPM.extract_jacobian(f(UTPM.init_jacobian(point)))


def by_differences(f, h=1e-6):
    return [(f(point + e) - f(point - e)) / (2 * h) for e in h * np.eye(2)]


sums = {f"x ** {p:g}": (lambda x, p=p: algopy.sum(x**p)) for p in (3, 2, -1, -2, -3, -0.5)}
sums["x ** -1.0"] = lambda x: algopy.sum(x**-1.0)
sums["1 / x"] = lambda x: algopy.sum(1.0 / x)
sums["x + x ** -1"] = lambda x: algopy.sum(x + x**-1)
for name, f in sums.items():
    found = [" ".join(f"{s + 0:.3f}" for s in np.ravel(way(f))) for way in (by_reverse, by_forward, by_differences)]
    print(f"{name}: reverse mode {found[0]}, forward mode {found[1]}, differences {found[2]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
