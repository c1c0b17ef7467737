#!/bin/sh
# clumsygrad 0.2.1: the slope of sigmoid is that of the sigmoid of what sigmoid answered. It keeps between 0.196 and 0.25
# wherever it is asked, where it should fall to 0 on both sides: at 10 it is 0.1966, 4000 times too much, so that a neuron that
# is sure is moved as hard as one that is not. The slope of tanh, which takes the answer as it is, is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check clumsygrad==0.2.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sigmoid at -10: slope 0.2500, it is 0.0000
sigmoid at -2: slope 0.2491, it is 0.1050
sigmoid at 0: slope 0.2350, it is 0.2500
sigmoid at 1: slope 0.2194, it is 0.1966
sigmoid at 10: slope 0.1966, it is 0.0000
tanh at -10: slope 0.0000, it is 0.0000
tanh at -2: slope 0.0707, it is 0.0707
tanh at 0: slope 1.0000, it is 1.0000
tanh at 1: slope 0.4200, it is 0.4200
tanh at 10: slope 0.0000, it is 0.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from clumsygrad import activation, math
from clumsygrad.tensor import Tensor, TensorType


def slope(f, z):
    x = Tensor([z], tensor_type=TensorType.PARAMETER)
    math.sum(f(x)).backward()
    return float(np.ravel(x._grad)[0])


sigmoid = lambda z: 1 / (1 + np.exp(-z))
right = {"sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)), "tanh": lambda z: 1 - np.tanh(z) ** 2}
for name, by_hand in right.items():
    for z in (-10.0, -2.0, 0.0, 1.0, 10.0):
        print(f"{name} at {z:g}: slope {slope(getattr(activation, name), z):.4f}, it is {by_hand(z):.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
