#!/bin/sh
# PyTorch 2.14.1: linalg.cond has no gradient for p = 1, -1, inf, -inf and "fro", and the error blames the caller: one of the
# variables was modified by an inplace operation. Nothing was; it is cond itself that writes into its result. For p = 2, -2
# and "nuc" there is one, and norm(a) norm(inv(a)), which the documentation says cond is, has it for every p. Forward mode
# answers for all.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
p = 1, cond: value 2.000, slopes refused, inplace operation: True
p = 1, norms: value 2.000, slopes -0.667 0.833 0.333 0.167
p = -1, cond: value 1.000, slopes refused, inplace operation: True
p = -1, norms: value 1.000, slopes 0.167 0.167 0.167 -0.167
p = inf, cond: value 2.000, slopes refused, inplace operation: True
p = inf, norms: value 2.000, slopes -0.667 0.833 0.333 0.167
p = fro, cond: value 2.333, slopes refused, inplace operation: True
p = fro, norms: value 2.333, slopes -0.500 0.333 0.389 0.222
p = 2, cond: value 1.768, slopes -0.735 0.490 0.572 0.327
p = 2, norms: value 1.768, slopes -0.735 0.490 0.572 0.327
p = nuc, cond: value 4.333, slopes -0.500 0.333 0.389 0.222
p = nuc, norms: value 4.333, slopes -0.500 0.333 0.389 0.222
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

a = torch.tensor([[2, 1], [0, 3]], dtype=torch.float64, requires_grad=True)
for p in (1, -1, float("inf"), "fro", 2, "nuc"):
    ways = {
        "cond": lambda a: torch.linalg.cond(a, p),
        "norms": lambda a: torch.linalg.norm(a, p) * torch.linalg.norm(torch.linalg.inv(a), p),
    }
    for name, f in ways.items():
        try:
            slopes = torch.autograd.grad(f(a), a)[0].flatten()
            found = " ".join(f"{v + 0.0:.3f}" for v in slopes.tolist())
        except RuntimeError as refused:
            found = "refused, inplace operation: " + str("inplace operation" in str(refused))
        print(f"p = {p}, {name}: value {f(a).item():.3f}, slopes {found}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
