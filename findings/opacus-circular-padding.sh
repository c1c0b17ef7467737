#!/bin/sh
# Opacus 1.6.0 on PyTorch 2.13.0: the gradients of single examples of a convolution with padding_mode "circular", "reflect"
# or "replicate" are those of a convolution that pads with zeros, without a word. Added up over the examples they are not
# the gradient that PyTorch has for the batch, and they are what is clipped and trained on with differential privacy.
# Of zeros they are right, and so are both other ways of the library, functorch and expanded weights.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check opacus==1.6.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
zeros, hooks: [6.0, 11.0, 10.0] of the batch [6.0, 11.0, 10.0]
zeros, functorch: [6.0, 11.0, 10.0] of the batch [6.0, 11.0, 10.0]
zeros, expanded weights: [6.0, 11.0, 10.0] of the batch [6.0, 11.0, 10.0]
circular, hooks: [6.0, 11.0, 10.0] of the batch [11.0, 11.0, 11.0]
circular, functorch: [11.0, 11.0, 11.0] of the batch [11.0, 11.0, 11.0]
circular, expanded weights: [11.0, 11.0, 11.0] of the batch [11.0, 11.0, 11.0]
reflect, hooks: [6.0, 11.0, 10.0] of the batch [11.0, 11.0, 15.0]
reflect, functorch: [11.0, 11.0, 15.0] of the batch [11.0, 11.0, 15.0]
reflect, expanded weights: [11.0, 11.0, 15.0] of the batch [11.0, 11.0, 15.0]
replicate, hooks: [6.0, 11.0, 10.0] of the batch [7.0, 11.0, 15.0]
replicate, functorch: [7.0, 11.0, 15.0] of the batch [7.0, 11.0, 15.0]
replicate, expanded weights: [7.0, 11.0, 15.0] of the batch [7.0, 11.0, 15.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from opacus.grad_sample import GradSampleModule, GradSampleModuleExpandedWeights

ways = {
    "hooks": lambda layer: GradSampleModule(layer, loss_reduction="sum"),
    "functorch": lambda layer: GradSampleModule(layer, loss_reduction="sum", force_functorch=True),
    "expanded weights": lambda layer: GradSampleModuleExpandedWeights(layer, loss_reduction="sum"),
}
x = torch.tensor([[[1.0, 2.0, 4.0]], [[0.0, 3.0, 1.0]]])
for mode in ("zeros", "circular", "reflect", "replicate"):
    for name, way in ways.items():
        layer = torch.nn.Conv1d(1, 1, 3, padding=1, padding_mode=mode, bias=False)
        batch = torch.autograd.grad(layer(x).sum(), layer.weight)[0]
        way(layer)(x).sum().backward()
        added = layer.weight.grad_sample.sum(0)
        print(f"{mode}, {name}: {added.flatten().tolist()} of the batch {batch.flatten().tolist()}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
