#!/bin/sh
# tinygrad 0.14.0: sorted numbers that have been looked at send nothing back. Of the loss 10 (x0 + x1 + x2) and the weighted sum of
# the sorted x, the gradient is (13, 11, 12); if the sorted numbers, or the loss, are printed before backward() is called it is
# (10, 10, 10), without a word, and if there is no other term no gradient is there at all. So it is with topk. What has been
# computed forgets what it was computed of. exp, cumsum, max and softmax may be read, and have the same gradient afterwards.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tinygrad==0.14.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sort: 13 11 12, read before: 10 10 10, loss read before: 10 10 10
topk: 12 10 11, read before: 10 10 10, loss read before: 10 10 10
cumsum: 16 15 13, read before: 16 15 13, loss read before: 16 15 13
exp: 30 15 32, read before: 30 15 32, loss read before: 30 15 32
sort alone: 3 1 2, read before: none
SEEN
cat >"$folder/ask.py" <<'ASK'
from tinygrad import Tensor

functions = {
    "sort": lambda x: x.sort()[0],
    "topk": lambda x: x.topk(2, largest=True)[0].flip(0),
    "cumsum": lambda x: x.cumsum(0),
    "exp": lambda x: x.exp(),
}


def gradient(function, other, read=None):
    x = Tensor([3.0, 1.0, 2.0])
    y = function(x)
    loss = (y * Tensor([1.0, 2.0, 3.0][: y.shape[0]])).sum() + (other * x.sum() if other else 0)
    {"numbers": y.numpy, "loss": loss.item, None: lambda: None}[read]()
    loss.backward()
    return "none" if x.grad is None else " ".join(f"{v:.0f}" for v in x.grad.tolist())


for name, function in functions.items():
    plain, after = gradient(function, 10.0), gradient(function, 10.0, "numbers")
    print(f"{name}: {plain}, read before: {after}, loss read before: {gradient(function, 10.0, 'loss')}")
alone = functions["sort"]
print(f"sort alone: {gradient(alone, 0.0)}, read before: {gradient(alone, 0.0, 'numbers')}")
ASK
cd "$folder"
DEV=PYTHON OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
