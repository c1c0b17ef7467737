#!/bin/sh
# PyTorch 2.13.0: the derivative of logcumsumexp by forward mode loses all its digits where later
# numbers are larger: of the first output by the first input it is 9e-14 at (0, 30, 60), and it is 1;
# by reverse mode it is 1. A Hessian by forward over reverse is wrong by as much, in double precision.
# 2.14.1 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
jacfwd ['8.8e-14', '0.48', '1']
jacrev ['1', '1', '1']
Hessian jacfwd ['1', '0.77', '1']
Hessian jacrev ['9.4e-14', '1.8e-13', '9.2e-14']
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

f = lambda x: torch.logcumsumexp(x, 0)
x = torch.tensor([0.0, 30.0, 60.0], dtype=torch.float64)
for mode in (torch.func.jacfwd, torch.func.jacrev):
    print(mode.__name__, [f"{v:.2g}" for v in mode(f)(x).diag().tolist()])
gradient = torch.func.grad(lambda x: f(x).sum())
for mode in (torch.func.jacfwd, torch.func.jacrev):
    print("Hessian", mode.__name__, [f"{v:.2g}" for v in mode(gradient)(x).diag().tolist()])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
