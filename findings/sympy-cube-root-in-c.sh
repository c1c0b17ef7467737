#!/bin/sh
# SymPy 1.14.0: x^(1/3) is one function in SymPy and another in the code that it writes. SymPy takes the principal root, 1 +
# 1.73 i at -8; ccode and jscode write cbrt(x), the real root, which is -2, and rust_code does too. x^(2/3), its square, is
# written with pow and is NaN there, and so is the slope of x^(1/3), beside a root that is a number. For C of 1989 pow is
# written for both, and lambdify gives nan with NumPy for both, as all do for the square root. The tracker was searched: nothing
# found of the sign.
# Seen in December 2026 on Linux, Python 3.11, gcc 12, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x**(1/3) at -8: SymPy 1.0000+1.7321j, C cbrt(x) -2, JavaScript -2, NumPy nan
sqrt(x) at -8: SymPy 0.0000+2.8284j, C sqrt(x) nan, JavaScript NaN, NumPy nan
x**(2/3) at -8: SymPy -2.0000+3.4641j, C pow(x, 2.0/3.0) nan, JavaScript NaN, NumPy nan
1/(3*x**(2/3)) at -8: SymPy -0.0417-0.0722j, C (1.0/3.0)/pow(x, 2.0/3.0) nan, JavaScript NaN, NumPy nan
Rust: x.cbrt() and C of 1989: pow(x, 1.0/3.0)
SEEN
cat >"$folder/ask.py" <<'ASK'
import ctypes
import subprocess
import warnings

import numpy
import sympy
from sympy import Rational

warnings.simplefilter("ignore")
x = sympy.Symbol("x")


def in_c(formula, name):
    """What gcc makes of SymPy's code at -8."""
    with open(f"{name}.c", "w") as file:
        file.write(f"#include <math.h>\ndouble f(double x) {{ return {sympy.ccode(formula)}; }}\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", f"{name}.so", f"{name}.c", "-lm"], check=True)
    f = ctypes.CDLL(f"./{name}.so").f
    f.argtypes, f.restype = [ctypes.c_double], ctypes.c_double
    return abs(f(-8)) if f(-8) != f(-8) else f(-8)


def in_javascript(formula):
    """What Node.js makes of it."""
    script = f"const x = -8; console.log({sympy.jscode(formula)})"
    return subprocess.run(["node", "-e", script], check=True, capture_output=True, text=True).stdout.strip()


for number, f in enumerate((x ** Rational(1, 3), sympy.sqrt(x), x ** Rational(2, 3), (x ** Rational(1, 3)).diff(x))):
    print(f"{f} at -8: SymPy {complex(f.subs(x, -8)):.4f}, C {sympy.ccode(f)} {in_c(f, f'f{number}'):.4g},",
          f"JavaScript {in_javascript(f)}, NumPy {sympy.lambdify(x, f, 'numpy')(numpy.float64(-8)):.4g}")
print("Rust:", sympy.rust_code(x ** Rational(1, 3)), "and C of 1989:", sympy.ccode(x ** Rational(1, 3), standard="C89"))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
