#!/bin/sh
# TorchMetrics 1.9.0: cosine_similarity, which is said to be differentiable, computes doubles in single
# precision: gradcheck rejects it, at its own default tolerances. mean_squared_error keeps doubles.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 torchmetrics==1.9.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
is_differentiable True
cosine_similarity torch.float32 gradcheck False
mean_squared_error torch.float64 gradcheck True
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
import torchmetrics.functional as metrics
from torchmetrics import CosineSimilarity

torch.manual_seed(0)
a, b = (torch.rand(4, 3, dtype=torch.float64) for _ in range(2))
print("is_differentiable", CosineSimilarity.is_differentiable)
for name in ("cosine_similarity", "mean_squared_error"):
    f = getattr(metrics, name)
    holds = torch.autograd.gradcheck(lambda x: f(x, b), a.clone().requires_grad_(), raise_exception=False)
    print(name, f(a, b).dtype, "gradcheck", holds)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
