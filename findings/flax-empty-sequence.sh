#!/bin/sh
# Flax 0.12.8 on JAX 0.10.2: nnx.RNN reads the padding of an empty sequence. seq_lengths says how much of each row counts, and
# the last state that it returns with return_carry=True is that after so many steps; for a row of length 0 it should be the
# initial state, 0, and is the state after the whole row, of padding. Here the rows are filled with 9, which no other length
# reads, and the loss of the empty row sends a gradient to the weights. The state is looked up at the place of the length less
# 1, and -1 is the last place. linen.RNN does the same.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check flax==0.12.8 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
length 0: nnx 0.870 slope by the weight 2.500, linen 0.870, step by step 0.000
length 1: nnx 0.100 slope by the weight 0.990, linen 0.100, step by step 0.100
length 2: nnx 0.149 slope by the weight 1.462, linen 0.149, step by step 0.149
length 3: nnx 0.173 slope by the weight 1.679, linen 0.173, step by step 0.173
SEEN
cat >"$folder/ask.py" <<'ASK'
import flax.linen
import jax
import jax.numpy as jnp
from flax import nnx

cell = nnx.SimpleCell(1, 1, rngs=nnx.Rngs(0))
cell.dense_i.kernel[...] = jnp.array([[0.1]])
cell.dense_h.kernel[...] = jnp.array([[0.5]])
old_cell = flax.linen.RNN(flax.linen.SimpleCell(1), return_carry=True)
weights = {"params": {"cell": {"i": {"kernel": jnp.array([[0.1]]), "bias": jnp.zeros(1)}, "h": {"kernel": jnp.array([[0.5]])}}}}


def last_state(cell, x, length):
    return nnx.RNN(cell, return_carry=True)(x, seq_lengths=jnp.array([length]))[0][0, 0]


for length in (0, 1, 2, 3):
    x = jnp.where(jnp.arange(4) < length, 1.0, 9.0)[None, :, None]
    h = 0.0
    for _ in range(length):
        h = jnp.tanh(0.1 + 0.5 * h)
    slope = nnx.grad(last_state)(cell, x, length).dense_i.kernel[0, 0]
    old = old_cell.apply(weights, x, seq_lengths=jnp.array([length]))[0][0, 0]
    print(f"length {length}: nnx {last_state(cell, x, length):.3f} slope by the weight {slope:.3f}, linen {old:.3f}, step by step {h:.3f}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
