#!/bin/sh
# SymPy 1.14.0: the mean of QuadraticU on the interval from 1 to 3 is -11, and its variance -990. The density is right, a
# parabola that is symmetric about 2, so that the mean is 2, and the variance 3/5, as the integrals over it have it. From -1 to
# 1 the mean is 1. E and variance go over a moment generating function that is written in, and is infinite at 0 where it should
# be 1; the characteristic function, which is at most 1 in size, is -12.2 - 6.3 i at 0.3 and has an exponential in an exponent.
# P, cdf and median are right. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
from 1 to 3: mean -11 variance -990 median {2}, by integrals 2 3/5 of 1
from -1 to 1: mean 1 variance -2 median {0}, by integrals 0 3/5 of 1
from 0 to 1: mean 5/2 variance 33/4 median {1/2}, by integrals 1/2 3/20 of 1
moment generating function at 0.3: -10.5459+0.0000j, by an integral 1.8716+0.0000j
characteristic function at 0.3: -12.2149-6.3273j, by an integral 0.8032+0.5495j
3*I*(-4*t + 4*I)*exp(I*t*exp(3*I*t))/(8*t**2)
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import I, N, Rational, Symbol, exp, integrate
from sympy.stats import E, QuadraticU, characteristic_function, density, median, moment_generating_function, variance

t, z = Symbol("t"), Symbol("z", real=True)
for low, high in ((1, 3), (-1, 1), (0, 1)):
    x = QuadraticU("x", low, high)
    total, mean, square = (integrate(z**k * density(x)(z), (z, low, high)) for k in (0, 1, 2))
    print(f"from {low} to {high}: mean {E(x)} variance {variance(x)} median {median(x)}, by integrals {mean} {square - mean**2} of {total}")
x, at = QuadraticU("x", 1, 3), Rational(3, 10)
told = {"moment generating function": (moment_generating_function(x)(at), exp(at * z)),
        "characteristic function": (characteristic_function(x)(at), exp(I * at * z))}
for name, (value, weight) in told.items():
    truth = integrate(weight * density(x)(z), (z, 1, 3))
    print(f"{name} at 0.3: {complex(N(value)):.4f}, by an integral {complex(N(truth)):.4f}")
print(characteristic_function(x)(t))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
