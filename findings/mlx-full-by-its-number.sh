#!/bin/sh
# MLX 0.32.4: the gradient of full(shape, x) by x, the number that it is filled with, is multiplied by x. The sum of two numbers
# filled with -3 has the slope 2, which forward mode and differences answer, and grad says -6; with 0 it is 0, with 1, which a
# test is likely to take, it is right. full_like is alike, and so is a row that is spread over a matrix by full; broadcast_to,
# and ones times x, are right. A parameter that starts a state or a mask by full learns with a false slope. The tracker was
# searched: nothing found.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
full((2,), x) at -3.0: grad -6.0, forward 2.0, differences 2.0
full((2,), x) at 0.0: grad 0.0, forward 2.0, differences 2.0
full((2,), x) at 0.5: grad 1.0, forward 2.0, differences 2.0
full((2,), x) at 1.0: grad 2.0, forward 2.0, differences 2.0
full_like(zeros, x) at -3.0: grad -6.0, forward 2.0, differences 2.0
full_like(zeros, x) at 0.0: grad 0.0, forward 2.0, differences 2.0
full_like(zeros, x) at 0.5: grad 1.0, forward 2.0, differences 2.0
full_like(zeros, x) at 1.0: grad 2.0, forward 2.0, differences 2.0
broadcast_to(x, (2,)) at -3.0: grad 2.0, forward 2.0, differences 2.0
broadcast_to(x, (2,)) at 0.0: grad 2.0, forward 2.0, differences 2.0
broadcast_to(x, (2,)) at 0.5: grad 2.0, forward 2.0, differences 2.0
broadcast_to(x, (2,)) at 1.0: grad 2.0, forward 2.0, differences 2.0
ones((2,)) * x at -3.0: grad 2.0, forward 2.0, differences 2.0
ones((2,)) * x at 0.0: grad 2.0, forward 2.0, differences 2.0
ones((2,)) * x at 0.5: grad 2.0, forward 2.0, differences 2.0
ones((2,)) * x at 1.0: grad 2.0, forward 2.0, differences 2.0
full((3, 2), row), row 2, 5: 6.0 15.0 and 3, 3 is right
SEEN
cat >"$folder/ask.py" <<'ASK'
import mlx.core as mx

mx.set_default_device(mx.cpu)
ways = {
    "full((2,), x)": lambda x: mx.full((2,), x),
    "full_like(zeros, x)": lambda x: mx.full_like(mx.zeros((2,)), x),
    "broadcast_to(x, (2,))": lambda x: mx.broadcast_to(x, (2,)),
    "ones((2,)) * x": lambda x: mx.ones((2,)) * x,
}
for name, fill in ways.items():
    total = lambda x: fill(x).sum()
    for number in (-3.0, 0.0, 0.5, 1.0):
        x = mx.array(number)
        forward = mx.jvp(total, [x], [mx.array(1.0)])[1][0].item()
        slope = (total(x + 0.5) - total(x - 0.5)).item()
        print(f"{name} at {number}: grad {mx.grad(total)(x).item()}, forward {forward}, differences {slope}")
row = mx.array([2.0, 5.0])
print("full((3, 2), row), row 2, 5:", *mx.grad(lambda row: mx.full((3, 2), row).sum())(row).tolist(), "and 3, 3 is right")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
