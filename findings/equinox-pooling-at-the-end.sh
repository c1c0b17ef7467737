#!/bin/sh
# Equinox 0.13.8: AvgPool with use_ceil halves the last average of an odd length: of (1, 2, 3, 4, 5), two at a time, it is 2.5,
# where the window covers the 5 alone; PyTorch's ceil_mode answers 5. Where zeros are padded is not asked for here. The adaptive
# layer has windows of other sizes than PyTorch's, and not the same from both ends: (0, 1, 2, 3, 4) to three is (0.5, 2.5, 4),
# and PyTorch's (0.5, 2, 3.5). A network whose weights come from PyTorch answers something else.
# The adaptive windows are known since 2024, Equinox's issue 641.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check equinox==0.13.8 jax==0.10.2 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
two at a time, rounded up: Equinox 1.50 3.50 2.50 PyTorch 1.50 3.50 5.00
slope of the last by the 5: Equinox 0.50 PyTorch 1.00
maximum: Equinox -1.00 -3.00 -5.00 PyTorch -1.00 -3.00 -5.00
adaptive, 5 to 3: Equinox 0.50 2.50 4.00 PyTorch 0.50 2.00 3.50
adaptive, 6 to 3: Equinox 0.50 2.50 4.50 PyTorch 0.50 2.50 4.50
adaptive, 7 to 3: Equinox 1.00 3.50 5.50 PyTorch 1.00 3.00 5.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import equinox
import jax
import jax.numpy as jnp
import torch


def show(name, theirs, other):
    theirs, other = (" ".join(f"{float(v):.2f}" for v in y.flatten()) for y in (theirs, other))
    print(f"{name}: Equinox {theirs} PyTorch {other}")


x = [[1.0, 2.0, 3.0, 4.0, 5.0]]
pool, other = equinox.nn.AvgPool1d(2, 2, use_ceil=True), torch.nn.AvgPool1d(2, 2, ceil_mode=True)
show("two at a time, rounded up", pool(jnp.array(x)), other(torch.tensor(x)))
slope = jax.grad(lambda x: pool(x)[0, 2])(jnp.array(x))[0, 4]
show("slope of the last by the 5", slope, torch.func.grad(lambda x: other(x)[0, 2])(torch.tensor(x))[0, 4])
largest, other = equinox.nn.MaxPool1d(2, 2, use_ceil=True), torch.nn.MaxPool1d(2, 2, ceil_mode=True)
show("maximum", largest(-jnp.array(x)), other(-torch.tensor(x)))
for n in (5, 6, 7):
    theirs = equinox.nn.AdaptiveAvgPool1d(3)(jnp.arange(float(n))[None])
    show(f"adaptive, {n} to 3", theirs, torch.nn.AdaptiveAvgPool1d(3)(torch.arange(float(n))[None]))
ASK
cd "$folder"
JAX_PLATFORMS=cpu env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
