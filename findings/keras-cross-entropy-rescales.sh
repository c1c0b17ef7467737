#!/bin/sh
# Keras 3.15.1: the gradient of categorical_crossentropy with respect to the probabilities is not
# -y/a. It divides them by their sum first, also where that is 1, and so the gradient at
# a = (0.7, 0.2, 0.1) for the first class is (-0.43, 1, 1) instead of (-1.43, 0, 0). Where the right
# class has probability 0 it is 0, and a guess that cannot be more wrong is not moved.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
[-0.43, 1.0, 1.0]
twice the probabilities, the same cost: True
right class at 0: [0.0, 0.0, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import os

os.environ["KERAS_BACKEND"] = "jax"
import jax
import jax.numpy as jnp
import keras

def cost(a):
    return keras.losses.categorical_crossentropy(jnp.array([[1.0, 0.0, 0.0]]), a)[0]

a = jnp.array([[0.7, 0.2, 0.1]])
print([round(v, 2) + 0.0 for v in jax.grad(cost)(a)[0].tolist()])
print("twice the probabilities, the same cost:", bool(abs(cost(2 * a) - cost(a)) < 1e-6))
print("right class at 0:", [v + 0.0 for v in jax.grad(cost)(jnp.array([[0.0, 0.5, 0.5]]))[0].tolist()])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
