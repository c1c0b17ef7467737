#!/bin/sh
# Pyro 1.9.2: the log-determinant of the Sylvester flow is not that of the flow. It is computed as for x + Q R
# tanh(S Q'x + b), as the documentation has it, where the orthogonal Q cancels; forward multiplies rows from
# the left, which swaps the two matrices, and Q does not cancel. Here it is 0.278 and not 0.069, and as wrong
# is the log_prob of a sample. The Planar and the Radial flow have theirs right.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 pyro-ppl==1.9.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Planar: says 1.4234, log |det of its Jacobian| is 1.4234
Radial: says 0.0000, log |det of its Jacobian| is 0.0000
Sylvester: says 0.2781, log |det of its Jacobian| is 0.0690
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pyro.distributions.transforms import Planar, Radial, Sylvester

torch.set_default_dtype(torch.float64)
x = torch.tensor([0.5, -1.0])
for flow in (Planar(2), Radial(2), Sylvester(2)):
    for p in flow.parameters():
        p.data = torch.arange(1.0, p.numel() + 1).reshape(p.shape)
    said = flow.log_abs_det_jacobian(x, flow(x)).item()
    true = torch.linalg.slogdet(torch.autograd.functional.jacobian(flow, x))[1].item()
    print(f"{type(flow).__name__}: says {said:.4f}, log |det of its Jacobian| is {true:.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
