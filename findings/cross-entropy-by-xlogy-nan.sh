#!/bin/sh
# PyTorch 2.13.0 and JAX 0.10.2: xlogy(y, a) is there so that a target of 0 adds nothing where the
# output has rounded to 0, and its value is 0 there; its gradient by a is NaN in both, and one such
# output makes NaN of all gradients below. JAX's rel_entr has 0 for it.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
torch -0.6931 [nan, 2.0]
jax xlogy -0.6931 [nan, 2.0]
jax rel_entr 0.6931 [0.0, -2.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
import torch
from jax.scipy import special

y, a = [0.0, 1.0], [0.0, 0.5]
t = torch.tensor(a, requires_grad=True)
loss = torch.xlogy(torch.tensor(y), t).sum()
loss.backward()
print("torch", f"{loss.item():.4f}", t.grad.tolist())
y, a = jnp.array(y), jnp.array(a)
for name in ("xlogy", "rel_entr"):
    f = lambda a: getattr(special, name)(y, a).sum()
    print("jax", name, f"{f(a):.4f}", jax.grad(f)(a).tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
