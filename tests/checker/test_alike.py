"""What single precision hides from one network, all networks together show."""

import numpy as np
import pytest
from textbook import NABLAS, Pass, a_minus_y, by_a

from proofs.checker.battery import battery
from proofs.checker.which_equation import check_on
from proofs.network.activations import relu, sigmoid, softmax, softplus
from proofs.network.costs import log_likelihood, quadratic

F = np.float32
LITTLE = F(1 + 3e-5)


def chain(bp1=1, bp2=1, bp3=1, bp4=1, slope=lambda a: a * (1 - a), **how):
    """A backward pass of sigmoid layers, with factors where equations are used."""
    return Pass(
        names=NABLAS,
        bp1=lambda s, l: bp1 * by_a(s, l),
        bp2=lambda s, l: bp2 * (s.back(l) * slope(s.a[l])),
        bp3=lambda s, l: bp3 * s.delta[l].mean(axis=1, keepdims=True),
        bp4=lambda s, l: bp4 * (s.delta[l] @ s.a[l - 1].T / s.m),
        **how,
    )


def in_single(**faults):
    """The same whole in single precision."""
    single = chain(dtype=F, **faults)
    return lambda weights, biases, x, y: single(weights, biases, x, y.astype(F))


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
        report = check_on(cases, chain())
        assert report.unseen == 0
        assert not any("precision" in r for r in report.told)


class TestALittleWrongInALaterCall:
    """What is wrong by less than weights have moved was not kept, but hidden in the first call."""

    def test_it_is_the_slope(self, cases):
        def backprop(*given):
            found = chain(slope=lambda a: a * (1 - 1.00003 * a))(*given)
            return tuple([g.astype(F) for g in of] for of in found)

        assert places(check_on(cases, backprop)) == {("BP2", 3), ("BP2", 2)}


class TestWordsOfANetworkThatIsLeftOut:
    """Where a - y is right for the targets it takes, nothing is said of the others but that."""

    def test_nothing_is_asked_for(self):
        right = Pass(
            relu,
            softmax,
            NABLAS,
            a=lambda s, l: s.of(l)(s.z[l]).astype(F),
            bp1=a_minus_y,
            bp2=lambda s, l: s.back(l) * (s.a[l] > 0),
        )

        report = check_on(battery(relu, softmax, log_likelihood)[4:8], right)
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
        wrong = Pass(
            softplus,
            softmax,
            NABLAS,
            F,
            bp1=a_minus_y,
            bp2=lambda s, l: faults.get("bp2", 1) * s.back(l) / (1 + np.exp(-s.z[l])),
            bp3=lambda s, l: faults.get("bp3", 1) * s.delta[l].mean(axis=1, keepdims=True),
        )

        assert places(check_on(battery(softplus, softmax, log_likelihood), wrong)) == broken


class TestAFaultThatALooseToleranceHolds:
    """With weighted inputs of 1000, half precision would explain anything; a fault is none."""

    def test_it_is_no_rounding(self):
        (huge,) = (c for c in battery(sigmoid, softmax, log_likelihood) if c.name == "huge")

        report = check_on([huge], Pass(output=softmax, names=NABLAS, bp1=by_a, bp2=by_a))
        assert places(report) == {("BP1", 4)}
        assert not any("precision" in said for said in report.told)
