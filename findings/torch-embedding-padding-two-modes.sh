#!/bin/sh
# PyTorch 2.13.0: padding_idx of an embedding keeps the gradient of that row at 0 in reverse mode only.
# By forward mode the row counts as any other, which is the derivative of what forward computes: jacfwd
# and jacrev of the same loss differ, and a Hessian by forward over reverse is not symmetric.
# 2.14.1 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
jacfwd [14.0, 0.0, 28.0]
jacrev [14.0, 0.0, 0.0]
Hessian [[2.0, 0.0, 4.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
symmetric False
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
import torch.nn.functional as F

tokens = torch.tensor([0, 2, 2])
loss = lambda w: F.embedding(tokens, w.view(3, 1), padding_idx=2).sum() ** 2
w = torch.tensor([1.0, 2.0, 3.0])
print("jacfwd", torch.func.jacfwd(loss)(w).tolist())
print("jacrev", torch.func.jacrev(loss)(w).tolist())
hessian = torch.func.jacfwd(torch.func.grad(loss))(w)
print("Hessian", hessian.tolist())
print("symmetric", torch.equal(hessian, hessian.T))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
