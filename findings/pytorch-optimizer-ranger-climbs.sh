#!/bin/sh
# pytorch-optimizer 4.1.0 on PyTorch 2.14.1: Ranger, at its defaults, climbs for the first five steps. Rectified Adam, which it
# is built on, has no step size while its variance is not known yet, and the -1 that stands for "no step" is used as one, so that
# each of the five adds lr times the momentum where it should be subtracted or left out. The weight 1 of the loss w^2 goes to
# 1.10 in five steps and is still above 1 after ten; with maximize=True it goes down. RAdam of the same package stands still for
# five steps, and with degenerated_to_sgd=True both go down from the start.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pytorch_optimizer==4.1.0 torch==2.14.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Ranger {}: weight after 1, 2, 3, 4, 5, 10 and 100 steps [1.02, 1.0402, 1.0606, 1.0813, 1.1021, 1.0493, 0.9789]
Ranger {'maximize': True}: weight after 1, 2, 3, 4, 5, 10 and 100 steps [0.98, 0.9602, 0.9406, 0.9212, 0.9021, 0.9528, 1.0248]
Ranger {'degenerated_to_sgd': True}: weight after 1, 2, 3, 4, 5, 10 and 100 steps [0.98, 0.9602, 0.9406, 0.9212, 0.9021, 0.9493, 0.879]
RAdam {}: weight after 1, 2, 3, 4, 5, 10 and 100 steps [1.0, 1.0, 1.0, 1.0, 1.0, 0.9981, 0.8668]
RAdam {'degenerated_to_sgd': True}: weight after 1, 2, 3, 4, 5, 10 and 100 steps [0.98, 0.9602, 0.9406, 0.9213, 0.9022, 0.9003, 0.7702]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from pytorch_optimizer import RAdam, Ranger

for kind, settings in ((Ranger, {}), (Ranger, {"maximize": True}), (Ranger, {"degenerated_to_sgd": True}), (RAdam, {}), (RAdam, {"degenerated_to_sgd": True})):
    w = torch.nn.Parameter(torch.tensor([1.0]))
    optimizer = kind([w], lr=0.01, **settings)
    seen = []
    for step in range(1, 101):
        optimizer.zero_grad()
        (w**2).sum().backward()
        optimizer.step()
        if step in (1, 2, 3, 4, 5, 10, 100):
            seen.append(round(w.item(), 4))
    print(f"{kind.__name__} {settings}: weight after 1, 2, 3, 4, 5, 10 and 100 steps {seen}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
