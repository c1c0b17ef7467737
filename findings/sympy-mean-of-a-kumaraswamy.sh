#!/bin/sh
# SymPy 1.14.0: the mean of a Kumaraswamy variable is infinite. Its values are between 0 and 1; with a = b = 1 it is the uniform
# distribution, with the mean 1/2, and SymPy answers infinity, and minus infinity with b = 2, where it is 1/3. Its set is
# written down as all numbers from 0 up, over which a polynomial that is a density on the unit interval alone is integrated, so
# that P(x > 1/2) is infinite and P(x < 2) is 28 with a = 2 and b = 3. The cdf, which is written in, is right, and so are the
# same questions of Beta. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Kumaraswamy(1, 1) on Interval(0, oo): mean oo variance oo P(x > 1/2) oo P(x < 2) 2 cdf at 1/2 1/2, by integrals from 0 to 1 1/2 1/12 1/2 1 1/2
Kumaraswamy(1, 2) on Interval(0, oo): mean -oo variance oo P(x > 1/2) -oo P(x < 2) 0 cdf at 1/2 3/4, by integrals from 0 to 1 1/3 1/18 1/4 1 3/4
Kumaraswamy(2, 3) on Interval(0, oo): mean oo variance oo P(x > 1/2) oo P(x < 2) 28 cdf at 1/2 37/64, by integrals from 0 to 1 16/35 201/4900 27/64 1 37/64
Beta(1, 1) on Interval(0, 1): mean 1/2 variance 1/12 P(x > 1/2) 1/2 P(x < 2) 1 cdf at 1/2 1/2, by integrals from 0 to 1 1/2 1/12 1/2 1 1/2
Beta(1, 2) on Interval(0, 1): mean 1/3 variance 1/18 P(x > 1/2) 1/4 P(x < 2) 1 cdf at 1/2 3/4, by integrals from 0 to 1 1/3 1/18 1/4 1 3/4
Beta(2, 3) on Interval(0, 1): mean 2/5 variance 1/25 P(x > 1/2) 5/16 P(x < 2) 1 cdf at 1/2 11/16, by integrals from 0 to 1 2/5 1/25 5/16 1 11/16
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import Rational, Symbol, integrate
from sympy.stats import Beta, E, Kumaraswamy, P, cdf, density, variance

z, half = Symbol("z", real=True), Rational(1, 2)
for name, make in (("Kumaraswamy", Kumaraswamy), ("Beta", Beta)):
    for a, b in ((1, 1), (1, 2), (2, 3)):
        x = make("x", a, b)
        mean, square, upper = (integrate(f * density(x)(z), (z, start, 1)) for f, start in ((z, 0), (z**2, 0), (1, half)))
        print(f"{name}({a}, {b}) on {x.pspace.domain.set}: mean {E(x)} variance {variance(x)} P(x > 1/2) {P(x > half)} P(x < 2) {P(x < 2)}",
              f"cdf at 1/2 {cdf(x)(half)}, by integrals from 0 to 1 {mean} {square - mean**2} {upper} 1 {1 - upper}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
