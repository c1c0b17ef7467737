#!/bin/sh
# MLX 0.32.4: vmap over the weights of a grouped convolution mixes models and groups, without a word. Two channels, 1 and 10,
# are multiplied by (1, 2) in one model, by (3, 4) in another and (5, 6) in a third, which is 1, 20; 3, 40; and 5, 60, one
# model at a time; under vmap 1, 2; 3, 40; and 50, 60 come out. All weights are put side by side as output channels, whose
# first half then reads the first channel. Where each model has an input of its own, or there is one group, it is right. Of
# the gradients by the weights, one for each of several errors under vmap, the last is wrong in the same way.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
one at a time [[1.0, 20.0], [3.0, 40.0], [5.0, 60.0]]
vmap [[1.0, 2.0], [3.0, 40.0], [50.0, 60.0]]
vmap, three inputs [[1.0, 20.0], [3.0, 40.0], [5.0, 60.0]]
one group, one at a time [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
one group, vmap [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
slopes, one at a time [[1.0, 0.0], [0.0, 10.0], [1.0, 10.0]]
slopes, vmap [[1.0, 0.0], [0.0, 10.0], [10.0, 10.0]]
SEEN
cat >"$folder/ask.py" <<'ASK'
import mlx.core as mx

x = mx.array([[[1.0, 10.0]]])
models = mx.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]).reshape(3, 2, 1, 1)


def depthwise(x, w):
    return mx.conv1d(x, w, groups=2).flatten()


def one_group(x, w):
    return mx.conv1d(x, mx.concatenate([w, 0 * w], 2)).flatten()


print("one at a time", [depthwise(x, w).tolist() for w in models])
print("vmap", mx.vmap(depthwise, in_axes=(None, 0))(x, models).tolist())
print("vmap, three inputs", mx.vmap(depthwise)(mx.stack([x, x, x]), models).tolist())
print("one group, one at a time", [one_group(x, w).tolist() for w in models])
print("one group, vmap", mx.vmap(one_group, in_axes=(None, 0))(x, models).tolist())
errors = mx.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
slopes = lambda e: mx.vjp(depthwise, [x, models[0]], [e])[1][1].flatten()
print("slopes, one at a time", [slopes(e).tolist() for e in errors])
print("slopes, vmap", mx.vmap(slopes)(errors).tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
