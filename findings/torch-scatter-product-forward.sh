#!/bin/sh
# PyTorch 2.13.0: by forward mode the derivative of scatter_reduce(..., "prod") is 0, without a word,
# for the source and for what it is scattered into; by reverse mode it is right, and so are both modes
# of "sum", "mean" and "amax". A Hessian by forward over reverse is wrong with it. 2.14.1 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
prod jacfwd [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
prod jacrev [[3.0, 2.0, 0.0], [0.0, 0.0, 1.0]]
sum jacfwd [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
sum jacrev [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
mean jacfwd [[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
mean jacrev [[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
amax jacfwd [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
amax jacrev [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
Hessian, forward over reverse [-18.0, -0.0, -0.0]
Hessian, reverse over reverse [18.0, 24.0, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

index = torch.tensor([0, 0, 1])
into = torch.tensor([7.0, 4.0])
source = torch.tensor([2.0, 3.0, 5.0])
for reduce in ("prod", "sum", "mean", "amax"):
    f = lambda s: into.scatter_reduce(0, index, s, reduce, include_self=False)
    for mode in (torch.func.jacfwd, torch.func.jacrev):
        print(reduce, mode.__name__, mode(f)(source).tolist())
h = lambda s: into.scatter_reduce(0, index, s, "prod", include_self=False).pow(2).sum()
gradient = torch.func.grad(h)
print("Hessian, forward over reverse", torch.func.jacfwd(gradient)(source)[0].tolist())
print("Hessian, reverse over reverse", torch.func.jacrev(gradient)(source)[0].tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
