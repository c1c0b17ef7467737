#!/bin/sh
# torch-struct 0.5 on PyTorch 2.13.0: in a NonProjectiveDependencyCRF the chances of a word's heads add up to 0.7 instead of 1 if
# its scores lie about -12, and to 0.3 about -15, without a word. A hundred-thousandth is added to the exponential of each
# score, which is nothing about 0 and more than the whole of it below -11.5; the number of a tree's arcs is fixed, so that the
# same number added to all scores should change no chance. The projective DependencyCRF adds nothing and is right at any height,
# and so is the determinant of the same matrix without the addition. Scores of neural parsers are log-probabilities at times.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch-struct==0.5 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
scores 0: any arcs, chances of the heads of each word add up to 1.00 1.00 1.00
scores 0: no crossed arcs, chances of the heads of each word add up to 1.00 1.00 1.00
scores 0: any arcs by determinant, chances of the heads of each word add up to 1.00 1.00 1.00
scores -5: any arcs, chances of the heads of each word add up to 1.00 1.00 1.00
scores -5: no crossed arcs, chances of the heads of each word add up to 1.00 1.00 1.00
scores -5: any arcs by determinant, chances of the heads of each word add up to 1.00 1.00 1.00
scores -10: any arcs, chances of the heads of each word add up to 0.97 0.94 0.93
scores -10: no crossed arcs, chances of the heads of each word add up to 1.00 1.00 1.00
scores -10: any arcs by determinant, chances of the heads of each word add up to 1.00 1.00 1.00
scores -12: any arcs, chances of the heads of each word add up to 0.82 0.71 0.70
scores -12: no crossed arcs, chances of the heads of each word add up to 1.00 1.00 1.00
scores -12: any arcs by determinant, chances of the heads of each word add up to 1.00 1.00 1.00
scores -15: any arcs, chances of the heads of each word add up to 0.47 0.31 0.38
scores -15: no crossed arcs, chances of the heads of each word add up to 1.00 1.00 1.00
scores -15: any arcs by determinant, chances of the heads of each word add up to 1.00 1.00 1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch_struct import DependencyCRF, NonProjectiveDependencyCRF

scores = torch.tensor([[0.5, 1.0, 0.0], [2.0, 0.0, 1.0], [0.0, -1.0, 0.3]], dtype=torch.float64)


def log_trees(s):
    arcs = s.exp() * (1 - torch.eye(3))
    return torch.logdet(torch.diag(arcs.sum(0) + s.diagonal().exp()) - arcs)


def chances(crf):
    return crf.marginals[0].sum(0).tolist()


for shift in (0, -5, -10, -12, -15):
    s = (scores + shift).requires_grad_() * 1
    told = {
        "any arcs": chances(NonProjectiveDependencyCRF(s[None], multiroot=True)),
        "no crossed arcs": chances(DependencyCRF(s[None], multiroot=True)),
        "any arcs by determinant": torch.autograd.functional.jacobian(log_trees, s.detach()).sum(0).tolist(),
    }
    for name, sums in told.items():
        print(f"scores {shift}: {name}, chances of the heads of each word add up to", *(f"{c:.2f}" for c in sums))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
