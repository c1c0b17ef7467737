#!/bin/sh
# pyfit 1.0.2: Trainer.fit sets the gradients to 0 once an epoch and takes a step after each batch, so that the second batch's step
# uses the gradients of the first as well, and the tenth those of all ten. One weight, batches of one example and one epoch show
# it: from the second step on the weight is not where gradient descent with the same numbers puts it, and with a learning rate
# of 0.15, which leaves a third of the error after three steps, it overshoots. With one batch an epoch nothing is wrong. The
# backward pass and the optimizer are right by themselves: a loop that sets the gradients to 0 before each batch gives the same
# as by hand.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pyfit==1.0.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1 batches of 1: fit 0.3000, in a loop 0.3000, by hand 0.3000; one batch of 1: fit 0.3000, by hand 0.3000
2 batches of 1: fit 0.8100, in a loop 0.5100, by hand 0.5100; one batch of 2: fit 0.3000, by hand 0.3000
3 batches of 1: fit 1.3770, in a loop 0.6570, by hand 0.6570; one batch of 3: fit 0.3000, by hand 0.3000
4 batches of 1: fit 1.8309, in a loop 0.7599, by hand 0.7599; one batch of 4: fit 0.3000, by hand 0.3000
6 batches of 1: fit 1.9295, in a loop 0.8824, by hand 0.8824; one batch of 6: fit 0.3000, by hand 0.3000
SEEN
cat >"$folder/ask.py" <<'ASK'
from pyfit.data import BatchIterator
from pyfit.engine import Scalar
from pyfit.metrics import mean_squared_error
from pyfit.nn import MLP
from pyfit.optim import SGD
from pyfit.train import Trainer


def started():
    model = MLP(1, [1])
    weight, _ = model.parameters()
    weight.data = 0.0
    return model, weight


def fitted(examples, batch_size):
    model, weight = started()
    inputs, targets = [[Scalar(1.0)] for _ in range(examples)], [Scalar(1.0) for _ in range(examples)]
    data = BatchIterator(inputs, targets, batch_size)
    Trainer(model, SGD([weight], 0.15), mean_squared_error).fit(data, num_epochs=1)
    return weight.data


def in_a_loop(steps):
    model, weight = started()
    optimizer = SGD([weight], 0.15)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_squared_error([Scalar(1.0)], model([Scalar(1.0)])).backward()
        optimizer.step()
    return weight.data


def by_hand(steps):
    weight = 0.0
    for _ in range(steps):
        weight -= 0.15 * 2 * (weight - 1)
    return weight


for steps in (1, 2, 3, 4, 6):
    print(f"{steps} batches of 1: fit {fitted(steps, 1):.4f}, in a loop {in_a_loop(steps):.4f}, by hand {by_hand(steps):.4f};", end=" ")
    print(f"one batch of {steps}: fit {fitted(steps, steps):.4f}, by hand {by_hand(1):.4f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen
