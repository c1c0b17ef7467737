#!/bin/sh
# GPyTorch 1.15.2: the second derivative of the Matern kernel with nu = 2.5, which has one everywhere, is 0 at
# distance 0, without a word; it is -5/3 there for length scale 1. At any other distance it is refused with an error,
# that the derivative of the distance's backward pass is not implemented. RBF has its -1.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 gpytorch==1.15.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
RBFKernel at distance 0: -1
MaternKernel at distance 0: 0
MaternKernel at distance 0.5: refused
quotient of Matern's values: -1.667
SEEN
cat >"$folder/ask.py" <<'ASK'
import gpytorch
import torch

torch.set_default_dtype(torch.float64)
rbf, matern = gpytorch.kernels.RBFKernel(), gpytorch.kernels.MaternKernel(nu=2.5)
for kernel, distance in ((rbf, 0.0), (matern, 0.0), (matern, 0.5)):
    kernel.initialize(lengthscale=1.0)
    x = torch.tensor([[2.0]], requires_grad=True)
    (slope,) = torch.autograd.grad(kernel(x, x.detach() + distance).to_dense(), x, create_graph=True)
    try:
        curvature = f"{torch.autograd.grad(slope, x)[0].item():.4g}"
    except (RuntimeError, NotImplementedError):
        curvature = "refused"
    print(type(kernel).__name__, f"at distance {distance:g}:", curvature)
h = 1e-4
left, middle, right = (matern(torch.zeros(1, 1), torch.full((1, 1), d)).to_dense().item() for d in (-h, 0.0, h))
print(f"quotient of Matern's values: {(left - 2 * middle + right) / h**2:.4g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
