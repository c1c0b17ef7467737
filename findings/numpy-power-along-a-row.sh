#!/bin/sh
# NumPy 2.4.6: numpy.power.reduce of three doubles side by side leaves out all but the first and the last. Of 2, 3, 2 it
# says 4, which is 2^2; its own accumulate ends with (2^3)^2 = 64, and so does reduce of the same numbers as integers or
# down a column of two columns. numpy.arctan2.reduce does the same; subtract, divide and float_power fold all numbers.
# It is so where the processor has AVX-512: with that switched off (NPY_DISABLE_CPU_FEATURES) 64 comes.
# Seen in November 2026 on Linux, Python 3.11, on a processor with AVX-512; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
as it comes
power of 2, 3, 2: reduce 4, accumulate 64, of integers 64, down a column 64, float_power 64
arctan2 of 1, 2, 3: reduce 0.3218, one after the other 0.1533
without AVX-512
power of 2, 3, 2: reduce 64, accumulate 64, of integers 64, down a column 64, float_power 64
arctan2 of 1, 2, 3: reduce 0.1533, one after the other 0.1533
SEEN
cat >"$folder/ask.py" <<'ASK'
from math import atan2

import numpy as np

row = np.array([2.0, 3.0, 2.0])
told = {
    "reduce": np.power.reduce(row),
    "accumulate": np.power.accumulate(row)[-1],
    "of integers": np.power.reduce(row.astype(int)),
    "down a column": np.power.reduce(np.stack([row, row], axis=1), axis=0)[0],
    "float_power": np.float_power.reduce(row),
}
print("power of 2, 3, 2: " + ", ".join(f"{how} {value:g}" for how, value in told.items()))
found, folded = np.arctan2.reduce([1.0, 2.0, 3.0]), atan2(atan2(1, 2), 3)
print(f"arctan2 of 1, 2, 3: reduce {found:.4f}, one after the other {folded:.4f}")
ASK
cd "$folder"
{
  echo "as it comes"
  env/bin/python ask.py
  echo "without AVX-512"
  NPY_DISABLE_CPU_FEATURES=X86_V4 env/bin/python ask.py
} >seen
cat seen
diff -u expected seen
