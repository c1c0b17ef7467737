#!/bin/sh
# PyTorch 2.13.0: linalg.cholesky and linalg.eigvalsh read the lower triangle alone, and send half of
# its gradient to the upper one. A push of the number above the diagonal changes nothing, and its
# gradient is 0.15 and 0.5; the number below, whose push changes twice as much, gets the same half.
# A step along the gradient of a matrix that is kept as its lower triangle is wrong by a factor of 2.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
cholesky above gradient 0.15 measured 0.0
cholesky below gradient 0.15 measured 0.3
eigvalsh above gradient 0.5 measured 0.0
eigvalsh below gradient 0.5 measured 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
A = torch.tensor([[2.0, 1.0], [1.0, 2.0]], dtype=torch.float64, requires_grad=True)
for name, f in (("cholesky", lambda A: torch.linalg.cholesky(A).sum()), ("eigvalsh", lambda A: torch.linalg.eigvalsh(A)[1])):
    (sent,) = torch.autograd.grad(f(A), A)
    for where, at in (("above", (0, 1)), ("below", (1, 0))):
        push = torch.zeros(2, 2, dtype=torch.float64)
        push[at] = 1e-6
        measured = ((f(A + push) - f(A - push)) / 2e-6).item()
        print(name, where, "gradient", round(sent[at].item(), 2), "measured", round(measured, 2))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
