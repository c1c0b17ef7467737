#!/bin/sh
# SymPy 1.14.0: a whole number of more than 64 bits keeps its last 64 in C. ccode writes 1180591620717411303424*x for 2^70 x,
# without a decimal point, and gcc, which takes it for an integer, makes 0 of it. The twentieth derivative of x^26, which is
# 5.601e23 x^6, becomes 1.009e19 x^6. gcc has a warning, and compiles; codegen, which autowrap uses, writes the same. lambdify
# is right, and rationals have their point in C too.
# That such numbers make gcc warn is known since 2013, SymPy's closed pull request 1763.
# Seen in November 2026 on Linux, Python 3.11, gcc 12, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x**26, 20 times: 560127029342507827200000*pow(x, 6)
at 1: C 1.009e+19 Python 5.601e+23
2**70*x: 1180591620717411303424*x
at 1: C 0.000e+00 Python 1.181e+21
x/2**70: (1.0/1180591620717411303424.0)*x
at 1: C 8.470e-22 Python 8.470e-22
SEEN
cat >"$folder/ask.py" <<'ASK'
import ctypes
import subprocess

import sympy

x = sympy.Symbol("x")
formulas = {"x**26, 20 times": sympy.diff(x**26, x, 20), "2**70*x": 2**70 * x, "x/2**70": x / 2**70}
for number, (name, formula) in enumerate(formulas.items()):
    code = sympy.ccode(formula)
    with open(f"f{number}.c", "w") as file:
        file.write(f"#include <math.h>\ndouble f(double x) {{ return {code}; }}\n")
    subprocess.run(["gcc", "-w", "-shared", "-fPIC", "-o", f"f{number}.so", f"f{number}.c", "-lm"], check=True)
    f = ctypes.CDLL(f"./f{number}.so").f
    f.argtypes, f.restype = [ctypes.c_double], ctypes.c_double
    print(f"{name}: {code}\nat 1: C {f(1.0):.3e} Python {float(sympy.lambdify(x, formula)(1.0)):.3e}")
ASK
cd "$folder"
env/bin/python ask.py >seen
cat seen
diff -u expected seen
