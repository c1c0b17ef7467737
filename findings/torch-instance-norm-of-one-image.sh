#!/bin/sh
# PyTorch 2.13.0: the gradient of instance_norm is wrong for a single image, on the processor, if the error comes back with its
# channels last, as it does from permute(0, 2, 3, 1) and from a convolution in the format channels_last; gradcheck rejects it.
# Below the slopes of the second channel come twice as large. With two images it is right, and so it is for one in front of a
# usual convolution; group_norm with one channel per group, which is the same function, is right with each. batch_norm has
# the fault where the images are one column wide, with two of them too. 2.14.1 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1 image, instance_norm and permute: gradcheck False
1 image, instance_norm and a convolution, channels last: gradcheck False
1 image, instance_norm and a convolution: gradcheck True
1 image, group_norm and permute: gradcheck True
1 image, batch_norm and permute: gradcheck True
2 images, instance_norm and permute: gradcheck True
2 images, instance_norm and a convolution, channels last: gradcheck True
2 images, instance_norm and a convolution: gradcheck True
2 images, group_norm and permute: gradcheck True
2 images, batch_norm and permute: gradcheck True
2 images of one column, batch_norm and permute: gradcheck False
2 images of one column, group_norm and permute: gradcheck True
gradient through instance_norm: 0.229 -0.344 0.115 0.458 0.229 -0.687
gradient through group_norm: 0.229 -0.344 0.115 0.229 0.115 -0.344
differences: 0.229 -0.344 0.115 0.229 0.115 -0.344
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.autograd import gradcheck
from torch.nn import functional as F

torch.manual_seed(0)
norms = {
    "instance_norm": F.instance_norm,
    "group_norm": lambda x: F.group_norm(x, x.shape[1]),
    "batch_norm": lambda x: F.batch_norm(x, None, None, training=True),
}
last = torch.randn(2, 2, 3, 3, dtype=torch.float64).to(memory_format=torch.channels_last)
behind = {
    "permute": lambda y: y.permute(0, 2, 3, 1) ** 2 * torch.arange(1.0, 3.0),
    "a convolution, channels last": lambda y: F.conv2d(y.contiguous(memory_format=torch.channels_last), last),
    "a convolution": lambda y: F.conv2d(y, last.contiguous()),
}
for images in (1, 2):
    x = torch.randn(images, 2, 4, 4, dtype=torch.float64, requires_grad=True)
    for name, norm in norms.items():
        for where, reader in behind.items():
            right = gradcheck(lambda x, n=norm, r=reader: r(n(x)), x, raise_exception=False)
            if name == "instance_norm" or where == "permute":
                print(f"{images} image{'s' * (images > 1)}, {name} and {where}: gradcheck {right}")
x = torch.randn(2, 2, 4, 1, dtype=torch.float64, requires_grad=True)
for name in ("batch_norm", "group_norm"):
    right = gradcheck(lambda x, n=norms[name]: behind["permute"](n(x)), x, raise_exception=False)
    print(f"2 images of one column, {name} and permute: gradcheck {right}")
x = torch.tensor([[[[1.0, 2.0, 4.0]], [[0.0, 3.0, 1.0]]]], dtype=torch.float64, requires_grad=True)
w = torch.tensor([[[[1.0, 0.0, 0.0]], [[0.0, 2.0, 0.0]]]])
for name in ("instance_norm", "group_norm"):
    loss = (norms[name](x).permute(0, 2, 3, 1) * w.permute(0, 2, 3, 1).contiguous()).sum()
    (slopes,) = torch.autograd.grad(loss, x)
    print(f"gradient through {name}:", " ".join(f"{v:.3f}" for v in slopes.flatten().tolist()))
steps = 0.001 * torch.eye(6, dtype=torch.float64).reshape(6, 1, 2, 1, 3)
differences = [((F.instance_norm(x + h) - F.instance_norm(x - h)) * w).sum().item() / 0.002 for h in steps]
print("differences:", " ".join(f"{v:.3f}" for v in differences))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
