#!/bin/sh
# Optax 0.2.8 on JAX 0.10.2: a class that no pixel of the batch has takes the whole of multiclass_generalized_dice_loss. Classes
# are weighted by one over the square of their count, and a count of 0 gets 10,000,000, next to 0.1 for three pixels; the
# weights are then scaled to add up to the number of classes. With one absent class of three, a guess that exchanges the other
# two is as good as the right one, 0.00, where dice_loss answers 0.50, and the slopes of a pixel at 0 do not tell its class from
# the other one, only from the absent one.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 optax==0.2.8 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
classes [0, 0, 0, 1, 1, 1], right: generalized 0.00, dice_loss 0.00
classes [0, 0, 0, 1, 1, 1], 0 and 1 exchanged: generalized 0.00, dice_loss 0.50
classes [0, 0, 0, 1, 1, 1], multiclass_generalized_dice_loss, slopes of the first pixel at 0: -0.0139 -0.0139 0.0278
classes [0, 0, 0, 1, 1, 1], dice_loss, slopes of the first pixel at 0: -0.0228 0.0090 0.0138
classes [0, 0, 0, 1, 1, 2], right: generalized 0.00, dice_loss 0.00
classes [0, 0, 0, 1, 1, 2], 0 and 1 exchanged: generalized 0.19, dice_loss 0.48
classes [0, 0, 0, 1, 1, 2], multiclass_generalized_dice_loss, slopes of the first pixel at 0: -0.0143 -0.0031 0.0174
classes [0, 0, 0, 1, 1, 2], dice_loss, slopes of the first pixel at 0: -0.0225 0.0105 0.0120
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from optax import losses

for classes in ([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 2]):
    targets = jax.nn.one_hot(jnp.array([classes]), 3)
    exchanged = targets[..., jnp.array([1, 0, 2])]
    for name, guess in (("right", targets), ("0 and 1 exchanged", exchanged)):
        values = [f(guess, targets, apply_softmax=False).item() for f in (losses.multiclass_generalized_dice_loss, losses.dice_loss)]
        print(f"classes {classes}, {name}: generalized {values[0]:.2f}, dice_loss {values[1]:.2f}")
    for f in (losses.multiclass_generalized_dice_loss, losses.dice_loss):
        slopes = jax.grad(lambda z: f(z, targets).sum())(jnp.zeros((1, 6, 3)))
        print(f"classes {classes}, {f.__name__}, slopes of the first pixel at 0: {' '.join(f'{s:.4f}' for s in slopes[0, 0])}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
