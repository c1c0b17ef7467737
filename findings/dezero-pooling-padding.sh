#!/bin/sh
# DeZero 0.0.13: max pooling with padding answers 0 for negative numbers. The border is filled with zeros, which win: of a row
# (-3, -1, -2, -4), three at a time with one padded at each end, the maxima are (0, -1, -1, 0), and they are (-1, -1, -1, -2),
# those of the numbers that each window covers. The windows at the border send nothing back, for their gradient goes to the padding. Behind a relu
# nobody sees it. The book that goes with it builds a convolutional network of it.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check dezero==0.0.13 numpy==1.23.5 matplotlib==3.7.5 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
maxima 0 -1 -1 0
each window's own -1 -1 -1 -2
gradient of their sum 0 2 0 0
without padding -1 -1
SEEN
cat >"$folder/ask.py" <<'ASK'
import dezero.functions as F
import numpy as np
from dezero import Variable

row = np.array([-3.0, -1.0, -2.0, -4.0])


def pooled(row, pad):
    return F.pooling(Variable(row.reshape(1, 1, 1, 4)), (1, 3), 1, (0, pad))


def show(name, numbers):
    print(name, " ".join(f"{v:g}" for v in np.ravel(numbers)))


show("maxima", pooled(row, 1).data + 0.0)
show("each window's own", [row[max(j - 1, 0) : j + 2].max() for j in range(4)])
x = Variable(row.reshape(1, 1, 1, 4))
F.sum(F.pooling(x, (1, 3), 1, (0, 1))).backward()
show("gradient of their sum", x.grad.data)
show("without padding", pooled(row, 0).data)
ASK
cd "$folder"
env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
