#!/bin/sh
# PyTorch 2.14.1: the same product of a sparse and a dense matrix has two gradients. With x.to_sparse() @ b every number of x
# has the slope that it has in x @ b; with torch.sparse.mm(x.to_sparse(), b), the same numbers, those that are 0 have the slope
# 0, and so they have after to_sparse().to_dense(), which changes nothing. to_dense(masked_grad=False) and the sum over a sparse
# tensor send back everything. A weight that starts at 0, or was pruned, learns with one and never with the other. Upstream says
# so in pytorch/pytorch issue 87358; the page of torch.sparse.mm does not. 2.13.0 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x @ b [3.0, 4.0, 2.0, 4.0] gradient of the sum [3.0, 7.0, 3.0, 7.0]
x.to_sparse() @ b [3.0, 4.0, 2.0, 4.0] gradient of the sum [3.0, 7.0, 3.0, 7.0]
torch.mm(x.to_sparse(), b) [3.0, 4.0, 2.0, 4.0] gradient of the sum [3.0, 7.0, 3.0, 7.0]
torch.sparse.mm(x.to_sparse(), b) [3.0, 4.0, 2.0, 4.0] gradient of the sum [0.0, 7.0, 3.0, 0.0]
x.to_sparse().to_dense() @ b [3.0, 4.0, 2.0, 4.0] gradient of the sum [0.0, 7.0, 3.0, 0.0]
x.to_sparse().to_dense(masked_grad=False) @ b [3.0, 4.0, 2.0, 4.0] gradient of the sum [3.0, 7.0, 3.0, 7.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

b = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64)

ways = {
    "x @ b": lambda x: x @ b,
    "x.to_sparse() @ b": lambda x: x.to_sparse() @ b,
    "torch.mm(x.to_sparse(), b)": lambda x: torch.mm(x.to_sparse(), b),
    "torch.sparse.mm(x.to_sparse(), b)": lambda x: torch.sparse.mm(x.to_sparse(), b),
    "x.to_sparse().to_dense() @ b": lambda x: x.to_sparse().to_dense() @ b,
    "x.to_sparse().to_dense(masked_grad=False) @ b": lambda x: x.to_sparse().to_dense(masked_grad=False) @ b,
}
for name, product in ways.items():
    x = torch.tensor([[0.0, 1.0], [2.0, 0.0]], dtype=torch.float64, requires_grad=True)
    value = product(x)
    value.sum().backward()
    print(name, value.flatten().tolist(), "gradient of the sum", x.grad.flatten().tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
