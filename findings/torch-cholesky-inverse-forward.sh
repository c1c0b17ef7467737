#!/bin/sh
# PyTorch 2.14.1: the derivative of cholesky_inverse by forward mode is wrong unless the Cholesky factor is diagonal. Of (L
# L')^-1 with L = (2, 0; 1, 3) the slope of the first entry by the first of L is -0.278, as reverse mode and differences have
# it, and by forward mode -0.309; a Hessian by forward over reverse is off by as much. Two factors of its product are the wrong
# way round. cholesky_solve with the unit matrix, which is the same inverse, is right by both modes. Upstream knows it since
# September 2026: pytorch/pytorch issue 196682, not mended in 2.14.1; 2.13.0 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
inverse 0.2778 -0.0556 -0.0556 0.1111
  differences -0.2778 0.0278 0.0278 0.0000
  reverse     -0.2778 0.0278 0.0278 0.0000
  forward     -0.3086 -0.0000 -0.0000 0.0123
solve 0.2778 -0.0556 -0.0556 0.1111
  differences -0.2778 0.0278 0.0278 0.0000
  reverse     -0.2778 0.0278 0.0278 0.0000
  forward     -0.2778 0.0278 0.0278 0.0000
of a diagonal factor
  reverse     -0.2500 0.0000 0.0000 0.0000
  forward     -0.2500 0.0000 0.0000 0.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

l = torch.tensor([[2.0, 0.0], [1.0, 3.0]], dtype=torch.float64)
unit = torch.eye(2, dtype=torch.float64)
push = torch.zeros(2, 2, dtype=torch.float64)
push[0, 0] = 1.0


def show(numbers):
    return " ".join(f"{v:.4f}" for v in (numbers + 0.0).flatten().tolist())


def inverse(l):
    return torch.cholesky_inverse(l)


def solve(l):
    return torch.cholesky_solve(unit, l)


for f in (inverse, solve):
    print(f.__name__, show(f(l)))
    print("  differences", show((f(l + 1e-6 * push) - f(l - 1e-6 * push)) / 2e-6))
    print("  reverse    ", show(torch.func.jacrev(f)(l)[..., 0, 0]))
    print("  forward    ", show(torch.func.jacfwd(f)(l)[..., 0, 0]))
diagonal = torch.diag(torch.tensor([2.0, 3.0], dtype=torch.float64))
print("of a diagonal factor")
print("  reverse    ", show(torch.func.jacrev(inverse)(diagonal)[..., 0, 0]))
print("  forward    ", show(torch.func.jacfwd(inverse)(diagonal)[..., 0, 0]))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
