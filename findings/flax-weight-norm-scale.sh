#!/bin/sh
# Flax 0.12.8 on JAX 0.10.2: nnx.WeightNorm has a scale, use_scale=True by default, that nobody trains. It is kept as a plain
# array, so that nnx.grad and nnx.Optimizer, which look for nnx.Param, pass it by: after 2000 steps towards 3 x1 + 4 x2, whose
# weights have the length 5, the length is still 1 and the loss 8.00. linen.WeightNorm, the older one, has a scale that learns
# 5.00 with the same steps. It is google/flax #5577.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check flax==0.12.8 jax==0.10.2 jaxlib==0.10.2 optax==0.2.8 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
nnx: loss 8.00, scale 1.00, length of the weights 1.00
linen: loss 0.00, scale 5.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import flax.linen
import jax
import jax.numpy as jnp
import optax
from flax import nnx

x = jnp.array([[1.0, 0.0], [0.0, 1.0]])
y = x @ jnp.array([[3.0], [4.0]])

new = nnx.WeightNorm(nnx.Linear(2, 1, use_bias=False, rngs=nnx.Rngs(0)), rngs=nnx.Rngs(0))
optimizer = nnx.Optimizer(new, optax.sgd(0.1), wrt=nnx.Param)


@nnx.jit
def step(new, optimizer):
    loss, slopes = nnx.value_and_grad(lambda m: ((m(x) - y) ** 2).mean())(new)
    optimizer.update(new, slopes)
    return loss


for _ in range(2000):
    loss = step(new, optimizer)
new(x)
kernel = new.layer_instance.kernel[...]
print(f"nnx: loss {loss:.2f}, scale {new.scales[('kernel',)][0]:.2f}, length of the weights {jnp.linalg.norm(kernel):.2f}")

old = flax.linen.WeightNorm(flax.linen.Dense(1, use_bias=False))
weights = old.init(jax.random.key(0), x)


@jax.jit
def old_step(weights):
    loss, slopes = jax.value_and_grad(lambda w: ((old.apply(w, x) - y) ** 2).mean())(weights)
    return loss, jax.tree.map(lambda w, s: w - 0.1 * s, weights, slopes)


for _ in range(2000):
    loss, weights = old_step(weights)
(scale,) = [w for path, w in jax.tree_util.tree_leaves_with_path(weights) if "scale" in str(path[-1])]
print(f"linen: loss {loss:.2f}, scale {scale[0]:.2f}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
