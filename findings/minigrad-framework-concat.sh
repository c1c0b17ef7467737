#!/bin/sh
# minigrad-framework 1.4.1: in concat, what comes after a constant is handed the gradient of the constant. The place to read
# from moves on past the parts that learn alone: w after a row of data reads from the start of the gradient, not from its own
# place. Both learning, or the constant last, it is right; so is stack.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check minigrad-framework==1.4.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
data, w: gradient [1.0, 10.0] differences [100.0, 1000.0]
data that learns, w: gradient [100.0, 1000.0] differences [100.0, 1000.0]
w, data: gradient [1.0, 10.0] differences [1.0, 10.0]
data, w by stack: gradient [100.0, 1000.0] differences [100.0, 1000.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from minigrad import Tensor, ops

rates = Tensor(np.array([1.0, 10.0, 100.0, 1000.0]))
w, data = np.array([3.0, 4.0]), np.array([1.0, 2.0])


def cost(w, join):
    return (join(w) * rates).sum()


joins = {
    "data, w": lambda w: ops.concat([Tensor(data), w]),
    "data that learns, w": lambda w: ops.concat([Tensor(data, requires_grad=True), w]),
    "w, data": lambda w: ops.concat([w, Tensor(data)]),
    "data, w by stack": lambda w: ops.stack([Tensor(data), w]).reshape(4),
}
for name, join in joins.items():
    t = Tensor(w, requires_grad=True)
    cost(t, join).backward()
    steps = [float((cost(Tensor(w + e), join).data - cost(Tensor(w - e), join).data) / 0.02) for e in 0.01 * np.eye(2)]
    print(f"{name}: gradient {t.grad.round(1).tolist()} differences {np.round(steps, 1).tolist()}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
