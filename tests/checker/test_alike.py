"""What single precision hides from one network, all networks together show."""

import numpy as np
import pytest

from proofs.checker.battery import battery
from proofs.checker.which_equation import check_on
from proofs.network.activations import relu, sigmoid, softmax, softplus
from proofs.network.costs import log_likelihood, quadratic

F = np.float32
LITTLE = F(1 + 3e-5)


def chain(weights, biases, x, y, *, error, slope, bp2=1, bp3=1, bp4=1, cast=lambda v: v):
    """A backward pass of sigmoid layers, with factors where equations are used."""
    a = [x]
    for w, b in zip(weights, biases, strict=True):
        a.append(cast(1 / (1 + np.exp(-(w @ a[-1] + b)))))
    delta, nabla_b, nabla_w = error(a[-1], y), [], []
    for l in reversed(range(len(weights))):
        nabla_w.insert(0, bp4 * (delta @ a[l].T / x.shape[1]))
        nabla_b.insert(0, bp3 * delta.mean(axis=1, keepdims=True))
        delta = bp2 * (weights[l].T @ delta * slope(a[l]))
    return nabla_b, nabla_w


def in_single(bp1=1, slope=lambda a: a * (1 - a), **faults):
    """The same whole in single precision."""

    def backprop(*given):
        weights, biases, x, y = given
        weights, biases = ([v.astype(F) for v in of] for of in (weights, biases))
        return chain(
            weights,
            biases,
            x.astype(F),
            y.astype(F),
            error=lambda a, y: bp1 * ((a - y) * a * (1 - a)),
            slope=slope,
            **faults,
        )

    return backprop


def places(report):
    return {(v.equation, v.layer) for v in report.found}


@pytest.fixture(scope="module")
def cases():
    return battery(sigmoid, sigmoid, quadratic)


class TestAFactorThatAllNetworksHave:
    """A factor of 1.00003 in single precision is blamed on the equation that has it."""

    @pytest.mark.parametrize(
        ("faults", "broken"),
        [
            ({"bp1": LITTLE}, {("BP1", 4)}),
            ({"bp2": LITTLE}, {("BP2", 3), ("BP2", 2)}),
            ({"bp3": LITTLE}, {("BP3", l) for l in (2, 3, 4)}),
            ({"bp4": LITTLE}, {("BP4", l) for l in (2, 3, 4)}),
            ({"slope": lambda a: a * (1 - LITTLE * a)}, {("BP2", 3), ("BP2", 2)}),
        ],
    )
    def test_it_is_seen(self, cases, faults, broken):
        report = check_on(cases, in_single(**faults))
        assert places(report) == broken
        if "slope" not in faults:
            assert all("it is 1.00003 times" in v.diagnosis for v in report.found)

    def test_a_right_pass_holds(self, cases):
        report = check_on(cases, in_single())
        assert report.holds

    def test_two_networks_tell_nothing(self, cases):
        assert check_on(cases[:2], in_single(bp2=LITTLE)).holds


class TestHowMuchWouldNotBeSeen:
    """The remark on precision says which fault it may hide, and so does the JSON."""

    def test_in_single_precision(self, cases):
        report = check_on(cases, in_single())
        assert 1e-6 < report.unseen < 1e-2
        assert report.as_json()["unseen"] == report.unseen
        said = [r for r in report.told if "may not be seen" in r]
        assert len(said) == 1
        assert "in that precision a fault below" in said[0]

    def test_a_fault_of_that_size_is_seen(self, cases):
        some = cases[:2]
        bound = check_on(some, in_single()).unseen
        assert not check_on(some, in_single(bp3=F(1 + 2 * bound))).holds

    def test_in_doubles_nothing_is_said(self, cases):
        def right(*given):
            return chain(
                *given,
                error=lambda a, y: (a - y) * a * (1 - a),
                slope=lambda a: a * (1 - a),
            )

        report = check_on(cases, right)
        assert report.unseen == 0
        assert not any("precision" in r for r in report.told)


class TestALittleWrongInALaterCall:
    """What is wrong by less than weights have moved was not kept, but hidden in the first call."""

    def test_it_is_the_slope(self, cases):
        def backprop(*given):
            found = chain(
                *given,
                error=lambda a, y: (a - y) * a * (1 - a),
                slope=lambda a: a * (1 - 1.00003 * a),
            )
            return tuple([g.astype(F) for g in of] for of in found)

        assert places(check_on(cases, backprop)) == {("BP2", 3), ("BP2", 2)}


class TestWordsOfANetworkThatIsLeftOut:
    """Where a - y is right for the targets it takes, nothing is said of the others but that."""

    def test_nothing_is_asked_for(self):
        def backprop(weights, biases, x, y):
            a = [x]
            for w, b in zip(weights[:-1], biases[:-1], strict=True):
                a.append(np.maximum(w @ a[-1] + b, 0).astype(F))
            a.append(softmax(weights[-1] @ a[-1] + biases[-1]).astype(F))
            delta, nabla_b, nabla_w = a[-1] - y, [], []
            for l in reversed(range(len(weights))):
                nabla_w.insert(0, delta @ a[l].T / x.shape[1])
                nabla_b.insert(0, delta.mean(axis=1, keepdims=True))
                delta = weights[l].T @ delta * (a[l] > 0)
            return nabla_b, nabla_w

        report = check_on(battery(relu, softmax, log_likelihood), backprop)
        assert report.holds
        assert not any("return" in said and "to see which" in said for said in report.told)
        assert sum("what was not returned" in said for said in report.told) == 1


class TestWhereOneNetworkDoesNotShowItsPrecision:
    """A fault of some hundred roundings in gradients alone is blamed by all networks together."""

    @pytest.mark.parametrize(
        ("faults", "broken"),
        [
            ({"bp2": F(1.0001)}, {("BP2", 3), ("BP2", 2)}),
            ({"bp3": 1.00002}, {("BP3", l) for l in (2, 3, 4)}),
        ],
    )
    def test_it_is_blamed_where_it_is(self, faults, broken):
        def backprop(weights, biases, x, y):
            weights, biases = ([v.astype(F) for v in of] for of in (weights, biases))
            a, z = [x.astype(F)], []
            for w, b in zip(weights, biases, strict=True):
                z.append(w @ a[-1] + b)
                a.append((softmax if len(a) == len(weights) else softplus)(z[-1]))
            delta, nabla_b, nabla_w = a[-1] - y, [], []
            for l in reversed(range(len(weights))):
                nabla_w.insert(0, delta @ a[l].T / x.shape[1])
                nabla_b.insert(0, faults.get("bp3", 1) * delta.mean(axis=1, keepdims=True))
                if l:
                    slope = 1 / (1 + np.exp(-z[l - 1]))
                    delta = faults.get("bp2", 1) * weights[l].T @ delta * slope
            return nabla_b, nabla_w

        assert places(check_on(battery(softplus, softmax, log_likelihood), backprop)) == broken


class TestAFaultThatALooseToleranceHolds:
    """With weighted inputs of 1000, half precision would explain anything; a fault is none."""

    def test_it_is_no_rounding(self):
        (huge,) = (c for c in battery(sigmoid, softmax, log_likelihood) if c.name == "huge")

        def backprop(weights, biases, x, y):
            def error(a, y):
                return (a - y) * a * (1 - a)

            a = [x]
            for w, b in zip(weights[:-1], biases[:-1], strict=True):
                a.append(sigmoid(w @ a[-1] + b))
            a.append(softmax(weights[-1] @ a[-1] + biases[-1]))
            delta, nabla_b, nabla_w = error(a[-1], y), [], []
            for l in reversed(range(len(weights))):
                nabla_w.insert(0, delta @ a[l].T / x.shape[1])
                nabla_b.insert(0, delta.mean(axis=1, keepdims=True))
                delta = weights[l].T @ delta * a[l] * (1 - a[l])
            return nabla_b, nabla_w

        report = check_on([huge], backprop)
        assert places(report) == {("BP1", 4)}
        assert not any("precision" in said for said in report.told)
