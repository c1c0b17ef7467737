#!/bin/sh
# SymPy 1.14.0: the density of the square of an exponential variable is too high by e^root(x) / (2 root(x)), and adds up to
# infinity; that of the square of a beta variable is -12 at 1/4, for 3/2. Both roots of x are put into the density, with the
# formula that holds right of 0, though these variables are never negative. So the cdf of the square is 7.25 at 4, where P(X^2 <
# 4) is 0.865, which is right. The third power, and the squares of normal and uniform variables are right. The tracker was
# searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
exponential: exp(sqrt(z))/(2*sqrt(z)) + exp(-sqrt(z))/(2*sqrt(z))
exponential, power 2, at 4: density 1.88110 truth 0.03383
exponential, power 3, at 4: density 0.02705 truth 0.02705
gamma, power 2, at 4: density -3.62686 truth 0.06767
beta, power 2, at 1/4: density -12.00000 truth 1.50000
uniform, power 2, at 1/4: density 1.00000 truth 1.00000
normal, power 2, at 4: density 0.02700 truth 0.02700
cdf of the square at 4: 7.2537, P(X^2 < 4): 0.8647
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import N, Rational, Symbol, diff
from sympy.stats import Beta, Exponential, Gamma, Normal, P, Uniform, cdf, density

z, four, quarter = Symbol("z", positive=True), Rational(4), Rational(1, 4)
print("exponential:", density(Exponential("X", 1) ** 2)(z))
for name, x, power, at in (("exponential", Exponential("X", 1), 2, four), ("exponential", Exponential("X", 1), 3, four),
                           ("gamma", Gamma("X", 2, 1), 2, four), ("beta", Beta("X", 2, 3), 2, quarter),
                           ("uniform", Uniform("X", 0, 1), 2, quarter), ("normal", Normal("X", 0, 1), 2, four)):
    root = z ** Rational(1, power)
    truth = density(x)(root) * diff(root, z) + (density(x)(-root) * diff(root, z) if name == "normal" else 0)
    print(f"{name}, power {power}, at {at}: density {N(density(x**power)(at)):.5f} truth {N(truth.subs(z, at)):.5f}")
x = Exponential("X", 1)
print(f"cdf of the square at 4: {N(cdf(x**2)(four)):.4f}, P(X^2 < 4): {N(P(x**2 < 4)):.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
