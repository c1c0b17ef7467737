#!/bin/sh
# MindSpore 2.10.0: the gradient of ops.logsigmoid at -100 is nan, which is what the function
# exists to avoid. Its slope there is 1, and at -50 that is answered.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check mindspore==2.10.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
-50.0 1.0
-100.0 nan
SEEN
cat >"$folder/ask.py" <<'ASK'
import mindspore as ms
from mindspore import ops
ms.set_device("CPU")
for at in (-50.0, -100.0):
    x = ms.Tensor([at], ms.float32)
    print(at, float(ms.grad(lambda x: ops.logsigmoid(x).sum())(x).asnumpy()[0]))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
