#!/bin/sh
# bitsandbytes 0.50.2 on PyTorch 2.13.0: Adam's step does not depend on the size of the gradient, and
# Adam8bit's does. While the gradient stays the same Adam moves a weight by the learning rate in each step, 1.00 in 100 steps
# here, be it 1 or 0.0001. With 8 bits a weight whose gradient is a thousandth of the largest among its block of 256 moves a
# quarter as far, and one with a ten-thousandth all but stands still: the square of the gradient is below the smallest number
# that is stored, and is rounded up to it. RMSprop8bit and Adagrad8bit do the same; Lion8bit, which stores no squares, moves it
# as far as Lion.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check bitsandbytes==0.50.2 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
slopes 1 and 0.1: Adam moves 1.00 and 1.00; Adam8bit moves 1.00 and 0.99
slopes 1 and 0.01: Adam moves 1.00 and 1.00; Adam8bit moves 1.00 and 1.00
slopes 1 and 0.001: Adam moves 1.00 and 1.00; Adam8bit moves 1.00 and 0.25
slopes 1 and 0.0001: Adam moves 1.00 and 1.00; Adam8bit moves 1.00 and 0.03
slopes 1 and 0.1: Lion moves 1.00 and 1.00; Lion8bit moves 1.00 and 1.00
slopes 1 and 0.01: Lion moves 1.00 and 1.00; Lion8bit moves 1.00 and 1.00
slopes 1 and 0.001: Lion moves 1.00 and 1.00; Lion8bit moves 1.00 and 1.00
slopes 1 and 0.0001: Lion moves 1.00 and 1.00; Lion8bit moves 1.00 and 1.00
slopes 1 and 0.1: RMSprop moves 2.03 and 2.03; RMSprop8bit moves 2.03 and 2.05
slopes 1 and 0.01: RMSprop moves 2.03 and 2.03; RMSprop8bit moves 2.03 and 2.40
slopes 1 and 0.001: RMSprop moves 2.03 and 2.03; RMSprop8bit moves 2.03 and 0.54
slopes 1 and 0.0001: RMSprop moves 2.03 and 2.03; RMSprop8bit moves 2.03 and 0.14
slopes 1 and 0.1: Adagrad moves 0.19 and 0.19; Adagrad8bit moves 0.19 and 0.19
slopes 1 and 0.01: Adagrad moves 0.19 and 0.19; Adagrad8bit moves 0.19 and 0.22
slopes 1 and 0.001: Adagrad moves 0.19 and 0.19; Adagrad8bit moves 0.19 and 0.05
slopes 1 and 0.0001: Adagrad moves 0.19 and 0.19; Adagrad8bit moves 0.19 and 0.01
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from bitsandbytes import optim

for pair in ("Adam", "Lion", "RMSprop", "Adagrad"):
    for small in (0.1, 0.01, 0.001, 0.0001):
        line = []
        for name in (pair, pair + "8bit"):
            w = torch.nn.Parameter(torch.zeros(4096))
            optimizer = getattr(optim, name)([w], lr=0.01)
            slope = torch.full((4096,), small)
            slope[::256] = 1.0
            for _ in range(100):
                w.grad = slope.clone()
                optimizer.step()
            line.append(f"{name} moves {-w[0].item():.2f} and {-w[1].item():.2f}")
        print(f"slopes 1 and {small:g}: {'; '.join(line)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
