#!/bin/sh
# PennyLane 0.45.1: the gradient of the purity of a qubit by the parameter-shift rule is 0, without a word; it is
# -0.421. The purity is quadratic in the state, and the rule is for what is linear in it: behind one rotation the
# purities half a turn apart are equal at each angle. The entropy, which is not linear either, is refused.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pennylane==0.45.1 autograd==1.8.0 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
purity by backprop: -0.421
vn_entropy by backprop: 0.654
purity by finite-diff: -0.421
vn_entropy by finite-diff: 0.654
purity by parameter-shift: 0.000
vn_entropy by parameter-shift: refused
SEEN
cat >"$folder/ask.py" <<'ASK'
import pennylane as qml
from pennylane import numpy as np


def slope(measured, method):
    @qml.qnode(qml.device("default.qubit"), diff_method=method)
    def circuit(x):
        qml.RX(x, wires=0)
        qml.CNOT(wires=[0, 1])
        return measured(wires=[0])

    return qml.grad(circuit)(np.array(0.5, requires_grad=True))


for method in ("backprop", "finite-diff", "parameter-shift"):
    for measured in (qml.purity, qml.vn_entropy):
        try:
            print(f"{measured.__name__} by {method}: {slope(measured, method) + 0.0:.3f}")
        except ValueError:
            print(f"{measured.__name__} by {method}: refused")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
