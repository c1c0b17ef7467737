#!/bin/sh
# marquetry 0.3.0: backward(retain_grad=True) keeps "the gradient computation graph for potential higher-order derivatives",
# and no second derivative comes of it. The slopes are containers like all others, and backward of one runs through without a
# word and leaves no gradient: each backward pass is handed bare arrays of its inputs, so that a slope does not know what it
# depends on. A penalty on a slope is added to the loss and moves no weight, whatever its factor.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check marquetry==0.3.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 pillow==13.0.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x^3 at 0.5: slope 0.750, second derivative None, by differences 3.000
sin x at 0.5: slope 0.878, second derivative None, by differences -0.479
exp x at 0.5: slope 1.649, second derivative None, by differences 1.649
x y at 0.5: slope 2.000, second derivative None, by differences 0.000
sigmoid x at 0.5: slope 0.235, second derivative None, by differences -0.058
sin(w x) and 0 times the square of its slope by x: slope by w 0.270, it is 0.270
sin(w x) and 1 times the square of its slope by x: slope by w 0.270, it is -0.381
sin(w x) and 100 times the square of its slope by x: slope by w 0.270, it is -64.819
SEEN
cat >"$folder/ask.py" <<'ASK'
import marquetry as mq
import numpy as np

F = mq.functions
functions = {"x^3": lambda x: x**3, "sin x": F.sin, "exp x": F.exp, "x y": lambda x: x * mq.Container(np.array([2.0])), "sigmoid x": F.sigmoid}
for name, f in functions.items():
    x = mq.Container(np.array([0.5]))
    f(x).backward(retain_grad=True)
    slope = x.grad
    x.clear_grad()
    slope.backward()
    second = None if x.grad is None else round(x.grad.data.item(), 3)
    values = [f(mq.Container(np.array([0.5 + h]))).data.item() for h in (-1e-3, 0.0, 1e-3)]
    print(f"{name} at 0.5: slope {slope.data.item():.3f}, second derivative {second}, by differences {(values[0] - 2 * values[1] + values[2]) / 1e-6:.3f}")
for weight in (0.0, 1.0, 100.0):
    w = mq.Container(np.array([2.0]))
    x = mq.Container(np.array([0.5]))
    F.sin(w * x).backward(retain_grad=True)
    penalty = x.grad**2
    w.clear_grad()
    (F.sin(w * mq.Container(np.array([0.5]))) + weight * penalty).backward()
    print(f"sin(w x) and {weight:g} times the square of its slope by x: slope by w {w.grad.data.item():.3f}, it is {0.5 * np.cos(1.0) + weight * (4 * np.cos(1.0) ** 2 - 4 * np.cos(1.0) * np.sin(1.0)):.3f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
