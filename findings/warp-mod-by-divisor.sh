#!/bin/sh
# Warp 1.19.0: the derivative of a % b by b is 0, without a word. a % b is a - b trunc(a / b), so that it is -trunc(a / b)
# between the jumps: -3 for 7.5 % 2. By a it is 1, which is right. A period or a cell size that is to be learnt is not
# moved. The documentation lists functions that have no gradient, and mod of two numbers is none of them.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check warp-lang==1.19.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
7.5 % 2 = 1.5: gradient 1.0 0.0 differences 1.0 -3.0
0.5 % 2 = 0.5: gradient 1.0 0.0 differences 1.0 0.0
-7.5 % 2 = -1.5: gradient 1.0 0.0 differences 1.0 3.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import warp as wp

wp.config.log_level = wp.LOG_WARNING


@wp.kernel
def remainder(ab: wp.array(dtype=wp.float64), out: wp.array(dtype=wp.float64)):
    out[0] = ab[0] % ab[1]


def at(a, b):
    ab = wp.array([a, b], dtype=wp.float64, requires_grad=True, device="cpu")
    out = wp.zeros(1, dtype=wp.float64, requires_grad=True, device="cpu")
    with wp.Tape() as tape:
        wp.launch(remainder, dim=1, inputs=[ab], outputs=[out], device="cpu")
    tape.backward(loss=out)
    return float(out.numpy()[0]), ab.grad.numpy()


h = 1e-4
for a, b in ((7.5, 2), (0.5, 2), (-7.5, 2)):
    value, gradient = at(a, b)
    by_a = (at(a + h, b)[0] - at(a - h, b)[0]) / (2 * h)
    by_b = (at(a, b + h)[0] - at(a, b - h)[0]) / (2 * h)
    print(f"{a} % {b} = {value}: gradient", *gradient, f"differences {by_a:.1f} {by_b + 0.0:.1f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 WARP_CACHE_PATH="$folder/kernels" env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
