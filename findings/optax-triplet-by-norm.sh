#!/bin/sh
# Optax 0.2.8 on JAX 0.10.2: triplet_margin_loss with norm_degree=1 lets differences cancel. The distance by degree 1 is the sum
# of their sizes, and it is computed as the sum of the differences with their signs: from the origin to (-2, -2) it is 4, and to
# (2, 2) -4, so that a negative that is far enough costs 4.50 for 0 and is pulled towards the anchor. With degree 3 the loss is
# nan wherever the cubes add up to less than 0. The even degrees, 2 by default, are right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 optax==0.2.8 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
degree 1, negative (-2, -2): optax_s 0.00, slopes 0.00 0.00; by_sizes 0.00, slopes 0.00 0.00
degree 1, negative (2, 2): optax_s 4.50, slopes 1.00 1.00; by_sizes 0.00, slopes 0.00 0.00
degree 1, negative (-0.5, 0.5): optax_s 0.50, slopes 1.00 1.00; by_sizes 0.50, slopes 1.00 -1.00
degree 2, negative (-2, -2): optax_s 0.00, slopes 0.00 0.00; by_sizes 0.00, slopes 0.00 0.00
degree 2, negative (2, 2): optax_s 0.00, slopes 0.00 0.00; by_sizes 0.00, slopes 0.00 0.00
degree 2, negative (-0.5, 0.5): optax_s 0.65, slopes 0.71 -0.71; by_sizes 0.65, slopes 0.71 -0.71
degree 3, negative (-2, -2): optax_s nan, slopes 0.00 0.00; by_sizes 0.00, slopes 0.00 0.00
degree 3, negative (2, 2): optax_s nan, slopes nan nan; by_sizes 0.00, slopes 0.00 0.00
degree 3, negative (-0.5, 0.5): optax_s nan, slopes 0.00 0.00; by_sizes 0.69, slopes 0.63 -0.63
degree 4, negative (-2, -2): optax_s 0.00, slopes 0.00 0.00; by_sizes 0.00, slopes 0.00 0.00
degree 4, negative (2, 2): optax_s 0.00, slopes 0.00 0.00; by_sizes 0.00, slopes 0.00 0.00
degree 4, negative (-0.5, 0.5): optax_s 0.70, slopes 0.59 -0.59; by_sizes 0.70, slopes 0.59 -0.59
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import optax


def by_sizes(anchor, positive, negative, degree):
    near, far = (jnp.sum(jnp.abs(anchor - x) ** degree) ** (1 / degree) for x in (positive, negative))
    return jnp.maximum(near - far + 1, 0)


def optax_s(anchor, positive, negative, degree):
    return optax.losses.triplet_margin_loss(anchor, positive, negative, norm_degree=degree)


anchor, positive = jnp.zeros(2), jnp.array([0.25, 0.25])
for degree in (1, 2, 3, 4):
    for negative in (jnp.array([-2.0, -2.0]), jnp.array([2.0, 2.0]), jnp.array([-0.5, 0.5])):
        line = []
        for f in (optax_s, by_sizes):
            loss, slope = jax.value_and_grad(f, argnums=2)(anchor, positive, negative, degree)
            line.append(f"{f.__name__} {loss:.2f}, slopes {slope[0] + 0:.2f} {slope[1] + 0:.2f}")
        print(f"degree {degree}, negative ({negative[0]:g}, {negative[1]:g}): {'; '.join(line)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
