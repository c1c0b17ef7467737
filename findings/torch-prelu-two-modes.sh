#!/bin/sh
# PyTorch 2.13.0: the two modes of differentiation do not agree where there are two slopes. At 0 the
# slope of prelu is 1 by jacfwd and 0.25 by jacrev; that of fmax(x, 0) is 0 and 1. leaky_relu with
# the same 0.25, and maximum, have one answer each. A Hessian by forward over reverse mixes both.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
prelu jacfwd 1.0 jacrev 0.25
leaky_relu jacfwd 0.25 jacrev 0.25
fmax jacfwd 0.0 jacrev 1.0
maximum jacfwd 0.5 jacrev 0.5
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
import torch.nn.functional as F

zero = torch.zeros(1)
ask = {
    "prelu": lambda x: F.prelu(x, torch.tensor([0.25])),
    "leaky_relu": lambda x: F.leaky_relu(x, 0.25),
    "fmax": lambda x: torch.fmax(x, zero),
    "maximum": lambda x: torch.maximum(x, zero),
}
for name, f in ask.items():
    print(name, *(f"{mode.__name__} {mode(f)(zero).item()}" for mode in (torch.func.jacfwd, torch.func.jacrev)))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
