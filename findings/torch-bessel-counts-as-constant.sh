#!/bin/sh
# PyTorch 2.13.0: many functions of torch.special have no derivative, and what has none counts as a
# constant: the gradient of x J0(x) comes out as J0(x), where it is J0(x) - x J1(x), and torch.func.grad
# of J0 as 0. Nothing raises and nothing warns. 2.14.1 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x J0(x): backward [0.9385, 0.2239]
x J0(x): by the book [0.8173, -0.9296]
bessel_j0 grad 0.0000 difference -0.5767
airy_ai grad 0.0000 difference -0.0531
modified_bessel_i1 grad 0.0000 difference 1.4843
legendre_polynomial_p of 3 grad 0.0000 difference 28.5000
i1 grad 1.4843 difference 1.4843
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch import special

x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
(x * special.bessel_j0(x)).sum().backward()
right = special.bessel_j0(x) - x * special.bessel_j1(x)
print("x J0(x): backward", [round(v, 4) for v in x.grad.tolist()])
print("x J0(x): by the book", [round(v, 4) for v in right.tolist()])
at = torch.tensor(2.0, dtype=torch.float64)
three = torch.tensor(3)
ask = {
    "bessel_j0": special.bessel_j0,
    "airy_ai": special.airy_ai,
    "modified_bessel_i1": special.modified_bessel_i1,
    "legendre_polynomial_p of 3": lambda v: special.legendre_polynomial_p(v, three),
    "i1": special.i1,
}
for name, f in ask.items():
    numeric = (f(at + 1e-6) - f(at - 1e-6)) / 2e-6
    print(name, f"grad {torch.func.grad(f)(at).item():.4f} difference {numeric.item():.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
