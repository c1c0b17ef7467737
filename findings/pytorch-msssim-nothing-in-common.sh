#!/bin/sh
# pytorch-msssim 1.0.0 on PyTorch 2.14.1: ms_ssim of a picture of stripes and the same stripes, moved by half a stripe, is 0, and
# so is its gradient. A network that starts there, or with the negative of its target, or with another texture, learns nothing
# from 1 - ms_ssim: twenty steps of Adam leave every pixel where it was. The contrast of each scale is cut off at 0 before it is
# raised to its power; where two pictures do not go together it is below 0, and one scale at 0 makes 0 of the product. ssim, of
# one scale, is not cut off and has slopes everywhere. Told of the value alone in plenoptic issue 394.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytorch-msssim==1.0.0 torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
moved, ms_ssim: 0.00, pixels with a slope 0%, changed after 20 steps 0%
moved, ssim: -0.40, pixels with a slope 100%, changed after 20 steps 100%
negative, ms_ssim: 0.00, pixels with a slope 0%, changed after 20 steps 0%
negative, ssim: -0.97, pixels with a slope 100%, changed after 20 steps 100%
another texture, ms_ssim: 0.00, pixels with a slope 0%, changed after 20 steps 0%
another texture, ssim: 0.00, pixels with a slope 100%, changed after 20 steps 100%
nearly, ms_ssim: 0.99, pixels with a slope 100%, changed after 20 steps 100%
nearly, ssim: 0.99, pixels with a slope 100%, changed after 20 steps 100%
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pytorch_msssim import ms_ssim, ssim

generator = torch.Generator().manual_seed(0)
across = torch.arange(176, dtype=torch.float64) * torch.pi
image = (0.5 + 0.4 * torch.sin(across / 22)).expand(1, 1, 176, 176)
moved = (0.5 - 0.4 * torch.sin(across / 22)).expand(1, 1, 176, 176)
one, other = torch.rand(2, 1, 1, 176, 176, generator=generator, dtype=torch.float64)
for name, start, target in (("moved", moved, image), ("negative", 1 - one, one), ("another texture", other, one), ("nearly", 0.9 * image, image)):
    for f in (ms_ssim, ssim):
        x = torch.nn.Parameter(start.clone())
        first = f(x, target, data_range=1.0)
        (gradient,) = torch.autograd.grad(first, x)
        optimizer = torch.optim.Adam([x], lr=0.02)
        for _ in range(20):
            optimizer.zero_grad()
            (1 - f(x, target, data_range=1.0)).backward()
            optimizer.step()
        changed = (x.detach() != start).double().mean().item()
        print(f"{name}, {f.__name__}: {round(first.item(), 2) + 0:.2f}, pixels with a slope {(gradient != 0).double().mean().item():.0%}, changed after 20 steps {changed:.0%}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
