#!/bin/sh
# PyTorch 2.13.0: FlopCounterMode, which counts multiplications and additions, finds none in an LSTM on the processor, and
# says nothing; its forward and backward pass run in one operation that has no formula. GRU, the plain RNN and the LSTM
# written as its matrix products are counted. The backward pass of a convolution in g groups is counted g times too high, so
# that a depthwise one of 64 channels has 64 times what its forward pass has, instead of the same. 2.14.1 answers alike.
# The groups are known, in PyTorch's pull request 183405.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
LSTM: forward 0 by hand 3360 backward 0
GRU: forward 2520 by hand 2520 backward 3384
RNN: forward 840 by hand 840 backward 1128
1 groups: forward 4718592 by hand 4718592 slopes by the weights 4718592
2 groups: forward 2359296 by hand 2359296 slopes by the weights 4718592
64 groups: forward 73728 by hand 73728 slopes by the weights 4718592
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch.utils.flop_counter import FlopCounterMode


def count(run):
    with FlopCounterMode(display=False) as counter:
        result = run()
    return counter.get_total_flops(), result


sequence = torch.ones(1, 5, 8)
for layer, gates in ((torch.nn.LSTM(8, 6), 4), (torch.nn.GRU(8, 6), 3), (torch.nn.RNN(8, 6), 1)):
    forward, (out, _) = count(lambda: layer(sequence.transpose(0, 1)))
    backward, _ = count(lambda: out.sum().backward())
    by_hand = 2 * 5 * gates * 6 * (8 + 6)
    print(f"{type(layer).__name__}: forward {forward} by hand {by_hand} backward {backward}")
image = torch.ones(1, 64, 8, 8)
for groups in (1, 2, 64):
    layer = torch.nn.Conv2d(64, 64, 3, padding=1, groups=groups)
    forward, out = count(lambda: layer(image))
    backward, _ = count(lambda: out.sum().backward())
    print(f"{groups} groups: forward {forward} by hand {2 * 64 * 64 * 64 // groups * 9} slopes by the weights {backward}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
