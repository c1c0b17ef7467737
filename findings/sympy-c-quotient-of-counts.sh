#!/bin/sh
# SymPy 1.14.0: the quotient k / n of two integer symbols is 0 in C for k = 1 and n = 2. codegen makes int of them, and writes
# k/n, which C divides without a remainder; the function returns a double. exp(-k/n) is 1 and x k / n is right, for x comes
# first. (k/n)^2 is written with pow and is right, k / 2 and 1 / n have a decimal point. The Fortran code has the same k/n of
# integers. A learning rate that falls with the share of the steps that are done has such a quotient. lambdify gives 0.5.
# Seen in November 2026 on Linux, Python 3.11, gcc 12, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
k/n in C: k/n 0.0000, Python 0.5000
exp(-k/n) in C: exp(-k/n) 1.0000, Python 0.6065
x*k/n in C: k*x/n 0.5000, Python 0.5000
x/n*k + k/n in C: k*x/n + k/n 0.5000, Python 1.0000
(k/n)**2 in C: pow(k, 2)/pow(n, 2) 0.2500, Python 0.2500
k/2 in C: (1.0/2.0)*k 0.5000, Python 0.5000
1/n in C: 1.0/n 0.5000, Python 0.5000
in Fortran: f = k/n with INTEGER*4, intent(in) :: k and n
SEEN
cat >"$folder/ask.py" <<'ASK'
import ctypes
import re
import subprocess

import sympy
from sympy.utilities.codegen import codegen

k, n = sympy.symbols("k n", integer=True)
x = sympy.Symbol("x")
for number, text in enumerate(("k/n", "exp(-k/n)", "x*k/n", "x/n*k + k/n", "(k/n)**2", "k/2", "1/n")):
    formula = sympy.sympify(text, locals={"k": k, "n": n, "x": x})
    [(_, code), (_, header)] = codegen(("f", formula), "C99", argument_sequence=[k, n, x], header=False, empty=False)
    with open(f"f{number}.c", "w") as file:
        file.write(re.sub('#include "f.h"', "", code))
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", f"f{number}.so", f"f{number}.c", "-lm"], check=True)
    f = ctypes.CDLL(f"./f{number}.so").f
    f.argtypes, f.restype = [ctypes.c_int, ctypes.c_int, ctypes.c_double], ctypes.c_double
    right = float(sympy.lambdify([k, n, x], formula)(1, 2, 1.0))
    print(f"{text} in C: {sympy.ccode(formula)} {f(1, 2, 1.0):.4f}, Python {right:.4f}")
code = codegen(("f", k / n), "F95", header=False)[0][1]
[result], kinds = re.findall(r"f = \S+", code), set(re.findall(r"(INTEGER\S+ intent\(in\)) ::", code))
print(f"in Fortran: {result} with {kinds.pop()} :: k and n")
ASK
cd "$folder"
env/bin/python ask.py >seen
cat seen
diff -u expected seen
