#!/bin/sh
# PyTorch 2.13.0: as_strided_scatter(a, s, ...) writes s over some numbers of a. The gradient with
# respect to a should be 0 there, and pass through everywhere else; backward has it the other way
# round: it keeps what was overwritten and loses the rest. slice_scatter has it right. 2.14.1 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
as_strided_scatter gives [8.0, 9.0, 7.0, 0.0] gradient [1.0, 2.0, 0.0, 0.0]
slice_scatter gives [8.0, 9.0, 7.0, 0.0] gradient [0.0, 0.0, 3.0, 4.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch

s = torch.tensor([8.0, 9.0])
upstream = torch.tensor([1.0, 2.0, 3.0, 4.0])
ask = {
    "as_strided_scatter": lambda a: torch.as_strided_scatter(a, s, (2,), (1,), 0),
    "slice_scatter": lambda a: torch.slice_scatter(a, s, 0, 0, 2),
}
for name, f in ask.items():
    a = torch.tensor([5.0, 6.0, 7.0, 0.0], requires_grad=True)
    out = f(a)
    out.backward(upstream)
    print(name, "gives", out.tolist(), "gradient", a.grad.tolist())
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
