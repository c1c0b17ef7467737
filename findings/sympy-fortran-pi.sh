#!/bin/sh
# SymPy 1.14.0: pi has 8 digits in the Fortran code that SymPy writes, and so have EulerGamma, GoldenRatio and Catalan. fcode
# writes "parameter (pi = 3.1415926535897932d0)", a double that is given to a name without a type, and such a name is single
# precision in Fortran. The area pi x^2 is off by 9e-8 at 1. Inside a function, as in sin(pi x), the number itself is written
# and has all digits. The documentation shows that line. ccode writes M_PI, which has all digits.
# Seen in November 2026 on Linux, Python 3.11, gfortran 12, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract bookworm "$folder/debian" --include=gfortran-12=12.2.0-14+deb12u1,libc6-dev 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
pi*x**2: Fortran 3.14159274101257 Python 3.14159265358979
  parameter (pi = 3.1415926535897932d0)
  f = pi*x**2
sin(pi*x): Fortran 1.22464679914735e-16 Python 1.22464679914735e-16
  f = sin(3.1415926535897932d0*x)
EulerGamma*x: Fortran 0.577215671539307 Python 0.577215664901533
  parameter (EulerGamma = 0.57721566490153286d0)
  f = EulerGamma*x
SEEN
cat >"$folder/ask.py" <<'ASK'
import subprocess

import sympy

x = sympy.Symbol("x")
for formula in (sympy.pi * x**2, sympy.sin(sympy.pi * x), sympy.EulerGamma * x):
    *constants, assignment = sympy.fcode(formula, assign_to="f", standard=95, source_format="free").splitlines()
    program = ["program p", "double precision f, x", *constants, "x = 1", assignment, "print '(es22.14)', f", "end"]
    with open("debian/tmp/p.f90", "w") as file:
        file.write("\n".join(program) + "\n")
    subprocess.run(["chroot", "debian", "gfortran-12", "-o", "/tmp/p", "/tmp/p.f90"], check=True)
    told = subprocess.run(["chroot", "debian", "/tmp/p"], capture_output=True, text=True, check=True).stdout
    print(f"{formula}: Fortran {float(told):.15g} Python {sympy.lambdify(x, formula, 'math')(1.0):.15g}")
    print("\n".join(f"  {line}" for line in (*constants, assignment)))
ASK
cd "$folder"
env/bin/python ask.py >seen
cat seen
diff -u expected seen
