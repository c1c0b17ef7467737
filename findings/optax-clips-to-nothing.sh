#!/bin/sh
# Optax 0.2.8 on JAX 0.10.2: clip_by_global_norm, which shortens a long gradient to a given length, makes 0 of it in float16.
# The gradient (300, 400) has norm 500, and clipped to 1 it is (0.6, 0.8), as PyTorch 2.13.0 answers in the same format. Here
# the squares overflow, the norm is infinite, and what is divided by it is 0. Training goes on and changes nothing, and nothing
# is nan. clip_by_block_rms, adaptive_grad_clip and normalize_by_update_norm do the same.
# That the norm is taken in the gradient's own format is known to users of bfloat16, from MaxText's pull request 5143.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check optax==0.2.8 jax==0.10.2 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
float16 (150, 200): global_norm 250, clip_by_global_norm 0.6 0.8, PyTorch 0.6 0.8
float16 (300, 400): global_norm inf, clip_by_global_norm 0.0 0.0, PyTorch 0.6 0.8
float16, the others: clip_by_block_rms 0.0 0.0, adaptive_grad_clip 0.0 0.0, normalize_by_update_norm 0.0 0.0
float32 (300, 400): global_norm 500, clip_by_global_norm 0.6 0.8, PyTorch 0.6 0.8
float32, the others: clip_by_block_rms 0.8 1.1, adaptive_grad_clip 0.8 1.1, normalize_by_update_norm 0.6 0.8
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax.numpy as jnp
import optax
import torch


def show(numbers):
    return " ".join(f"{float(v):.1f}" for v in numbers)


def clipped(rule, gradient):
    return show(rule.update(gradient, rule.init(gradient), jnp.ones_like(gradient))[0])


others = {
    "clip_by_block_rms": optax.clip_by_block_rms(1.0),
    "adaptive_grad_clip": optax.adaptive_grad_clip(1.0),
    "normalize_by_update_norm": optax.normalize_by_update_norm(),
}
for dtype, numbers in (("float16", [150.0, 200.0]), ("float16", [300.0, 400.0]), ("float32", [300.0, 400.0])):
    gradient = jnp.array(numbers, dtype)
    weight = torch.zeros(2, dtype=getattr(torch, dtype))
    weight.grad = torch.tensor(numbers, dtype=weight.dtype)
    torch.nn.utils.clip_grad_norm_([weight], 1.0)
    told = clipped(optax.clip_by_global_norm(1.0), gradient)
    print(f"{dtype} ({numbers[0]:g}, {numbers[1]:g}): global_norm {optax.global_norm(gradient):g}", end=", ")
    print(f"clip_by_global_norm {told}, PyTorch {show(weight.grad)}")
    if numbers[0] == 300:
        print(f"{dtype}, the others: " + ", ".join(f"{name} {clipped(rule, gradient)}" for name, rule in others.items()))
ASK
cd "$folder"
JAX_PLATFORMS=cpu env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
