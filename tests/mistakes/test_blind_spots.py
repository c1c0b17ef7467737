"""Which test networks are blind to which mistakes, and that two of them see everything."""

import re
from pathlib import Path

import numpy as np
import pytest

from proofs.mistakes import blind_spots
from proofs.mistakes.blind_spots import BLIND, NETWORKS, SEEN, seen
from proofs.mistakes.catalogue import WILD

WRONG = {wrong.name: wrong for wrong in WILD}


class TestNetworks:
    """Each differs from layers of 4, 6, 5, 3 and 7 examples in what its name says."""

    @pytest.fixture
    def cases(self, monkeypatch):
        """The networks, by name."""
        found = []
        monkeypatch.setattr(blind_spots, "_seen", lambda wrong, case: found.append(case))
        seen(WRONG["06"])
        return dict(zip(NETWORKS, found, strict=True))

    def test_sizes(self, cases):
        assert {name: (case.network.sizes, case.x.shape[1]) for name, case in cases.items()} == {
            "one example": ([4, 6, 5, 3], 1),
            "no hidden layer": ([4, 3], 7),
            "one output": ([4, 6, 5, 1], 7),
            "one neuron a layer": ([1, 1, 1, 1], 7),
            "all biases 0": ([4, 4, 4, 4], 4),
            "symmetric weights": ([4, 4, 4, 4], 4),
            "all sizes distinct": ([4, 6, 5, 3], 7),
            "all sizes equal": ([4, 4, 4, 4], 4),
        }

    def test_biases(self, cases):
        zero = {name: not any(map(np.any, case.network.biases)) for name, case in cases.items()}
        assert [name for name in zero if zero[name]] == ["all biases 0"]

    def test_weights(self, cases):
        plain, symmetric = cases["all sizes equal"].network, cases["symmetric weights"].network
        for l in plain.layers:
            assert np.array_equal(symmetric.w[l], (plain.w[l] + plain.w[l].T) / 2)
            assert np.array_equal(symmetric.b[l], plain.b[l])


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
        ],
    )
    def test_known_ones(self, network, names):
        assert [seen(WRONG[name], [network]) for name in names] == [{network: BLIND}] * len(names)

    def test_symmetric_weights_are_seen_by_a_later_call(self):
        """It has other weights, which are not symmetric."""
        network = "symmetric weights"
        assert seen(WRONG["17"], [network]) == {network: SEEN}


class TestSeeing:
    """Where all sizes are distinct or all are equal each mistake is seen, mostly by both."""

    @pytest.mark.parametrize("wrong", WILD, ids=lambda wrong: wrong.name)
    def test_by_one_of_two(self, wrong):
        if wrong.broken():
            two = seen(wrong, ["all sizes distinct", "all sizes equal"]).values()
            assert SEEN in two
            assert BLIND not in two
        else:
            assert seen(wrong) == dict.fromkeys(NETWORKS, BLIND)


class TestTheNetworksNamed:
    """It names the networks of its table that see each of the mistakes in it."""

    def test_the_networks_that_see_each(self):
        page = (Path(__file__).parents[2] / "docs/wrong-and-falling.md").read_text("utf-8")
        [listed] = re.findall(r"\{blind-spots\} (.*)", page)
        [said] = re.findall(r"(.*) see each of the mistakes in this table", page)
        tables = [seen(WRONG[name]) for name in listed.split()]
        each = {n for n in NETWORKS if all(table[n] == SEEN for table in tables)}
        assert set(re.findall(r"\*([^*]+)\*", said)) == each


class TestShortCut:
    """Where the gradients are far off the checker is not asked, and it would say the same."""

    @pytest.mark.parametrize("network", NETWORKS)
    @pytest.mark.parametrize("name", ["33", "01", "17", "36"])
    def test_the_checker_agrees(self, monkeypatch, name, network):
        short = seen(WRONG[name], [network])
        monkeypatch.setattr(blind_spots, "_far_off", lambda came, case: False)
        assert seen(WRONG[name], [network]) == short

    def test_it_is_taken(self, monkeypatch):
        monkeypatch.setattr(blind_spots, "check_backprop", None)
        assert seen(WRONG["01"], ["all sizes distinct"]) == {"all sizes distinct": SEEN}
