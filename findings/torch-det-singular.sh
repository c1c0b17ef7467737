#!/bin/sh
# PyTorch 2.13.0: the gradient of torch.linalg.det at a singular matrix of rank n - 1 is 0. The
# determinant is a polynomial, and its gradient there is the matrix of cofactors, (4, -2; -2, 1).
# The same is 0 in 2.14.1; JAX 0.10.2 answers the cofactors. A warning or an error would be
# expected, or the cofactors.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
autograd: [[0.0, 0.0], [0.0, 0.0]]
difference by the first entry: 4.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
x = torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64, requires_grad=True)
torch.linalg.det(x).backward()
print("autograd:", (x.grad + 0.0).tolist())
h = torch.zeros(2, 2, dtype=torch.float64)
h[0, 0] = 1e-3
up, down = (torch.linalg.det(x.detach() + s * h) for s in (1, -1))
print("difference by the first entry:", round(float((up - down) / 2e-3), 6))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
