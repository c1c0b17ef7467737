#!/bin/sh
# PyTorch 2.14.1: scatter_reduce and index_reduce with "amax" and include_self=False leave out the numbers that are already
# there; the gradient counts them. Where such a number happens to equal the largest, as a 0 does that relu put there into a
# tensor of zeros, only half of the gradient comes back: the slope of the copy of one number is 0.5, and it is 1, which forward
# mode and differences answer. The other half goes nowhere. "amin" is alike, and so is 2.13.0. The tracker was searched: it has
# the NaN of the same formula, pytorch/pytorch issue 168358, not this.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
scatter_reduce into 0.00 0.00 largest 0.00 3.00
  gradient    0.50 1.00 0.00
  differences 1.00 1.00 0.00
  of the numbers left out 0.00 0.00
index_reduce into 0.00 0.00 largest 0.00 3.00
  gradient    0.50 1.00 0.00
  differences 1.00 1.00 0.00
  of the numbers left out 0.00 0.00
scatter_reduce into 3.00 3.00 largest 0.00 3.00
  gradient    1.00 0.50 0.00
  differences 1.00 1.00 0.00
  of the numbers left out 0.00 0.00
index_reduce into 3.00 3.00 largest 0.00 3.00
  gradient    1.00 0.50 0.00
  differences 1.00 1.00 0.00
  of the numbers left out 0.00 0.00
scatter_reduce into -1.00 -1.00 largest 0.00 3.00
  gradient    1.00 1.00 0.00
  differences 1.00 1.00 0.00
  of the numbers left out 0.00 0.00
index_reduce into -1.00 -1.00 largest 0.00 3.00
  gradient    1.00 1.00 0.00
  differences 1.00 1.00 0.00
  of the numbers left out 0.00 0.00
scatter_reduce into zeros by forward mode 1.00 1.00 0.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

place = torch.tensor([0, 1, 1])
scores = torch.tensor([0.0, 3.0, 1.0], dtype=torch.float64)


def show(numbers):
    return " ".join(f"{v:.2f}" for v in numbers.tolist())


for fill in (0.0, 3.0, -1.0):
    there = torch.full((2,), fill, dtype=torch.float64)
    for name in ("scatter_reduce", "index_reduce"):

        def largest(scores, there=there):
            return getattr(there, name)(0, place, scores, "amax", include_self=False)

        push = 1e-6 * torch.eye(3, dtype=torch.float64)
        slopes = [(largest(scores + p) - largest(scores - p)).sum() / 2e-6 for p in push]
        total = lambda scores: largest(scores).sum()
        print(name, "into", show(there), "largest", show(largest(scores)))
        print("  gradient   ", show(torch.func.grad(total)(scores)))
        print("  differences", show(torch.stack(slopes)))
        unread = torch.func.grad(lambda there: largest(scores, there).sum())(there)
        print("  of the numbers left out", show(unread))
there = torch.zeros(2, dtype=torch.float64)
forward = torch.func.jacfwd(lambda s: there.scatter_reduce(0, place, s, "amax", include_self=False).sum())
print("scatter_reduce into zeros by forward mode", show(forward(scores)))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
