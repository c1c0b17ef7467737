#!/bin/sh
# Lightly 1.6.0: EMPSSLLoss rewards what it is there to prevent. Its coding rate, the half log-determinant that is to be as large
# as it can so that images do not all get one vector, is added to the loss instead of subtracted: four images with vectors at
# right angles cost more than four with the same vector, and a descent from random vectors ends with all on one line. Minus
# the same term spreads them: the paper that it cites, "EMP-SSL" (arXiv 2304.03977), maximises the rate, and so does that paper's
# own code, whose author says so in tsb0601/EMP-SSL issue 6. The term for two views of an image has its sign, so that the loss
# goes down in training as it should.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check lightly==1.6.0 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
as it is, loss of one vector for all -198.48, of vectors at right angles -196.42
as it is, singular values of the vectors after the descent: 2.00 0.00 0.00 0.00
rate subtracted, loss of one vector for all -201.52, of vectors at right angles -203.58
rate subtracted, singular values of the vectors after the descent: 1.00 1.00 1.00 1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from lightly.loss import EMPSSLLoss
from lightly.loss.emp_ssl_loss import tcr_loss
from torch.nn.functional import normalize

loss = EMPSSLLoss()


def subtracted(views):
    return loss(views) - 2 * tcr_loss(torch.stack(views), eps=0.2)


apart = torch.eye(4)
same = apart[:1].repeat(4, 1)
for name, f in (("as it is", loss), ("rate subtracted", subtracted)):
    costs = [f([z, z]).item() for z in (same, apart)]
    print(f"{name}, loss of one vector for all {costs[0]:.2f}, of vectors at right angles {costs[1]:.2f}")
    z = torch.randn(4, 4, generator=torch.Generator().manual_seed(0), requires_grad=True)
    for _ in range(3000):
        (slope,) = torch.autograd.grad(f([normalize(z), normalize(z)]), z)
        z = normalize(z - 0.1 * slope).detach().requires_grad_()
    spread = torch.linalg.svdvals(z.detach()).tolist()
    print(f"{name}, singular values of the vectors after the descent: {' '.join(f'{s:.2f}' for s in spread)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
