#!/bin/sh
# PyTorch 2.13.0: interpolate with antialias=True repeats the first row all the way down where the result is one column wide.
# (1, 2, 3, 4) as a column, shrunk to two, is (1.71, 1.71); as a row, or with a second column beside it, it is (1.71, 3.29). So
# it is for bilinear and bicubic, to fewer rows and to more, from one column and from several, and backward sends the
# gradient of the right numbers, so that gradcheck rejects it. Without antialias it is right. 2.14.1 answers alike.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
bilinear, 2: column 1.71 1.71 row 1.71 3.29 beside another 1.71 3.29
bilinear, 3: column 1.30 1.30 1.30 row 1.30 2.50 3.70 beside another 1.30 2.50 3.70
bilinear, 6: column 1.00 1.00 1.00 1.00 1.00 1.00 row 1.00 1.50 2.17 2.83 3.50 4.00 beside another 1.00 1.50 2.17 2.83 3.50 4.00
bicubic, 2: column 1.59 1.59 row 1.59 3.41 beside another 1.59 3.41
bicubic, 3: column 1.19 1.19 1.19 row 1.19 2.50 3.81 beside another 1.19 2.50 3.81
bicubic, 6: column 0.93 0.93 0.93 0.93 0.93 0.93 row 0.93 1.41 2.17 2.83 3.59 4.07 beside another 0.93 1.41 2.17 2.83 3.59 4.07
without antialias: column 1.50 3.50
Jacobian of a column:
[[0.429, 0.429, 0.143, 0.0], [0.0, 0.143, 0.429, 0.429]]
gradcheck: False
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.nn.functional import interpolate

x = torch.arange(1.0, 5.0, dtype=torch.float64)
column, row = x.reshape(1, 1, 4, 1), x.reshape(1, 1, 1, 4)
two = column.expand(1, 1, 4, 2).contiguous()


def show(image):
    return " ".join(f"{v:.2f}" for v in image.flatten().tolist())


for mode in ("bilinear", "bicubic"):
    for n in (2, 3, 6):
        to = {"mode": mode, "antialias": True}
        print(f"{mode}, {n}: column", show(interpolate(column, size=(n, 1), **to)), end=" ")
        print("row", show(interpolate(row, size=(1, n), **to)), end=" ")
        print("beside another", show(interpolate(two, size=(n, 2), **to)[..., 0]))
print("without antialias: column", show(interpolate(column, size=(2, 1), mode="bilinear")))
print("Jacobian of a column:")


def shrunk(x):
    return interpolate(x, size=(2, 1), mode="bilinear", antialias=True)


print(torch.autograd.functional.jacobian(shrunk, column).reshape(2, 4).round(decimals=3).tolist())
print("gradcheck:", torch.autograd.gradcheck(shrunk, column.clone().requires_grad_(), raise_exception=False))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
