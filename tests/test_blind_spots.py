"""Which test networks are blind to which mistakes, and that two of them see everything."""

import pytest

from proofs.checker.blind_spots import BLIND, CRASHES, NETWORKS, SEEN, seen
from proofs.checker.wild import WILD

WRONG = {wrong.name: wrong for wrong in WILD}


class TestBlind:
    """On some networks a wrong line gives the right gradient."""

    @pytest.mark.parametrize(
        ("network", "names"),
        [
            ("one example", ["33", "39", "30"]),
            ("no hidden layer", ["16", "17", "21", "28"]),
            ("one output", ["01", "12"]),
            ("one neuron a layer", ["01", "12", "17", "36", "48"]),
            ("all biases 0", ["48"]),
            ("symmetric weights", ["17"]),
        ],
    )
    def test_known_ones(self, network, names):
        assert [seen(WRONG[name])[network] for name in names] == [BLIND] * len(names)


class TestSeeing:
    """Where all sizes are distinct or all are equal each mistake is seen, mostly by both."""

    @pytest.mark.parametrize("wrong", WILD, ids=lambda wrong: wrong.name)
    def test_by_one_of_two(self, wrong):
        found = seen(wrong)
        assert set(found) == set(NETWORKS)
        two = found["all sizes distinct"], found["all sizes equal"]
        if wrong.broken():
            assert SEEN in two
            assert BLIND not in two
        else:
            assert CRASHES not in found.values()
            assert set(found.values()) == {BLIND}
