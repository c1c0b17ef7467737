#!/bin/sh
# tinynn 0.1.1: with a weight for each class, the gradient of SoftmaxCrossEntropy is not that of its loss. The loss multiplies
# each row by the weight of its label, and the gradient each column by the weight of its class, so that a row no longer sums
# to 0: a weight of 5 for a rare class pushes it down five times as hard in the rows of the others. With a temperature T the
# gradient lacks 1 / T. Without both, or with two weights in SigmoidCrossEntropy, it is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check tinynn==0.1.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
no weights: gradient [-0.494, 0.307, 0.186] differences [-0.494, 0.307, 0.186]
weights 1, 1, 5: gradient [-0.494, 0.307, 0.932] differences [-0.494, 0.307, 0.186]
weights 5, 1, 1: gradient [-2.468, 0.307, 0.186] differences [-2.468, 1.536, 0.932]
T = 4: gradient [-0.624, 0.332, 0.293] differences [-0.156, 0.083, 0.073]
sigmoid, weights 1, 5: gradient [-1.345, 0.622, 0.5] differences [-1.345, 0.622, 0.5]
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from tinynn.core.loss import SigmoidCrossEntropy, SoftmaxCrossEntropy

z = np.array([[1.0, 0.5, 0.0]])
y = np.array([[1.0, 0.0, 0.0]])
losses = {
    "no weights": SoftmaxCrossEntropy(),
    "weights 1, 1, 5": SoftmaxCrossEntropy(weights=[1.0, 1.0, 5.0]),
    "weights 5, 1, 1": SoftmaxCrossEntropy(weights=[5.0, 1.0, 1.0]),
    "T = 4": SoftmaxCrossEntropy(T=4.0),
    "sigmoid, weights 1, 5": SigmoidCrossEntropy(weights=[1.0, 5.0]),
}
for name, loss in losses.items():
    steps = [(loss.loss(z + e, y) - loss.loss(z - e, y)) / 2e-6 for e in 1e-6 * np.eye(3)]
    print(f"{name}: gradient {np.round(loss.grad(z, y)[0], 3).tolist()} differences {np.round(steps, 3).tolist()}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
