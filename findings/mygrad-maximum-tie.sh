#!/bin/sh
# mygrad 2.5.0: maximum and minimum of two equal numbers send nothing back to either, so that
# maximum(x, x), which is x, has gradient 0. Any split that adds up to 1 would be right; max of a
# list gives all to the first.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check mygrad==2.5.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
maximum(x, x) 0.0
max([x, x]) 1.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import mygrad as mg
ask = {"maximum(x, x)": lambda x: mg.maximum(x, x), "max([x, x])": lambda x: mg.max(mg.stack([x, x]))}
for name, f in ask.items():
    x = mg.tensor(1.0)
    f(x).backward()
    print(name, float(x.grad))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
