#!/bin/sh
# PyTorch 2.13.0: gradcheck passes a custom function whose backward multiplies the error it is
# given in place. Where the same error goes to two readers, as in a residual x + f(x), the other
# reader gets the changed one: the gradient of x + x^2 at 3 comes as 12 instead of 7.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
gradcheck: True
x + x^2 at 3: 12.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, sent):
        return sent.mul_(2 * ctx.saved_tensors[0])

x = torch.tensor([3.0], dtype=torch.float64, requires_grad=True)
print("gradcheck:", torch.autograd.gradcheck(Square.apply, x))
x.grad = None
(x + Square.apply(x)).backward(torch.ones(1, dtype=torch.float64))
print("x + x^2 at 3:", x.grad.item())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
