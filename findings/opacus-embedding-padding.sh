#!/bin/sh
# Opacus 1.6.0 on PyTorch 2.13.0: padding_idx of an embedding, whose row PyTorch's backward leaves alone, is not known to the
# gradients of single examples: the row gets one as any other, and DPOptimizer trains it. Padding that was all zeros no
# longer is, and shares in the norm that is clipped. By functorch and by plain PyTorch the row keeps its zeros.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check opacus==1.6.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
PyTorch, the batch: [0.0, 2.0, 1.0]
hooks: [[2.0, 0.0, 1.0], [1.0, 2.0, 0.0]]
after a step: [-0.3, -0.2, -0.1]
functorch: [[0.0, 0.0, 1.0], [0.0, 2.0, 0.0]]
after a step: [0.0, -0.2, -0.1]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from opacus.grad_sample import GradSampleModule
from opacus.optimizers import DPOptimizer

words = torch.tensor([[2, 0, 0], [1, 1, 0]])


def table():
    layer = torch.nn.Embedding(3, 1, padding_idx=0)
    torch.nn.init.zeros_(layer.weight)
    return layer


layer = table()
layer(words).sum().backward()
print("PyTorch, the batch:", layer.weight.grad.flatten().tolist())
for functorch in (False, True):
    layer = table()
    module = GradSampleModule(layer, loss_reduction="sum", force_functorch=functorch)
    module(words).sum().backward()
    print("functorch:" if functorch else "hooks:", layer.weight.grad_sample.flatten(1).tolist())
    sgd = torch.optim.SGD(module.parameters(), lr=0.1)
    DPOptimizer(sgd, noise_multiplier=0.0, max_grad_norm=100.0, expected_batch_size=1).step()
    print("after a step:", [round(w, 2) + 0.0 for w in layer.weight.flatten().tolist()])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
