#!/bin/sh
# optimum-quanto 0.2.7: a layer with a neuron whose weights are all 0 answers nan for that neuron in qfloat8. The weights of a row are
# divided by the row's largest, 0 by 0; a whole number for it is 0, an 8-bit float is nan, and so qint8, by the same division,
# qint4 and qint2 answer 0. The gradient for the input is nan in each place, so that one dead or pruned neuron is enough for a
# whole network. A row whose largest weight is 1e-30 is right. The like of it in torchao is known as pytorch/ao issue 4713.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check optimum-quanto==0.2.7 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
float32: outputs 8 0 1e-30 slopes 1 -2 3 0.5
qint8: outputs 7.96 0 1e-30 slopes 0.992 -2.01 3 0.496
qint4: outputs 8.67 0 1e-30 slopes 1 -2 3 0.667
qint2: outputs 11.7 0 1e-30 slopes 1.33 -2 3 1.33
qfloat8_e4m3fn: outputs 8.04 nan 1e-30 slopes nan nan nan nan
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from optimum.quanto import freeze, qfloat8, qint2, qint4, qint8, quantize

weights = torch.tensor([[1.0, -2.0, 3.0, 0.5], [0.0, 0.0, 0.0, 0.0], [1e-30, 0.0, 0.0, 0.0]])
x = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
for kind in (None, qint8, qint4, qint2, qfloat8):
    model = torch.nn.Sequential(torch.nn.Linear(4, 3, bias=False))
    model[0].weight.data = weights.clone()
    if kind is not None:
        quantize(model, weights=kind)
        freeze(model)
    point = x.clone().requires_grad_()
    y = model(point)
    (slope,) = torch.autograd.grad(y.sum(), point)
    print(f"{kind.name if kind else 'float32'}: outputs", *(f"{v:.3g}" for v in y[0].tolist()), "slopes", *(f"{v:.3g}" for v in slope[0].tolist()))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
