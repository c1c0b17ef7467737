#!/bin/sh
# SymPy 1.14.0: the spherical harmonic Ynm(1, 0, x, 0) is 0.489 cos(x), an even function, and the slope at -0.4 comes as -0.19
# for 0.19. At a negative angle theta Ynm turns the angle's sign, which it does for every order; the derivative is a formula
# with cot(theta) in which the harmonics are turned and the cotangent is not, so that for the order 1 it is neither the slope of
# the value nor of the formula that expand_func writes out. For the latter a harmonic of odd order m has a sine that changes its
# sign, and Ynm's own value does not. At positive angles all agree. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Y(1, 0): slope sqrt(2)*Ynm(1, 1, x, 0), written out at 1: 0.2640
  at 0.4: value 0.4500, slope -0.1903, differences -0.1903, written out 0.4500, its slope -0.1903
  at -0.4: value 0.4500, slope -0.1903, differences 0.1903, written out 0.4500, its slope 0.1903
Y(2, 1): slope cot(x)*Ynm(2, 1, x, 0) + 2*Ynm(2, 2, x, 0), written out at 1: -0.3512
  at 0.4: value -0.2771, slope -0.5382, differences -0.5382, written out -0.2771, its slope -0.5382
  at -0.4: value -0.2771, slope 0.7725, differences 0.5382, written out 0.2771, its slope -0.5382
Y(3, 1): slope cot(x)*Ynm(3, 1, x, 0) + sqrt(10)*Ynm(3, 2, x, 0), written out at 1: -0.1250
  at 0.4: value -0.4080, slope -0.5136, differences -0.5136, written out -0.4080, its slope -0.5136
  at -0.4: value -0.4080, slope 1.4164, differences 0.5136, written out 0.4080, its slope -0.5136
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import N, Rational, Symbol, Ynm, expand_func

x, h = Symbol("x"), Rational(1, 10**6)
for n, m in ((1, 0), (2, 1), (3, 1)):
    f = Ynm(n, m, x, 0)
    written = expand_func(f)
    print(f"Y({n}, {m}): slope {f.diff(x)}, written out at 1: {N(written.subs(x, 1), 4)}")
    for at in (Rational(2, 5), Rational(-2, 5)):
        told = {"value": f.subs(x, at), "slope": f.diff(x).subs(x, at),
                "differences": (N(f.subs(x, at + h), 25) - N(f.subs(x, at - h), 25)) / (2 * h),
                "written out": written.subs(x, at), "its slope": written.diff(x).subs(x, at)}
        print(f"  at {float(at)}:", ", ".join(f"{name} {float(N(value)):.4f}" for name, value in told.items()))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
