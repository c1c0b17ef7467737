#!/bin/sh
# SymPy 1.14.0: the cdf of a beta variable, whose values end at 1, is 475/16 at 5/2. A chance is at most 1, and P(X < 5/2) is;
# the same with PowerFunction, BoundedPareto and Reciprocal, and the semicircle has a complex number there. To the left the
# Rayleigh cdf is 0.1175 at -1, where its variable cannot be, and those of Levy and LogCauchy are complex. A cdf that is written
# in as a formula is not cut off where the formula ends, or on one side only. Uniform, Triangular and Arcsin are right. The
# tracker was searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Beta on Interval(0, 1): cdf at 5/2 29.6875, P 1.0000
PowerFunction on Interval(0, 1): cdf at 5/2 6.2500, P 1.0000
BoundedPareto on Interval(1, 3): cdf at 9 1.1111, P 1.0000
Reciprocal on Interval(1, 3): cdf at 9 2.0000, P 1.0000
WignerSemicircle on Interval(-2, 2): cdf at 9 1.0000+5.5892j, P 1.0000
Uniform on Interval(0, 1): cdf at 9 1.0000, P 1.0000
Triangular on Interval(0, 3): cdf at 9 1.0000, P 1.0000
Arcsin on Interval(0, 1): cdf at 9 1.0000, P 1.0000
Rayleigh on Interval(0, oo): cdf at -1 0.1175, P 0.0000
Levy on Interval(0, oo): cdf at -1 1.0000-0.9534j, P 0.0000
LogCauchy on Interval.open(0, oo): cdf at -1 1.0000+0.1050j, P 0.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import N, Rational
from sympy.stats import (Arcsin, Beta, BoundedPareto, Levy, LogCauchy, P, PowerFunction, Rayleigh, Reciprocal, Triangular,
                         Uniform, WignerSemicircle, cdf)

for x, at in ((Beta("Beta", 2, 3), Rational(5, 2)), (PowerFunction("PowerFunction", 2, 0, 1), Rational(5, 2)),
              (BoundedPareto("BoundedPareto", 2, 1, 3), 9), (Reciprocal("Reciprocal", 1, 3), 9),
              (WignerSemicircle("WignerSemicircle", 2), 9), (Uniform("Uniform", 0, 1), 9), (Triangular("Triangular", 0, 3, 1), 9),
              (Arcsin("Arcsin", 0, 1), 9), (Rayleigh("Rayleigh", 2), -1), (Levy("Levy", 0, 1), -1), (LogCauchy("LogCauchy", 0, 1), -1)):
    value = complex(N(cdf(x)(at)))
    shown = f"{value.real:.4f}" if abs(value.imag) < 1e-9 else f"{value:.4f}"
    print(f"{x} on {x.pspace.domain.set}: cdf at {at} {shown}, P {float(P(x < at)):.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
