#!/bin/sh
# PyTorch 2.14.1: the gradient of cosine_similarity by a vector shorter than eps is wrong, and turned. There the length is
# replaced by eps, 1e-8 unless it is told otherwise, so that the similarity is linear in x, x y / (eps |y|), and its gradient y
# / (eps |y|) whatever x is; forward mode and differences answer that. backward goes on as if the length still depended on x:
# with eps = 1 and x half as long its gradient is not (0.447, 0.894) but (0.152, 0.501). The tracker was searched:
# pytorch/pytorch pull request 31378 has the clamp that backward does not see, no issue has this. 2.13.0 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
eps 1: x = 3 4, length 5, similarity 0.9839
  backward    -0.02862 0.02147
  forward     -0.02862 0.02147
  differences -0.02862 0.02147
eps 1: x = 0.3 0.4, length 0.5, similarity 0.4919
  backward    0.1521 0.5009
  forward     0.4472 0.8944
  differences 0.4472 0.8944
eps 1: x = 0.4 0.3, length 0.5, similarity 0.4472
  backward    0.08944 0.6261
  forward     0.4472 0.8944
  differences 0.4472 0.8944
eps 1: x = -0.1 0.4, length 0.412, similarity 0.3130
  backward    0.5231 0.5907
  forward     0.4472 0.8944
  differences 0.4472 0.8944
eps 1e-08: x = 3e-09 4e-09, length 5e-09, similarity 0.4919
  backward    1.521e+07 5.009e+07
  forward     4.472e+07 8.944e+07
  differences 4.472e+07 8.944e+07
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.nn.functional import cosine_similarity

y = torch.tensor([1.0, 2.0], dtype=torch.float64)


def show(numbers):
    return " ".join(f"{v:.4g}" for v in numbers.tolist())


for eps, x in ((1.0, (3.0, 4.0)), (1.0, (0.3, 0.4)), (1.0, (0.4, 0.3)), (1.0, (-0.1, 0.4)), (1e-8, (3e-9, 4e-9))):
    x = torch.tensor(x, dtype=torch.float64)
    similarity = lambda x: cosine_similarity(x, y, dim=0, eps=eps)
    push = 1e-4 * x.norm() * torch.eye(2, dtype=torch.float64)
    slopes = [(similarity(x + p) - similarity(x - p)) / (2 * p.sum()) for p in push]
    print(f"eps {eps:g}: x = {show(x)}, length {x.norm():.3g}, similarity {similarity(x):.4f}")
    print("  backward   ", show(torch.func.grad(similarity)(x)))
    print("  forward    ", show(torch.func.jacfwd(similarity)(x)))
    print("  differences", show(torch.stack(slopes)))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
