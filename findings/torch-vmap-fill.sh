#!/bin/sh
# PyTorch 2.14.1: vmap of index_fill with a value of its own for each example fills all examples with the last one's. Zeros
# whose first column is filled with 5, 6 and 7 come out with 7 three times, without a word. By reverse mode the slopes of the
# three values, one each, all go to the last. masked_fill and index_copy have each example's own, and so has a loop.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
index_fill by vmap: [7.0, 7.0, 7.0], slopes of the sum [0.0, 0.0, 3.0]
index_fill by loop: [5.0, 6.0, 7.0], slopes of the sum [1.0, 1.0, 1.0]
masked_fill by vmap: [5.0, 6.0, 7.0], slopes of the sum [1.0, 1.0, 1.0]
masked_fill by loop: [5.0, 6.0, 7.0], slopes of the sum [1.0, 1.0, 1.0]
index_copy by vmap: [5.0, 6.0, 7.0], slopes of the sum [1.0, 1.0, 1.0]
index_copy by loop: [5.0, 6.0, 7.0], slopes of the sum [1.0, 1.0, 1.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.func import vmap

values = torch.tensor([5.0, 6.0, 7.0], requires_grad=True)
zeros = torch.zeros(2)
at = torch.tensor([0])
asked = {
    "index_fill": lambda v: zeros.index_fill(0, at, v),
    "masked_fill": lambda v: zeros.masked_fill(torch.tensor([True, False]), v),
    "index_copy": lambda v: zeros.index_copy(0, at, v[None]),
}
for name, f in asked.items():
    for way, out in (("vmap", vmap(f)(values)), ("loop", torch.stack([f(v) for v in values]))):
        (slopes,) = torch.autograd.grad(out[:, 0].sum(), values, allow_unused=True)
        print(f"{name} by {way}: {out[:, 0].tolist()}, slopes of the sum {slopes if slopes is None else slopes.tolist()}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
