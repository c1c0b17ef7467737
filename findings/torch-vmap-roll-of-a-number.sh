#!/bin/sh
# PyTorch 2.14.1: vmap of roll exchanges the examples. The roll of a single number is that number; under vmap three examples,
# one number each, 1, 2 and 3, come out as 3, 1 and 2: each gets its neighbour's, and by reverse mode its neighbour's error.
# No word is said. The numbers of an example that has more than one are rolled among themselves, as they should be. Pull
# request 95048 of 2023 was made to mend it, and is closed.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
one at a time [1.0, 2.0, 3.0]
vmap [3.0, 1.0, 2.0]
slopes of the weighted sum [20.0, 30.0, 10.0]
examples of two numbers [[-1.0, 1.0], [-2.0, 2.0], [-3.0, 3.0]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.func import grad, vmap

x = torch.tensor([1.0, 2.0, 3.0])
weights = torch.tensor([10.0, 20.0, 30.0])


def rolled(v):
    return v.roll(1)


print("one at a time", [rolled(v).item() for v in x])
print("vmap", vmap(rolled)(x).tolist())
print("slopes of the weighted sum", grad(lambda x: (weights * vmap(rolled)(x)).sum())(x).tolist())
print("examples of two numbers", vmap(rolled)(torch.stack([x, -x], 1)).tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
