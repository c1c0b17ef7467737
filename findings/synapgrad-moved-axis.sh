#!/bin/sh
# synapgrad 1.0.2: the gradient of movedim is in the wrong order where an axis moves by two places or more. Going back, the
# axis is moved from source to destination once more instead of from destination to source; for neighbours that is the same.
# Here all axes have the same length, so that nothing is noticed; a gradient of another shape would come otherwise.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check synapgrad==1.0.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
axis 0 to 1: slopes [0, 1, 4, 5, 2, 3, 6, 7], they are [0, 1, 4, 5, 2, 3, 6, 7]
axis 1 to 2: slopes [0, 2, 1, 3, 4, 6, 5, 7], they are [0, 2, 1, 3, 4, 6, 5, 7]
axis 0 to 2: slopes [0, 4, 1, 5, 2, 6, 3, 7], they are [0, 2, 4, 6, 1, 3, 5, 7]
axis 2 to 0: slopes [0, 2, 4, 6, 1, 3, 5, 7], they are [0, 4, 1, 5, 2, 6, 3, 7]
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import synapgrad

weights = np.arange(8.0).reshape(2, 2, 2)
values = np.linspace(0.1, 0.8, 8).reshape(2, 2, 2)
for source, destination in ((0, 1), (1, 2), (0, 2), (2, 0)):
    x = synapgrad.tensor(values, requires_grad=True, dtype=np.float64)
    y = synapgrad.movedim(x, source, destination) * synapgrad.tensor(weights, dtype=np.float64)
    y.sum().backward()
    steps = [(np.moveaxis(e, source, destination) * weights).sum() for e in np.eye(8).reshape(8, 2, 2, 2)]
    print(f"axis {source} to {destination}: slopes {x.grad.data.ravel().astype(int).tolist()}, they are {[int(s) for s in steps]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
