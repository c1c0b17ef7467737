#!/bin/sh
# SymPy 1.14.0 on PyTorch 2.14.1: what a function leaves undefined is 0 as soon as it runs in PyTorch. Of a Piecewise that says
# nothing about x >= 1, SymPy's value there is nan, and that of lambdify with NumPy too; with "torch" it is 0, a number that
# looks right, and so is its slope. The printer ends the chain of torch.where with a 0. log(x) for x > 0 alone is 0 at -1. The
# tracker was searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 numpy==2.4.6 torch==2.14.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Piecewise((x, x < 0), (x**2, x < 1)) in PyTorch: torch.where(torch.lt(x, 0), x, torch.where(torch.lt(x, 1), torch.pow(x, 2), 0))
at -2.0: SymPy -2 NumPy -2 PyTorch -2 slope 1
at 0.5: SymPy 0.25 NumPy 0.25 PyTorch 0.25 slope 1
at 3.0: SymPy nan NumPy nan PyTorch 0 slope 0
Piecewise((log(x), x > 0)) in PyTorch: torch.where(torch.gt(x, 0), torch.log(x), 0)
at -1.0: SymPy nan NumPy nan PyTorch 0 slope -0
at 2.0: SymPy 0.6931 NumPy 0.6931 PyTorch 0.6931 slope 0.5
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy
import torch
from sympy import Piecewise, Symbol, lambdify, log
from sympy.printing.pytorch import torch_code

x = Symbol("x")
for f, at in ((Piecewise((x, x < 0), (x**2, x < 1)), (-2.0, 0.5, 3.0)), (Piecewise((log(x), x > 0)), (-1.0, 2.0))):
    print(f, "in PyTorch:", torch_code(f))
    for number in at:
        z = torch.tensor(number, dtype=torch.float64, requires_grad=True)
        value = lambdify(x, f, "torch")(z)
        (slope,) = torch.autograd.grad(value, z)
        print(f"at {number}: SymPy {float(f.subs(x, number)):.4g} NumPy {lambdify(x, f, 'numpy')(numpy.array(number)):.4g}",
              f"PyTorch {value.item():.4g} slope {slope.item():.4g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
