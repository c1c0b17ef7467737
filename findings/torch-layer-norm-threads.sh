#!/bin/sh
# PyTorch 2.13.0: the gradient of layer_norm's bias in bfloat16 depends on the number of threads.
# The bias is added to 4096 rows and each sends back 1, so that the gradient is 4096, which
# bfloat16 holds exactly. One thread answers 256, two answer 512: each adds up in bfloat16 and
# stops where 256 + 1 is 256. The bias of linear, in the same format, gets 4096.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1 layer_norm: 256.0
2 layer_norm: 512.0
linear: 4096.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
import torch.nn.functional as F

def gradient(layer):
    bias = torch.zeros(8, dtype=torch.bfloat16, requires_grad=True)
    out = layer(torch.randn(4096, 8).bfloat16(), bias)
    out.backward(torch.ones_like(out))
    return float(bias.grad[0])

for threads in (1, 2):
    torch.set_num_threads(threads)
    print(threads, "layer_norm:", gradient(lambda x, b: F.layer_norm(x, (8,), None, b)))
print("linear:", gradient(lambda x, b: F.linear(x, torch.zeros(8, 8).bfloat16(), b)))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
