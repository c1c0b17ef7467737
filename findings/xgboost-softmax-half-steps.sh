#!/bin/sh
# XGBoost 3.2.0: multi:softprob takes steps half as long as Newton's. Its gradient, p - y, is that of the categorical
# cross-entropy; for the second derivative, p (1 - p), it takes 2 p (1 - p), a bound on the whole matrix. With no penalty a leaf
# is the gradient over the second derivative, 3 for the class that is there among three equal ones, and comes as 1.5; an
# objective of one's own with the exact derivatives of the same loss gets 3, so that reg_lambda and the learning rate mean
# something else there. binary:logistic takes p (1 - p). The factor is asked about in dmlc/xgboost #5769 and others.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check xgboost==3.2.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
2 classes: multi:softprob [1.0, -1.0], exact [2.0, -2.0]
3 classes: multi:softprob [1.5, -0.75, -0.75], exact [3.0, -1.5, -1.5]
5 classes: multi:softprob [2.5, -0.62, -0.62, -0.62, -0.62], exact [5.0, -1.25, -1.25, -1.25, -1.25]
binary:logistic [2.0], exact [2.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import numpy as np
import xgboost

x = xgboost.DMatrix(np.zeros((1, 1)))


def leaf(label, classes, objective, own=None):
    data = xgboost.DMatrix(np.zeros((1, 1)), label=[label])
    settings = {"objective": objective, "eta": 1.0, "reg_lambda": 0.0, "min_child_weight": 0, "base_score": 0.0 if classes else 0.5, "nthread": 1}
    if classes:
        settings["num_class"] = classes
    model = xgboost.train(settings, data, 1, obj=own)
    return [round(float(z), 2) for z in model.predict(x, output_margin=True).ravel()]


def exact(z, data):
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    y = np.eye(z.shape[1])[data.get_label().astype(int)]
    return p - y, p * (1 - p)


for classes in (2, 3, 5):
    print(f"{classes} classes: multi:softprob {leaf(0, classes, 'multi:softprob')}, exact {leaf(0, classes, 'multi:softprob', exact)}")
print(f"binary:logistic {leaf(1, 0, 'binary:logistic')}, exact {[0.5 / 0.25]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
