#!/bin/sh
# PyTorch 2.14.1: after one step of AdamW, at its defaults, a weight that parametrizations.orthogonal keeps orthogonal is 0.
# So it is with every layer whose weight is not square, which gets orthogonal_map="householder" unless it is told otherwise,
# and with every optimizer that lets weights decay. The signs 1 and -1 are kept on the diagonal of a parameter, with gradient
# 0, and are cut to whole numbers when they are read: 0.99999 becomes 0. "matrix_exp" and "cayley" stay orthogonal, and so
# does "householder" with Adam.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
AdamW default size of the weight before 1.732 and after one step 0.000
AdamW householder size of the weight before 1.732 and after one step 0.000
AdamW matrix_exp size of the weight before 1.732 and after one step 1.732
AdamW cayley size of the weight before 1.732 and after one step 1.732
SGD default size of the weight before 1.732 and after one step 0.000
SGD householder size of the weight before 1.732 and after one step 0.000
SGD matrix_exp size of the weight before 1.732 and after one step 1.732
SGD cayley size of the weight before 1.732 and after one step 1.732
Adam default size of the weight before 1.732 and after one step 1.732
Adam householder size of the weight before 1.732 and after one step 1.732
Adam matrix_exp size of the weight before 1.732 and after one step 1.732
Adam cayley size of the weight before 1.732 and after one step 1.732
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.nn.utils.parametrizations import orthogonal

for name, options in (("AdamW", {}), ("SGD", {"lr": 0.01, "weight_decay": 1e-4}), ("Adam", {})):
    for what in (None, "householder", "matrix_exp", "cayley"):
        torch.manual_seed(0)
        layer = orthogonal(torch.nn.Linear(4, 3), orthogonal_map=what)
        optimizer = getattr(torch.optim, name)(layer.parameters(), **options)
        sizes = []
        for _ in range(2):
            sizes.append(f"{layer.weight.norm().item():.3f}")
            layer(torch.ones(1, 4)).square().sum().backward()
            optimizer.step()
        print(name, what or "default", "size of the weight before", sizes[0], "and after one step", sizes[1])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
