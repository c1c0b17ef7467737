#!/bin/sh
# SymPy 1.14.0: Mod(x, 3) is 2 at x = -1; in the C code that SymPy writes it is -1. Of real numbers ccode makes fmod, whose
# sign is that of x, where Mod has that of the divisor. Of integers it writes ((x % 3) + 3) % 3, which is right, and jscode
# does so for both; the Fortran printer takes modulo, which is right. An angle that is kept in one turn, or a triangular
# wave, comes wrong to the left of 0.
# Seen in November 2026 on Linux, Python 3.11, gcc 12, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Mod(x, 3) at -1: SymPy 2 lambdify 2 C -1
Mod(x, -3) at 1: SymPy -2 lambdify -2 C 1
Abs(Mod(x + 1/2, 1) - 1/2) at -1: SymPy 0 lambdify 0 C 1
of an integer k: ((k % 3) + 3) % 3
in JavaScript: ((x % 3) + 3) % 3
SEEN
cat >"$folder/ask.py" <<'ASK'
import ctypes
import subprocess

import sympy
from sympy import Abs, Mod, Rational

x, k = sympy.Symbol("x"), sympy.Symbol("k", integer=True)
half = Rational(1, 2)
for number, (formula, at) in enumerate(((Mod(x, 3), -1), (Mod(x, -3), 1), (Abs(Mod(x + half, 1) - half), -1))):
    with open(f"f{number}.c", "w") as file:
        file.write(f"#include <math.h>\ndouble f(double x) {{ return {sympy.ccode(formula)}; }}\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", f"f{number}.so", f"f{number}.c", "-lm"], check=True)
    f = ctypes.CDLL(f"./f{number}.so").f
    f.argtypes, f.restype = [ctypes.c_double], ctypes.c_double
    told = {"SymPy": formula.subs(x, at), "lambdify": sympy.lambdify(x, formula)(float(at)), "C": f(at)}
    print(f"{formula} at {at}: " + " ".join(f"{who} {float(value):g}" for who, value in told.items()))
print("of an integer k:", sympy.ccode(Mod(k, 3)))
print("in JavaScript:", sympy.jscode(Mod(x, 3)))
ASK
cd "$folder"
env/bin/python ask.py >seen
cat seen
diff -u expected seen
