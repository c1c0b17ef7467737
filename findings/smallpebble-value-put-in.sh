#!/bin/sh
# smallpebble 3.0.5: what setat puts into an array gets the gradient 0. setat(a, at, b) is a with b at the places asked for,
# so that the slope by b is that of those places: 10 for the sum of the squares and a 5. The pass back to a sets them to 0, as
# it should, but in the gradient itself, and b reads there afterwards. So b never learns; a is right, and add_at, which adds
# b, is right for both.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check smallpebble==3.0.5 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sum of y^2, setat: slopes by a [2.0, 0.0, 6.0], by b 0.00, by differences 10.00
sum of y^2, add_at: slopes by a [2.0, 14.0, 6.0], by b 14.00, by differences 14.00
sum of exp y, setat: slopes by a [2.72, 0.0, 20.09], by b 0.00, by differences 148.41
sum of exp y, add_at: slopes by a [2.72, 1096.63, 20.09], by b 1096.63, by differences 1096.63
sum of y, setat: slopes by a [1.0, 0.0, 1.0], by b 0.00, by differences 1.00
sum of y, add_at: slopes by a [1.0, 1.0, 1.0], by b 1.00, by differences 1.00
b, 5 at first, after 100 steps towards 0: 5
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import smallpebble as sp

values, put = np.array([1.0, 2.0, 3.0]), np.array([5.0])
at = np.array([1])
costs = {
    "sum of y^2": lambda y: sp.sum(sp.square(y)),
    "sum of exp y": lambda y: sp.sum(sp.exp(y)),
    "sum of y": lambda y: sp.sum(y),
}
for name, cost in costs.items():
    for way in (sp.setat, sp.add_at):
        a, b = sp.Variable(values), sp.Variable(put)
        slopes = sp.get_gradients(cost(way(a, at, b)))
        h = 1e-6
        above, below = (cost(way(sp.Variable(values), at, sp.Variable(put + e))).array for e in (h, -h))
        print(f"{name}, {way.__name__}: slopes by a {np.round(slopes[a], 2).tolist()}, by b {slopes[b].item():.2f}, by differences {(above - below) / (2 * h):.2f}")
b = sp.Variable(put)
for _ in range(100):
    slopes = sp.get_gradients(sp.sum(sp.square(sp.setat(sp.Variable(values), at, b))))
    b = sp.Variable(b.array - 0.1 * slopes[b])
print(f"b, 5 at first, after 100 steps towards 0: {b.array.item():g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
