#!/bin/sh
# MLX 0.32.4: under vmap a[1:3] = 7 writes to the first example and to no other, without a word, and a.at[0].add(1) and
# slice_update do the same wherever what is written is not of the example itself. Three rows of zeros come out as one with
# sevens and two of zeros. By vmap of grad the numbers that were overwritten keep their slopes in all examples but the first.
# An array of indices in place of the slice is right, and so is a loop.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
a[1:3] = 7 by vmap [[0.0, 7.0, 7.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]] by loop [[0.0, 7.0, 7.0, 0.0], [0.0, 7.0, 7.0, 0.0], [0.0, 7.0, 7.0, 0.0]]
a.at[0].add(1) by vmap [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]] by loop [[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
slice_update by vmap [[5.0, 6.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]] by loop [[5.0, 6.0, 0.0, 0.0], [5.0, 6.0, 0.0, 0.0], [5.0, 6.0, 0.0, 0.0]]
a.at[indices].add(1) by vmap [[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]] by loop [[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
slopes of the sum of squares by vmap [[2.0, 0.0, 0.0, 8.0], [2.0, 4.0, 6.0, 8.0]] by loop [[2.0, 0.0, 0.0, 8.0], [2.0, 0.0, 0.0, 8.0]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import mlx.core as mx


def written(a):
    a = a + 0
    a[1:3] = 7.0
    return a


asked = {
    "a[1:3] = 7": written,
    "a.at[0].add(1)": lambda a: a.at[0].add(1.0),
    "slice_update": lambda a: mx.slice_update(a, mx.array([5.0, 6.0]), mx.array([0]), (0,)),
    "a.at[indices].add(1)": lambda a: a.at[mx.array([0])].add(1.0),
}
x = mx.zeros((3, 4))
for name, f in asked.items():
    print(name, "by vmap", mx.vmap(f)(x).tolist(), "by loop", [f(row).tolist() for row in x])
slopes = mx.grad(lambda a: written(a).square().sum())
y = mx.array([[1.0, 2, 3, 4], [1, 2, 3, 4]])
print("slopes of the sum of squares by vmap", mx.vmap(slopes)(y).tolist(), "by loop", [slopes(row).tolist() for row in y])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
