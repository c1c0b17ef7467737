#!/bin/sh
# Captum 0.9.0: integrated gradients with method="riemann_trapezoid" are too small by one part in n_steps, 2 % at the default
# of 50. Of a linear function, of which every other method is exact, the attributions add up to 4.9 where the outputs differ
# by 5; they should add up to that difference. n points are n - 1 steps apart and are weighted as if they were n steps, so
# that the error falls as 1 / n, and not as 1 / n^2, which the trapezoidal rule is known for.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check captum==0.9.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x1 + 2 x2: outputs differ by 5.0000
riemann_trapezoid with 10, 50 and 1000 steps: 4.5000 4.9000 4.9950
riemann_left with 10, 50 and 1000 steps: 5.0000 5.0000 5.0000
riemann_right with 10, 50 and 1000 steps: 5.0000 5.0000 5.0000
riemann_middle with 10, 50 and 1000 steps: 5.0000 5.0000 5.0000
gausslegendre with 10, 50 and 1000 steps: 5.0000 5.0000 5.0000
x1 x2^3: outputs differ by 8.0000
riemann_trapezoid with 10, 50 and 1000 steps: 7.2889 7.8433 7.9920
riemann_left with 10, 50 and 1000 steps: 6.4800 7.6832 7.9840
riemann_right with 10, 50 and 1000 steps: 9.6800 8.3232 8.0160
riemann_middle with 10, 50 and 1000 steps: 7.9600 7.9984 8.0000
gausslegendre with 10, 50 and 1000 steps: 8.0000 8.0000 8.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from captum.attr import IntegratedGradients

x = torch.tensor([[1.0, 2.0]], dtype=torch.float64)
functions = {"x1 + 2 x2": lambda x: x @ torch.tensor([1.0, 2.0], dtype=x.dtype), "x1 x2^3": lambda x: x[:, 0] * x[:, 1] ** 3}
for name, f in functions.items():
    print(f"{name}: outputs differ by {f(x).item():.4f}")
    for method in ("riemann_trapezoid", "riemann_left", "riemann_right", "riemann_middle", "gausslegendre"):
        of = IntegratedGradients(f).attribute
        added = [of(x, method=method, n_steps=n).sum().item() for n in (10, 50, 1000)]
        print(f"{method} with 10, 50 and 1000 steps:", *(f"{v:.4f}" for v in added))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
