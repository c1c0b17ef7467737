#!/bin/sh
# Optax 0.2.8 on JAX 0.10.2: gradient descent with a complex weight climbs. jax.grad of a real loss
# answers the conjugate of the direction of steepest ascent, and optax subtracts it as it is: of the
# loss |z - i|^2 the step from 0 leads away from i, and with SGD and Adam the loss grows. With the
# gradient conjugated it falls. PyTorch's grad is conjugated already. No error, no warning.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check optax==0.2.8 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
at the start 1.0
sgd rises: True with the conjugate falls: True
adam rises: True with the conjugate falls: True
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import optax
def loss(z):
    return jnp.abs(z - 1j) ** 2
def after(optimiser, change, steps=20):
    z = jnp.array(0j)
    state = optimiser.init(z)
    for _ in range(steps):
        update, state = optimiser.update(change(jax.grad(loss)(z)), state, z)
        z = optax.apply_updates(z, update)
    return float(loss(z))
print("at the start", float(loss(0j)))
for name, optimiser in (("sgd", optax.sgd(0.05)), ("adam", optax.adam(0.05))):
    as_it_is, conjugated = after(optimiser, lambda g: g), after(optimiser, jnp.conj)
    print(name, "rises:", as_it_is > 1, "with the conjugate falls:", conjugated < 1)
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
