"""`kept`: what a step keeps between its calls is what it was, after a check and after each run."""

import sys
import types
from collections import UserDict, defaultdict

import numpy as np
import pytest

from proofs import check_layer, check_model
from proofs.measuring.kept import put_back_after
from proofs.measuring.own_numpy import is_theirs

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((5, 4)), RANDOM.standard_normal((5, 2))


def params():
    draw = np.random.default_rng(1).standard_normal
    return {"W1": draw((4, 3)), "W2": draw((3, 2))}


def loss_and_gradients(params, x, y, factor=1.0):
    a = np.tanh(x @ params["W1"])
    out = a @ params["W2"]
    d = (out - y) / len(x)
    g = {"W2": a.T @ d, "W1": factor * (x.T @ (d @ params["W2"].T * (1 - a * a)))}
    return ((out - y) ** 2).sum() / 2 / len(x), g


def adam(moments, params, g):
    for key in params:
        moments[key] = 0.9 * moments.get(key, 0) + 0.1 * g[key]
        params[key] -= 0.01 * moments[key] / (np.sqrt(moments[key] ** 2) + 1e-8)


MOMENTS, LISTED = defaultdict(float), []


class Optimizer:
    of_all = {}  # noqa: RUF012 - likewise

    def __init__(self):
        self.moments, self.count = {}, 0

    def step(self, params, g):
        self.count += 1
        adam(self.moments, params, g)


OPTIMIZER = Optimizer()


def in_a_dictionary(params, x, y, factor=1.0):
    loss, g = loss_and_gradients(params, x, y, factor)
    adam(MOMENTS, params, g)
    return loss


def in_a_list(params, x, y, factor=1.0):
    loss, g = loss_and_gradients(params, x, y, factor)
    if not LISTED:
        LISTED.append({})
    adam(LISTED[0], params, g)
    return loss


def in_an_object(params, x, y, factor=1.0):
    loss, g = loss_and_gradients(params, x, y, factor)
    OPTIMIZER.step(params, g)
    return loss


def in_a_class(params, x, y, factor=1.0):
    loss, g = loss_and_gradients(params, x, y, factor)
    adam(Optimizer.of_all, params, g)
    return loss


def in_a_default(params, x, y, factor=1.0, moments={}):  # noqa: B006 - people do
    loss, g = loss_and_gradients(params, x, y, factor)
    adam(moments, params, g)
    return loss


def in_an_attribute(params, x, y, factor=1.0):
    loss, g = loss_and_gradients(params, x, y, factor)
    adam(in_an_attribute.moments, params, g)
    return loss


in_an_attribute.moments = {}


def enclosed():
    moments = {}

    def in_a_closure(params, x, y, factor=1.0):
        loss, g = loss_and_gradients(params, x, y, factor)
        adam(moments, params, g)
        return loss

    in_a_closure.kept = moments
    return in_a_closure


in_a_closure = enclosed()

STEPS = {
    in_a_dictionary: lambda: MOMENTS,
    in_a_list: lambda: LISTED,
    in_an_object: lambda: OPTIMIZER.moments,
    in_a_class: lambda: Optimizer.of_all,
    in_a_default: lambda: in_a_default.__defaults__[1],
    in_an_attribute: lambda: in_an_attribute.moments,
    in_a_closure: lambda: in_a_closure.kept,
}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
class TestAnOptimizerThatKeepsItsMoments:
    """Wherever they are kept, the step is judged, and nothing is left of the check there."""

    def test_right(self, step):
        report = check_model(step, params(), X, Y)
        assert report.holds, report
        assert not STEPS[step]()

    def test_wrong(self, step):
        report = check_model(step, params(), X, Y, 2.0)
        assert [row.quantity for row in report.violations] == ["dW1"], report
        assert not STEPS[step]()


class InPlace:
    def __init__(self, params):
        self.moments = {key: np.zeros_like(x) for key, x in params.items()}

    def step(self, params, g):
        for key in params:
            self.moments[key] *= 0.9
            self.moments[key] += 0.1 * g[key]
            params[key] -= 0.01 * self.moments[key]


WRITTEN, SQUARES = InPlace(params()), {key: np.zeros_like(x) for key, x in params().items()}
OWN = params()


def of_its_module(params, x, y, factor=1.0):
    loss, g = loss_and_gradients(params, x, y, factor)
    WRITTEN.step(params, g)
    return loss


def by_squares(params, x, y, factor=1.0):
    loss, g = loss_and_gradients(params, x, y, factor)
    for p, d, squares in zip(params.values(), [g[key] for key in params], SQUARES.values()):  # noqa: B905
        squares += d * d
        p -= 0.1 * d / np.sqrt(squares + 1e-8)
    return loss


def given_beside(params, optimizer, x, y, factor=1.0):
    loss, g = loss_and_gradients(params, x, y, factor)
    optimizer.step(params, g)
    return loss


def on_names_alone(x, y, factor=1.0):
    return by_squares(OWN, x, y, factor)


class TestAnOptimizerThatWritesIntoArrays:
    """Arrays that are made before and written into take tangents, and are what they were after."""

    @pytest.mark.parametrize(
        ("step", "given"),
        [
            (of_its_module, lambda: (params(),)),
            (by_squares, lambda: (params(),)),
            (given_beside, lambda: (params(), InPlace(params()))),
            (on_names_alone, tuple),
        ],
    )
    def test_right_and_wrong(self, step, given):
        right, wrong = (check_model(step, *given(), X, Y, *factor) for factor in ((), (2.0,)))
        assert right.holds, right
        assert [row.quantity[-2:] for row in wrong.violations] == ["W1"], wrong
        assert not any(x.any() for x in (*SQUARES.values(), *WRITTEN.moments.values()))
        assert all(np.array_equal(x, params()[key]) for key, x in OWN.items())

    def test_a_layer(self):
        mean = np.zeros(4)

        def forward(x):
            mean[:] = 0.9 * mean + x.mean(axis=0)
            return 2 * x, None

        assert check_layer(forward, lambda dout, _: 2 * dout, X).holds
        assert not mean.any()


class TestNamesAndObjects:
    """Names, attributes and items that are set, added or taken away are put back."""

    def test_an_object(self):
        def step():
            OPTIMIZER.count, OPTIMIZER.new = 7, 1
            del OPTIMIZER.moments
            Optimizer.added = 1
            LISTED.append(3)

        with put_back_after(step):
            step()
            assert OPTIMIZER.count == 7
        assert OPTIMIZER.count == 0
        assert OPTIMIZER.moments == {}
        assert not hasattr(OPTIMIZER, "new")
        assert not hasattr(Optimizer, "added")
        assert LISTED == []

    def test_what_a_library_has_a_part_in_is_left_alone(self):
        """PyTorch crashed where a name that it had set in somebody's class was taken away."""

        class Meta(type):
            pass

        class Own(metaclass=Meta):
            pass

        class Words(UserDict):
            pass

        words = Words()

        def step():
            Own.set_by_the_library = words["new"] = 1

        with put_back_after(step):
            step()
        assert Own.set_by_the_library == words["new"] == 1

    def test_a_module_that_names_a_file_that_there_is_not(self):
        """So does torch.ops, whose functions no longer worked once names were taken away."""
        ops = types.ModuleType("numpy.ops")
        ops.__file__ = "_ops.py"
        assert not is_theirs(ops)
        assert is_theirs(sys.modules[__name__])

    def test_after_an_error(self):
        def step():
            MOMENTS["W1"] = 1
            raise ArithmeticError

        with pytest.raises(ArithmeticError), put_back_after(step):
            step()
        assert MOMENTS == {}

    def test_a_list_that_holds_itself(self):
        LISTED.append(LISTED)
        try:
            with put_back_after(in_a_list):
                LISTED.append(1)
            assert len(LISTED) == 1
        finally:
            LISTED.clear()
