#!/bin/sh
# MLX 0.32.4: the remainder that divmod gives has no slope. divmod(a, b)[1] is remainder(a, b), to the last digit, and between
# its jumps it moves with a: its slopes by 7.5 and 2 are 1 and -3, which remainder answers; divmod sends back 0 for both,
# without a word, by forward mode too. A phase that is wrapped by it passes no gradient on. The slopes of the quotient, whole
# numbers, are 0 rightly.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
divmod: 1.5, slopes [0.0, 0.0], forward [0.0, 0.0], differences [1.0, -3.0]
remainder: 1.5, slopes [1.0, -3.0], forward [1.0, -3.0], differences [1.0, -3.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import mlx.core as mx

a, b = mx.array(7.5), mx.array(2.0)
for name, f in (("divmod", lambda a, b: mx.divmod(a, b)[1]), ("remainder", mx.remainder)):
    slopes = mx.grad(f, argnums=(0, 1))(a, b)
    forward = [mx.jvp(f, [a, b], [mx.array(v), mx.array(1 - v)])[1][0].item() for v in (1.0, 0.0)]
    steps = [(f(a + e, b + d) - f(a - e, b - d)).item() / 0.125 for e, d in ((0.0625, 0), (0, 0.0625))]
    print(f"{name}: {f(a, b).item()}, slopes {[s.item() for s in slopes]}, forward {forward}, differences {steps}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
