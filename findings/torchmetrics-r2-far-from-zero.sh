#!/bin/sh
# TorchMetrics 1.9.0: r2_score and explained_variance of targets 10000, 10001, 10002 and 10003 in single precision are 0, for
# guesses that are off by a tenth; they are 0.992, as scikit-learn answers for the same numbers and as TorchMetrics does for
# 0, 1, 2 and 3. The spread of the targets is taken as the sum of the squares less the square of the sum, of which single
# precision keeps nothing; a spread of 0 has the score 0, so that no nan tells.
# That r2_score may exceed 1 by it is known since 2023, TorchMetrics' closed issue 1573.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torchmetrics==1.9.0 torch==2.13.0 scikit-learn==1.9.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
from 0: r2_score TorchMetrics 0.992 scikit-learn 0.992
from 0: explained_variance TorchMetrics 0.992 scikit-learn 0.992
from 1000: r2_score TorchMetrics 0.992 scikit-learn 0.992
from 1000: explained_variance TorchMetrics 0.992 scikit-learn 0.992
from 10000: r2_score TorchMetrics 0.000 scikit-learn 0.992
from 10000: explained_variance TorchMetrics 0.000 scikit-learn 0.992
SEEN
cat >"$folder/ask.py" <<'ASK'
import sklearn.metrics
import torch
from torchmetrics.functional import explained_variance, r2_score

off = torch.tensor([0.1, -0.1, 0.1, -0.1])
for start in (0.0, 1000.0, 10000.0):
    target = torch.arange(4.0) + start
    guess = target + off
    told = {
        "r2_score": (r2_score(guess, target), sklearn.metrics.r2_score(target, guess)),
        "explained_variance": (
            explained_variance(guess, target),
            sklearn.metrics.explained_variance_score(target, guess),
        ),
    }
    for name, (theirs, other) in told.items():
        print(f"from {start:g}: {name} TorchMetrics {float(theirs):.3f} scikit-learn {float(other):.3f}")
ASK
cd "$folder"
env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
