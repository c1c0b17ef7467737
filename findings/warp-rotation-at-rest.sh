#!/bin/sh
# Warp 1.19.0: the gradient of the rotation U V' of a deformation, as the documentation of svd3 computes it, is 0 at the
# identity, where every elastic body starts: the slopes of its entry 21 are -0.5 by the entry 12 and 0.5 by the entry 21,
# which come as soon as the singular values differ by 1e-6. The documentation says that U and V alone are not determined
# where singular values are equal; their product is, and is smooth there.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check warp-lang==1.19.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
identity: gradient 0.00 0.00 differences -0.50 0.50
stretched by 1e-06: gradient -0.50 0.50 differences -0.50 0.50
stretched by 0.1: gradient -0.49 0.49 differences -0.49 0.49
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import warp as wp

wp.config.log_level = wp.LOG_WARNING


@wp.kernel
def rotation(f: wp.array(dtype=wp.mat33d), out: wp.array(dtype=wp.float64)):
    u, s, v = wp.svd3(f[0])
    r = u * wp.transpose(v)
    out[0] = r[1, 0]


def at(deformation):
    f = wp.array([deformation], dtype=wp.mat33d, requires_grad=True, device="cpu")
    out = wp.zeros(1, dtype=wp.float64, requires_grad=True, device="cpu")
    with wp.Tape() as tape:
        wp.launch(rotation, dim=1, inputs=[f], outputs=[out], device="cpu")
    tape.backward(loss=out)
    return float(out.numpy()[0]), f.grad.numpy()[0]


def push(j, k):
    step = np.zeros((3, 3))
    step[j, k] = 1e-4
    return step


for by in (0, 1e-6, 0.1):
    stretched = np.diag([1 + by / 2, 1, 1 - by / 2])
    places = ((0, 1), (1, 0))
    gradient = at(stretched)[1]
    slopes = [(at(stretched + push(*p))[0] - at(stretched - push(*p))[0]) / 2e-4 for p in places]
    name = f"stretched by {by:g}" if by else "identity"
    print(f"{name}: gradient", *(f"{gradient[p]:z.2f}" for p in places), "differences", *(f"{s:.2f}" for s in slopes))
ASK
cd "$folder"
OMP_NUM_THREADS=1 WARP_CACHE_PATH="$folder/kernels" env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
