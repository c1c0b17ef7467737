#!/bin/sh
# flowjax 19.1.2: the gradient of LeakyTanh's inverse at 1 and -1 is nan. The function is tanh up to max_val and a straight line
# beyond, so that every number has an inverse, with a slope of 101 beyond 0.995 if max_val is 3; the arctanh that is not taken is
# infinite at 1, and its infinite slope is multiplied by 0. To both sides, and beyond, where arctanh is not even a number, it is
# 101. Data that are scaled to run from -1 to 1 meet it with every largest value, and one nan is enough for a sum.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check flowjax==19.1.2 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
inverse at -1: -3.501, slope nan, by differences 101.36
its log-determinant at -1: 4.619, slope nan, by differences 0.00
inverse at 0.5: 0.549, slope 1.33, by differences 1.33
its log-determinant at 0.5: 0.288, slope 1.33, by differences 1.33
inverse at 0.999: 3.400, slope 101.36, by differences 101.36
its log-determinant at 0.999: 4.619, slope 0.00, by differences 0.00
inverse at 1: 3.501, slope nan, by differences 101.36
its log-determinant at 1: 4.619, slope nan, by differences 0.00
inverse at 1.001: 3.603, slope 101.36, by differences 101.36
its log-determinant at 1.001: 4.619, slope 0.00, by differences 0.00
inverse at 2: 104.859, slope 101.36, by differences 101.36
its log-determinant at 2: 4.619, slope 0.00, by differences 0.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
from flowjax.bijections import LeakyTanh

leaky = LeakyTanh(3.0)
ways = {"inverse": leaky.inverse, "its log-determinant": lambda y: leaky.inverse_and_log_det(y)[1]}
for y in (-1.0, 0.5, 0.999, 1.0, 1.001, 2.0):
    for name, f in ways.items():
        slope = jax.grad(f)(y)
        difference = (f(y + 2**-10) - f(y - 2**-10)) * 2**9
        print(f"{name} at {y:g}: {f(y):.3f}, slope {slope:.2f}, by differences {difference:.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
