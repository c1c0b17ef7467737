#!/bin/sh
# PennyLane 0.45.1: the gradient of the variance of a sum of observables by the parameter-shift rule is wrong, without
# a word. Of the occupation (1 - Z) / 2 it has the wrong sign, of Z0 + Z1 it is twice as large; by backpropagation both
# are right, and so are both ways for Z alone. A sum counts as its own inverse, so that the mean of its square is
# taken for a constant.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pennylane==0.45.1 autograd==1.8.0 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Z0: variance 0.230 by backprop 0.841
Z0: variance 0.230 by parameter-shift 0.841
(1 - Z0) / 2: variance 0.057 by backprop 0.210
(1 - Z0) / 2: variance 0.057 by parameter-shift -0.029
Z0 + Z1: variance 0.460 by backprop 1.683
Z0 + Z1: variance 0.460 by parameter-shift 3.366
SEEN
cat >"$folder/ask.py" <<'ASK'
import pennylane as qml
from pennylane import numpy as np

OBSERVED = {
    "Z0": qml.Z(0),
    "(1 - Z0) / 2": 0.5 * qml.I(0) - 0.5 * qml.Z(0),
    "Z0 + Z1": qml.Z(0) + qml.Z(1),
}
for name, observed in OBSERVED.items():
    for method in ("backprop", "parameter-shift"):

        @qml.qnode(qml.device("default.qubit"), diff_method=method)
        def variance(x):
            qml.RX(x, wires=0)
            qml.RX(x, wires=1)
            return qml.var(observed)

        x = np.array(0.5, requires_grad=True)
        print(f"{name}: variance {variance(x):.3f} by {method} {qml.grad(variance)(x):.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
