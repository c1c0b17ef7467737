#!/bin/sh
# nanograd 1.0.4: of a batch of images that are wider than they are high, the convolution reads all but the first at the wrong
# place. It steps from one image to the next by height times height, not height times width, so that the second begins within
# the first; a filter of a single 1 answers other images than it was given. The gradient by the filter is taken from the same
# numbers. Images that are square, and one image alone, are right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check nanograd==1.0.4 numpy==2.4.6 pyopencl==2026.1.4 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1 of 2 by 2: last [1.0, 2.0, 3.0, 4.0], filtered by 1 [1.0, 2.0, 3.0, 4.0], slope 10, it is 10
2 of 2 by 2: last [5.0, 6.0, 7.0, 8.0], filtered by 1 [5.0, 6.0, 7.0, 8.0], slope 36, it is 36
1 of 2 by 4: last [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], filtered by 1 [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], slope 36, it is 36
2 of 2 by 4: last [9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0], filtered by 1 [5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0], slope 104, it is 136
1 of 3 by 4: last [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0], filtered by 1 [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0], slope 78, it is 78
2 of 3 by 4: last [13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0, 24.0], filtered by 1 [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0], slope 264, it is 300
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
from nanograd.tensor import Tensor

for height, width in ((2, 2), (2, 4), (3, 4)):
    for images in (1, 2):
        x = np.arange(1.0, images * height * width + 1).reshape(images, 1, height, width)
        one = Tensor(np.ones((1, 1, 1, 1)), requires_grad=True, is_parameter=True)
        y = Tensor(x, requires_grad=True).conv2d(one, 1)
        y.sum().backward()
        last = np.asarray(y.data)[-1, 0].ravel().tolist()
        slope = float(np.ravel(one.grad.data)[0])
        print(f"{images} of {height} by {width}: last {x[-1].ravel().tolist()}, filtered by 1 {last}, slope {slope:g}, it is {x.sum():g}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
