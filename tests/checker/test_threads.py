"""Several checks in one process, each in a thread of its own."""

import builtins
import os
import sys
from threading import Event, Thread

import numpy as np
import pytest

from proofs import Network, check_backprop, check_layer, check_model, sigmoid


def waiting(inside, others):
    """A step that tells that it runs, and waits a little for another to run or to end."""

    def pause(x):
        inside.set()
        others.wait(0.02)
        return 2 * x

    def forward(x):
        return pause(x), None

    def step(p, x):
        return np.sum(pause(p) * x), 2 * x

    def backprop(weights, biases, x, y):
        a = sigmoid(pause(weights[0] / 2) @ x + biases[0])
        delta = (a - y) * a * (1 - a)
        return [delta.mean(1, keepdims=True)], [delta @ x.T / x.shape[1]]

    return forward, step, backprop


@pytest.mark.parametrize("which", range(3))
class TestTwoThreads:
    """Neither disturbs the other, and Python is afterwards as it was."""

    def test_side_by_side(self, which):
        before = sys.stdout, builtins.__import__, os._exit, np
        first, second, done, reports = Event(), Event(), Event(), []

        def run(forward, step, backprop):
            x, small = np.arange(3.0), Network([3, 2])
            checks = (
                lambda: check_layer(forward, lambda delta, _: 2 * delta, x),
                lambda: check_model(step, x + 1, x),
                lambda: check_backprop(backprop, small, np.eye(3), np.eye(2, 3)),
            )
            reports.append(checks[which]())

        def late(*passes):
            first.wait(1)
            run(*passes)

        threads = [Thread(target=run, args=waiting(first, second)),
                   Thread(target=late, args=waiting(second, done))]  # fmt: skip
        for thread in threads:
            thread.start()
        threads[0].join()
        done.set()
        threads[1].join()
        assert [report.holds for report in reports] == [True, True]
        assert all(a is b for a, b in zip(before, (sys.stdout, builtins.__import__, os._exit, np),
                                          strict=True))  # fmt: skip


class TestACheckWithinACheck:
    """A backward pass may check another, which does not wait for the check that calls it."""

    def test_it_ends(self):
        x, small, held = np.arange(3.0), Network([3, 2]), []
        _, _, right = waiting(Event(), Event())

        def backprop(*given):
            held.append(check_layer(lambda x: (2 * x, None), lambda delta, _: 2 * delta, x).holds)
            return right(*given)

        assert check_backprop(backprop, small, np.eye(3), np.eye(2, 3), timeout=5.0).holds
        assert held == [True] * len(held) != []
