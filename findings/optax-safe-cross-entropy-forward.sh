#!/bin/sh
# Optax 0.2.8 on JAX 0.10.2: safe_softmax_cross_entropy, which is there for logits of minus infinity where the label is 0, is
# safe by reverse mode only. By forward mode its slopes are nan, those of the other logits too: the rule for a tangent
# multiplies that of the labels, a 0, with a logarithm of minus infinity. grad and the Hessian, forward over reverse, are right.
# A mend is proposed in google-deepmind/optax #1762.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 optax==0.2.8 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
masked by -1000.0, safe: value 1.31, grad -0.73 0.73 0.00, jacfwd -0.73 0.73 0.00, jvp -0.73, Hessian 0.20 -0.20 0.00
masked by -1000.0, written_out: value 1.31, grad -0.73 0.73 0.00, jacfwd -0.73 0.73 0.00, jvp -0.73, Hessian 0.20 -0.20 0.00
masked by -inf, safe: value 1.31, grad -0.73 0.73 0.00, jacfwd nan nan nan, jvp nan, Hessian 0.20 -0.20 0.00
masked by -inf, written_out: value 1.31, grad -0.73 0.73 0.00, jacfwd -0.73 0.73 0.00, jvp -0.73, Hessian 0.20 -0.20 0.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import optax

label = jnp.array([1.0, 0.0, 0.0])


def safe(z):
    return optax.safe_softmax_cross_entropy(z, label)


def written_out(z):
    return jax.nn.logsumexp(z) - z[0]


for masked in (-1000.0, -jnp.inf):
    z = jnp.array([0.0, 1.0, masked])
    for f in (safe, written_out):
        jvp = jax.jvp(f, (z,), (jnp.array([1.0, 0.0, 0.0]),))[1]
        ways = {"value": f(z)[None], "grad": jax.grad(f)(z), "jacfwd": jax.jacfwd(f)(z), "jvp": jvp[None], "Hessian": jax.hessian(f)(z)[0]}
        print(f"masked by {masked}, {f.__name__}:", ", ".join(f"{name} {' '.join(f'{s + 0:.2f}' for s in way)}" for name, way in ways.items()))
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
