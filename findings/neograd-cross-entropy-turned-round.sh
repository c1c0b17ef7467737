#!/bin/sh
# neograd 0.0.4: the binary cross-entropy, BCE(outputs, targets), takes the logarithm of the targets and weighs it by the
# outputs, where it should be the other way round. Targets of 0 and 1 then make it 20.72 times the distance to the target,
# 20.72 being the logarithm of the 1e-9 that is added: the slope is the same 20.72 for a guess that is nearly right as for one
# that is sure and wrong. CE, for several classes, takes the logarithm of the outputs, and with two columns gives the right one.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check neograd==0.0.4 numpy==1.26.4 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
target 1, guess 0.01: BCE 20.516 slope -20.72, CE of two columns 4.605, by hand 4.605 slope -100.00
target 1, guess 0.5: BCE 10.362 slope -20.72, CE of two columns 0.693, by hand 0.693 slope -2.00
target 1, guess 0.9: BCE 2.072 slope -20.72, CE of two columns 0.105, by hand 0.105 slope -1.11
target 1, guess 0.999: BCE 0.021 slope -20.72, CE of two columns 0.001, by hand 0.001 slope -1.00
target 0, guess 0.01: BCE 0.207 slope 20.72, CE of two columns 0.010, by hand 0.010 slope 1.01
target 0, guess 0.5: BCE 10.362 slope 20.72, CE of two columns 0.693, by hand 0.693 slope 2.00
target 0, guess 0.9: BCE 18.651 slope 20.72, CE of two columns 2.303, by hand 2.303 slope 10.00
target 0, guess 0.999: BCE 20.703 slope 20.72, CE of two columns 6.908, by hand 6.908 slope 1000.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import neograd as ng
from neograd.nn.loss import BCE, CE

for target in (1.0, 0.0):
    for guess in (0.01, 0.5, 0.9, 0.999):
        a = ng.tensor(np.array([[guess]]), requires_grad=True)
        cost = BCE()(a, ng.tensor(np.array([[target]])))
        cost.backward()
        p = ng.tensor(np.array([[guess, 1 - guess]]))
        two = CE()(p, ng.tensor(np.array([[target, 1 - target]])))
        right = -np.log(guess if target else 1 - guess)
        slope = (guess - target) / (guess * (1 - guess))
        print(
            f"target {target:g}, guess {guess:g}: BCE {cost.data:.3f} slope {a.grad.item():.2f}, "
            f"CE of two columns {two.data:.3f}, by hand {right:.3f} slope {slope:.2f}"
        )
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
