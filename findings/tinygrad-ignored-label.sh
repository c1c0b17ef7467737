#!/bin/sh
# tinygrad 0.14.0: sparse_categorical_crossentropy with ignore_index=-1 does not ignore the label -1. Its loss is 0, but the mean is
# taken over it too, so that with one of two labels ignored loss and gradient come half as large; and with label smoothing the
# ignored example has a loss and a gradient, of the smoothing alone. With any other number, such as -100, it is left out, as in
# PyTorch 2.13.0: -1, which is the default, stands for "nothing is ignored".
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tinygrad==0.14.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
smoothing 0.0, -1 ignored: tinygrad 0.7038 PyTorch 1.4076
  tinygrad 0.045 -0.378 0.333; 0.000 0.000 0.000
  PyTorch  0.090 -0.755 0.665; 0.000 0.000 0.000
smoothing 0.0, -100 ignored: tinygrad 1.4076 PyTorch 1.4076
  tinygrad 0.090 -0.755 0.665; 0.000 0.000 0.000
  PyTorch  0.090 -0.755 0.665; 0.000 0.000 0.000
smoothing 0.1, -1 ignored: tinygrad 0.7956 PyTorch 1.4076
  tinygrad 0.028 -0.344 0.316; 0.026 -0.011 -0.015
  PyTorch  0.057 -0.689 0.632; 0.000 0.000 0.000
smoothing 0.1, -100 ignored: tinygrad 1.4076 PyTorch 1.4076
  tinygrad 0.057 -0.689 0.632; 0.000 0.000 0.000
  PyTorch  0.057 -0.689 0.632; 0.000 0.000 0.000
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from tinygrad import Tensor

z = [[0.0, 1.0, 2.0], [3.0, 1.0, 0.0]]


def show(gradient):
    return "; ".join(" ".join(f"{v + 0.0:.3f}" for v in row) for row in gradient)


for smoothing in (0.0, 0.1):
    for ignored in (-1, -100):
        x, settings = Tensor(z), {"ignore_index": ignored, "label_smoothing": smoothing}
        loss = x.sparse_categorical_crossentropy(Tensor([1, ignored]), **settings)
        print(f"smoothing {smoothing}, {ignored} ignored: tinygrad {loss.item():.4f}", end=" ")
        other = torch.tensor(z, requires_grad=True)
        reference = torch.nn.functional.cross_entropy(other, torch.tensor([1, ignored]), **settings)
        reference.backward()
        print(f"PyTorch {reference.item():.4f}")
        print(f"  tinygrad {show(loss.gradient(x)[0].tolist())}\n  PyTorch  {show(other.grad.tolist())}")
ASK
cd "$folder"
DEV=PYTHON OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
