#!/bin/sh
# clumsygrad 0.2.1: mse_loss answers the mean of the squares, and its gradient is that of their sum. The step is so many times
# too long as there are numbers: with 8 rows a rate of 1.2, at which the mean falls from step to step, makes it grow without
# end. The gradient of mae_loss is that of its mean.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check clumsygrad==0.2.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
mse_loss of 1: cost 1.0000, first slope 2.0000, it is 2.0000
mae_loss of 1: cost 1.0000, first slope 1.0000, it is 1.0000
mse_loss of 2: cost 2.5000, first slope 2.0000, it is 1.0000
mae_loss of 2: cost 1.5000, first slope 0.5000, it is 0.5000
mse_loss of 8: cost 2.3571, first slope 2.0000, it is 0.2500
mae_loss of 8: cost 1.5000, first slope 0.1250, it is 0.1250
20 steps of 1.2 by its gradient: the mean of the squares, 1 at first, is 7e+05
20 steps of 1.2 by that of the mean: the mean of the squares, 1 at first, is 6.37e-07
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from clumsygrad.loss import mae_loss, mse_loss
from clumsygrad.tensor import Tensor, TensorType

for rows in (1, 2, 8):
    for loss in (mse_loss, mae_loss):
        w = np.linspace(1.0, 2.0, rows)
        a, y = Tensor(w, tensor_type=TensorType.PARAMETER), Tensor(np.zeros(rows))
        cost = loss(a, y)
        cost.backward()
        right = 2 * w / rows if loss is mse_loss else np.ones(rows) / rows
        print(f"{loss.__name__} of {rows}: cost {float(cost._data):.4f}, first slope {a._grad[0]:.4f}, it is {right[0]:.4f}")
for name in ("its gradient", "that of the mean"):
    w = np.ones(8)
    for _ in range(20):
        a = Tensor(w, tensor_type=TensorType.PARAMETER)
        mse_loss(a, Tensor(np.zeros(8))).backward()
        w = w - 1.2 * (a._grad if name == "its gradient" else a._grad / 8)
    print(f"20 steps of 1.2 by {name}: the mean of the squares, 1 at first, is {np.mean(w**2):.3g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
