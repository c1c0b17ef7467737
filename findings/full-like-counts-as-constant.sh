#!/bin/sh
# autograd 1.9.1 and MyGrad 2.5.0: full_like(a, x) counts as a constant. The slope of the sum of three numbers filled with x is
# 3, and it is 0, without a word; of x times that sum, 3 x^2, it is 3 x, half of the truth. autograd answers right for
# full((3,), x), MyGrad has 0 for that too, and both for x times ones. So is the order of the Bessel functions iv and ive in
# autograd, by which the slope is 0 where that of iv is -0.664 at order 1; gammainc refuses such an argument with an error. The
# tracker of autograd was searched, nothing found; MyGrad's was not.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check autograd==1.9.1 mygrad==2.5.0 scipy==1.17.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
autograd sum of full((3,), x) at 2.0: value 6.0000, slope 3.0000, differences 3.0000
autograd sum of full_like(three, x) at 2.0: value 6.0000, slope 0.0000, differences 3.0000
autograd x times the sum of full_like(three, x) at 2.0: value 12.0000, slope 6.0000, differences 12.0000
autograd sum of x * ones_like(three) at 2.0: value 6.0000, slope 3.0000, differences 3.0000
MyGrad sum of full((3,), x) at 2.0: value 6.0000, slope 0.0000, differences 3.0000
MyGrad sum of full_like(three, x) at 2.0: value 6.0000, slope 0.0000, differences 3.0000
MyGrad x times the sum of full_like(three, x) at 2.0: value 12.0000, slope 6.0000, differences 12.0000
MyGrad sum of x * ones_like(three) at 2.0: value 6.0000, slope 3.0000, differences 3.0000
autograd iv(order, 1) by order at 1.0: value 0.5652, slope 0.0000, differences -0.6642
autograd ive(order, 1) by order at 1.0: value 0.2079, slope 0.0000, differences -0.2443
SEEN
cat >"$folder/ask.py" <<'ASK'
import autograd.numpy as np
import mygrad as mg
from autograd import grad
from autograd.scipy.special import iv, ive


def by_mygrad(f, at):
    x = mg.tensor(at)
    value = f(x)
    value.backward()
    return value.item(), 0.0 if x.grad is None else x.grad.item()


def show(name, f, at, value, slope):
    differences = (f(at + 1e-5) - f(at - 1e-5)) / 2e-5
    print(f"{name} at {at}: value {value:.4f}, slope {slope:.4f}, differences {float(differences):.4f}")


for library, module in (("autograd", np), ("MyGrad", mg)):
    three = module.zeros(3, dtype=float)
    ways = {
        "sum of full((3,), x)": lambda x: module.sum(module.full((3,), x)),
        "sum of full_like(three, x)": lambda x: module.sum(module.full_like(three, x)),
        "x times the sum of full_like(three, x)": lambda x: x * module.sum(module.full_like(three, x)),
        "sum of x * ones_like(three)": lambda x: module.sum(x * module.ones_like(three)),
    }
    for name, f in ways.items():
        value, slope = by_mygrad(f, 2.0) if module is mg else (f(2.0), grad(f)(2.0))
        show(f"{library} {name}", f, 2.0, value, slope)
for f in (iv, ive):
    by_order = lambda order: f(order, 1.0)
    show(f"autograd {f.__name__}(order, 1) by order", by_order, 1.0, by_order(1.0), grad(by_order)(1.0))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
