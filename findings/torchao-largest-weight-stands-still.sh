#!/bin/sh
# torchao 0.18.0 on PyTorch 2.13.0: in symmetric quantization-aware training with four bits, the largest weight of a group may
# get no gradient if it is positive, and always gets it if it is negative. Four bits have the whole numbers from -8 to 7; the
# step is the largest size over 7.5, so that the largest weight falls on 7.5, between 7 and 8, and where it is rounded to 8 it
# is cut off, with the slope 0. Among 1 to 12 it is so for eight. -7.5 is rounded to -8, which is there. While the loss shrinks
# (1, -3, 5, 10) towards 0 the 10 stays until the end; with the signs flipped all shrink.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torchao==0.18.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
largest weights from 1 to 12 with the slope 0: [3.0, 5.0, 6.0, 7.0, 9.0, 10.0, 11.0, 12.0]
largest weights from -1 to -12 with the slope 0: []
after 0 steps towards 0: [1.0, -3.0, 5.0, 10.0]
after 50 steps towards 0: [0.6, -0.6, 0.6, 10.0]
after 100 steps towards 0: [0.6, -0.6, 0.6, 10.0]
after 0 steps towards 0: [-1.0, 3.0, -5.0, -10.0]
after 50 steps towards 0: [0.0, 0.01, -0.02, -0.04]
after 100 steps towards 0: [0.0, 0.0, 0.0, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torchao.quantization.qat import IntxFakeQuantizeConfig
from torchao.quantization.qat.fake_quantizer import IntxFakeQuantizer

fake = IntxFakeQuantizer(IntxFakeQuantizeConfig(torch.int4, group_size=4))


def slopes(row):
    w = torch.tensor([row], requires_grad=True)
    fake(w).sum().backward()
    return w.grad[0].tolist()


for sign in (1.0, -1.0):
    still = [sign * k for k in range(1, 13) if slopes([0.0, -sign, sign / 2, sign * k])[3] == 0]
    print(f"largest weights from {sign:g} to {12 * sign:g} with the slope 0: {still}")
for sign in (1.0, -1.0):
    w = torch.nn.Parameter(sign * torch.tensor([[1.0, -3.0, 5.0, 10.0]]))
    optimizer = torch.optim.SGD([w], lr=0.05)
    for step in range(101):
        if step % 50 == 0:
            print(f"after {step} steps towards 0: {[round(a, 2) + 0 for a in w[0].tolist()]}")
        optimizer.zero_grad()
        (fake(w) ** 2).sum().backward()
        optimizer.step()
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
