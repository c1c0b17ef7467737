#!/bin/sh
# LightGBM 4.7.0: the objective "poisson" takes steps half as long as Newton's. Of its loss, e^z - y z, the second derivative is
# e^z; it takes e^(z + 0.7), twice as much, by a parameter with the default 0.7, poisson_max_delta_step, which sounds like a
# bound that is reached seldom, if at all: even a step of 0.01 is halved. An objective of one's own with the exact derivatives
# moves twice as far. In XGBoost a parameter of the same name, max_delta_step, is a bound. tweedie, gamma and cross_entropy are
# exact.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check lightgbm==4.7.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
poisson, targets 0.99 and 1.01: [-0.005, 0.005], exact derivatives [-0.01, 0.01]
poisson, targets 0.5 and 1.0: [-0.2483, 0.0], exact derivatives [-0.5, 0.0]
gamma, targets 0.99 and 1.01: [-0.0101, 0.0099], exact derivatives [-0.0101, 0.0099]
gamma, targets 0.5 and 1.0: [-1.0, 0.0], exact derivatives [-1.0, 0.0]
cross_entropy, targets 0.49 and 0.51: [-0.04, 0.04], exact derivatives [-0.04, 0.04]
cross_entropy, targets 0.2 and 0.9: [-1.2, 1.6], exact derivatives [-1.2, 1.6]
poisson, poisson_max_delta_step=1e-6: [-0.5, 0.0]
SEEN
cat >"$folder/ask.py" <<'ASK'
import lightgbm
import numpy as np

x = np.repeat([[0.0], [1.0]], 10, axis=0)
LOSSES = {
    "poisson": (lambda y, z: np.exp(z) - y, lambda y, z: np.exp(z)),
    "gamma": (lambda y, z: 1 - y * np.exp(-z), lambda y, z: y * np.exp(-z)),
    "cross_entropy": (lambda y, z: 1 / (1 + np.exp(-z)) - y, lambda y, z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
}


def leaves(objective, y, **more):
    data = lightgbm.Dataset(x, label=y, init_score=np.zeros(20), params={"min_data_in_bin": 1, "verbose": -1})
    settings = {"objective": objective, "learning_rate": 1.0, "num_leaves": 2, "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 0.0}
    settings |= {"boost_from_average": False, "verbose": -1, "num_threads": 1}
    model = lightgbm.train(settings | more, data, 1)
    return [round(float(z), 4) for z in model.predict(np.array([[0.0], [1.0]]), raw_score=True)]


for name, (first, second) in LOSSES.items():
    for low, high in ((0.99, 1.01), (0.5, 1.0)) if name != "cross_entropy" else ((0.49, 0.51), (0.2, 0.9)):
        y = np.repeat([low, high], 10)
        own = leaves(lambda z, data: (first(data.get_label(), z), second(data.get_label(), z)), y)
        print(f"{name}, targets {low} and {high}: {leaves(name, y)}, exact derivatives {own}")
print(f"poisson, poisson_max_delta_step=1e-6: {leaves('poisson', np.repeat([0.5, 1.0], 10), poisson_max_delta_step=1e-6)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
