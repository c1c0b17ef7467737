#!/bin/sh
# SymPy 1.14.0: the derivative of asech has the wrong sign left of -1. At -2 its value is 2.094 i, and the slope 0.289 i, which
# differences of SymPy's own values answer, mpmath's derivative and the chain rule over acosh(1 / x); diff answers -0.289 i. It
# writes -1 / (x root(1 - x^2)), which is right from -1 to 1 and right of 1. acosh had the like until 2022. Upstream knows it:
# sympy/sympy issue 30335, mended in September 2026 after this release.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 mpmath==1.3.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
at -3.0: value 0.0000 +1.9106i, diff 0.0000 -0.1179i, differences 0.0000 +0.1179i, mpmath 0.0000 +0.1179i, of acosh(1 / x) 0.0000 +0.1179i
at -2.0: value 0.0000 +2.0944i, diff 0.0000 -0.2887i, differences 0.0000 +0.2887i, mpmath 0.0000 +0.2887i, of acosh(1 / x) 0.0000 +0.2887i
at -0.5: value 1.3170 +3.1416i, diff 2.3094 +0.0000i, differences 2.3094 +0.0000i, mpmath 2.3094 +0.0000i, of acosh(1 / x) 2.3094 +0.0000i
at 0.5: value 1.3170 +0.0000i, diff -2.3094 +0.0000i, differences -2.3094 +0.0000i, mpmath -2.3094 +0.0000i, of acosh(1 / x) -2.3094 +0.0000i
at 2.0: value 0.0000 +1.0472i, diff 0.0000 +0.2887i, differences 0.0000 +0.2887i, mpmath 0.0000 +0.2887i, of acosh(1 / x) 0.0000 +0.2887i
at 3.0: value 0.0000 +1.2310i, diff 0.0000 +0.1179i, differences 0.0000 +0.1179i, mpmath 0.0000 +0.1179i, of acosh(1 / x) 0.0000 +0.1179i
SEEN
cat >"$folder/ask.py" <<'ASK'
import mpmath
from sympy import Float, acosh, asech, diff, im, re, symbols

x = symbols("x")
step = Float("1e-10", 40)


def show(number):
    return f"{float(re(number)) + 0.0:.4f} {float(im(number)) + 0.0:+.4f}i"


for at in (-3, -2, -0.5, 0.5, 2, 3):
    at = Float(at, 40)
    value = asech(at).evalf(40)
    differences = ((asech(at + step) - asech(at - step)) / (2 * step)).evalf(20)
    by_mpmath = mpmath.diff(lambda t: mpmath.acosh(1 / t), float(at))
    print(f"at {float(at)}: value {show(value)}, diff {show(diff(asech(x), x).subs(x, at).evalf(20))},", end=" ")
    print(f"differences {show(differences)}, mpmath {show(by_mpmath)},", end=" ")
    print(f"of acosh(1 / x) {show(diff(acosh(1 / x), x).subs(x, at).evalf(20))}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
