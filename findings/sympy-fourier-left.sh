#!/bin/sh
# SymPy 1.14.0: the Fourier transform of 1 / (1 + x^2) is pi e^(-2 pi k) also for negative k, where it grows beyond bounds: 20.7
# at -0.3, which is 0.477. The transform of an even function is even, pi e^(-2 pi |k|); what was found for positive k is
# answered for all, even if k is declared negative. 1 / (1 + x^2)^2 is alike, and x / (1 + x^2) with a negative k has the wrong
# sign besides. The transforms of e^(-x^2) and e^(-|x|) are right. Upstream knows it, open since 2019: sympy/sympy issue 18136.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 mpmath==1.3.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1/(x**2 + 1), k real: pi*exp(-2*pi*k)
  at 0.3: 0.4770+0.0000j, by the integral 0.4770+0.0000j
  at -0.3: 20.6907+0.0000j, by the integral 0.4770+0.0000j
1/(x**2 + 1), k negative: pi*exp(-2*pi*k)
  at -0.3: 20.6907+0.0000j, by the integral 0.4770+0.0000j
(x**2 + 1)**(-2), k real: -pi*(2*pi*k*sinh(2*pi*k) - 2*pi*k*cosh(2*pi*k) + sinh(2*pi*k) - cosh(2*pi*k))/2
  at 0.3: 0.6881+0.0000j, by the integral 0.6881+0.0000j
  at -0.3: -9.1552+0.0000j, by the integral 0.6881+0.0000j
x/(x**2 + 1), k negative: -I*pi*exp(-2*pi*k)
  at -0.3: 0.0000-20.6907j, by the integral 0.0000+0.4770j
exp(-x**2), k real: sqrt(pi)*exp(-pi**2*k**2)
  at 0.3: 0.7291+0.0000j, by the integral 0.7291+0.0000j
  at -0.3: 0.7291+0.0000j, by the integral 0.7291+0.0000j
exp(-Abs(x)), k real: 2/(4*pi**2*k**2 + 1)
  at 0.3: 0.4393+0.0000j, by the integral 0.4393+0.0000j
  at -0.3: 0.4393+0.0000j, by the integral 0.4393+0.0000j
SEEN
cat >"$folder/ask.py" <<'ASK'
import mpmath
import sympy
from sympy import Abs, Rational, exp, fourier_transform

x, negative = sympy.Symbol("x", real=True), sympy.Symbol("k", negative=True)
real = sympy.Symbol("k", real=True)
for f, k in ((1 / (1 + x**2), real), (1 / (1 + x**2), negative), (1 / (1 + x**2) ** 2, real), (x / (1 + x**2), negative),
             (exp(-(x**2)), real), (exp(-Abs(x)), real)):
    found = fourier_transform(f, x, k)
    print(f"{f}, k {'negative' if k == negative else 'real'}: {found}")
    for at in (Rational(3, 10), Rational(-3, 10)):
        if k == negative and at > 0:
            continue
        even = f.subs(x, -x) == f
        wave, start = (mpmath.cos if even else mpmath.sin), mpmath.mpf(0)
        side = sympy.lambdify(x, f, "mpmath")
        half = mpmath.quadosc(lambda u: side(u) * wave(2 * mpmath.pi * float(at) * u), [start, mpmath.inf], omega=2 * mpmath.pi * 0.3)
        truth = complex(2 * half) if even else complex(-2j * half)
        print(f"  at {float(at)}: {complex(found.subs(k, at)):.4f}, by the integral {truth:.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
