#!/bin/sh
# PyTorch 2.14.1: torch.func.jacrev of cdist is wrong, without a word, for every p. Of two points a and three points b all six
# distances get the slopes of the first, that of a0 and b0: those of the others by a1 are 0, and they are not. jacrev sends
# six errors back at once, by vmap, and the backward pass answers for all of them what belongs to the first. So it is by b,
# and with sums of the distances; vmap over a vjp is the same. autograd.functional.jacobian, with vectorize=True too, jacrev
# with chunk_size=1 and differences of the values agree.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
p = 1.0, jacrev: distance of a1 and b0, slopes by a1 [0. 0.], by a0 [-1. -1.]
p = 1.0, jacrev, one at a time: distance of a1 and b0, slopes by a1 [-1.  1.], by a0 [0. 0.]
p = 1.0, jacobian: distance of a1 and b0, slopes by a1 [-1.  1.], by a0 [0. 0.]
p = 1.0, differences: distance of a1 and b0, slopes by a1 [-1.  1.], by a0 [0. 0.]
p = 2.0, jacrev: distance of a1 and b0, slopes by a1 [0. 0.], by a0 [-0.95 -0.32]
p = 2.0, jacrev, one at a time: distance of a1 and b0, slopes by a1 [-0.89  0.45], by a0 [0. 0.]
p = 2.0, jacobian: distance of a1 and b0, slopes by a1 [-0.89  0.45], by a0 [0. 0.]
p = 2.0, differences: distance of a1 and b0, slopes by a1 [-0.89  0.45], by a0 [0. 0.]
p = 3.0, jacrev: distance of a1 and b0, slopes by a1 [0. 0.], by a0 [-0.98 -0.11]
p = 3.0, jacrev, one at a time: distance of a1 and b0, slopes by a1 [-0.92  0.23], by a0 [0. 0.]
p = 3.0, jacobian: distance of a1 and b0, slopes by a1 [-0.92  0.23], by a0 [0. 0.]
p = 3.0, differences: distance of a1 and b0, slopes by a1 [-0.92  0.23], by a0 [0. 0.]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

a = torch.tensor([[0, 0], [1, 2]], dtype=torch.float64)
b = torch.tensor([[3, 1], [1, 5], [2, 3]], dtype=torch.float64)
for p in (1.0, 2.0, 3.0):

    def distances(a):
        return torch.cdist(a, b, p)

    ways = {
        "jacrev": torch.func.jacrev(distances)(a),
        "jacrev, one at a time": torch.func.jacrev(distances, chunk_size=1)(a),
        "jacobian": torch.autograd.functional.jacobian(distances, a, vectorize=True),
    }
    steps = 1e-6 * torch.eye(4, dtype=torch.float64).reshape(4, 2, 2)
    ways["differences"] = torch.stack([(distances(a + s) - distances(a - s)) / 2e-6 for s in steps], -1).reshape(2, 3, 2, 2)
    for name, found in ways.items():
        own, other = (found[1, 0, k].numpy().round(2) + 0.0 for k in (1, 0))
        print(f"p = {p}, {name}: distance of a1 and b0, slopes by a1 {own}, by a0 {other}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
