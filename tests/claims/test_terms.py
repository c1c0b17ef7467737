"""The shape of a term as it stands in a formula is the shape of the array that its code gives."""

import re

import numpy as np
import pytest

from proofs.claims import CLAIMS
from proofs.claims.in_layers import HERE
from proofs.claims.letters import written
from proofs.claims.notation import latex
from proofs.claims.terms import legend, shifted, terms
from proofs.measuring.cases import Case, running_case
from proofs.network.equations import backprop

FORMULAS = {tag: latex(claim.statement) for tag, claim in CLAIMS.items()}
STANDING = [(tag, term) for tag, formula in FORMULAS.items() for term in terms(formula)]


def width(size, case, l):
    """A size such as n_{l + 1} in a network, where l stands for a layer."""
    if size == "m":
        return case.x.shape[1]
    if size == "1":
        return 1
    layer = re.fullmatch(r"n_\{?([^}]+)\}?", size)[1]
    return case.network.sizes[eval(layer, {"l": l, "L": case.network.L}) - 1]


class TestShapes:
    """What the legend says of a term is what the evaluation has."""

    @pytest.mark.parametrize(("tag", "term"), STANDING, ids=lambda x: getattr(x, "layer", x))
    def test_the_code_has_the_shape(self, tag, term):
        case, l = running_case(), 3
        if term.sign.name == "diagonal matrix of slopes":  # np.diag is for one example
            case = Case(case.network, case.x[:, :1], case.y[:, :1])
        names = {
            "np": np,
            "backprop": backprop,
            "network": case.network,
            "forward": case.network.forward(case.x),
            "x": case.x,
            "y": case.y,
            "L": case.network.L,
            "l": l,
        }
        value = eval(term.code, names)
        assert np.shape(value) == tuple(width(size, case, l) for size in term.shape)

    def test_the_transpose_of_bp2(self):
        [weight] = [term for term in terms(FORMULAS["BP2"]) if term.sign.name == "weight"]
        assert weight.transposed
        assert weight.shape == ("n_{l}", "n_{l + 1}")
        assert weight.code == "network.w[l + 1].T"

    def test_the_shapes_of_bp2_fit_together(self):
        found = {(t.sign.name, t.layer): t.shape for t in terms(FORMULAS["BP2"])}
        assert found["weight", "l + 1"][1] == found["error", "l + 1"][0]
        assert found["weight", "l + 1"][0] == found["error", "l"][0]

    def test_every_layer_of_35(self):
        layers = [t.layer for t in terms(FORMULAS["35"]) if t.sign.name == "weight"]
        assert layers == ["L - 1", "L"]


class TestLegend:
    """Each sign once, with the terms that it makes."""

    def test_bp4(self):
        found = {sign.name: (text, len(its)) for sign, text, its in legend(FORMULAS["BP4"])}
        assert found["a neuron"] == ("j, k", 0)
        assert found["activation"] == ("a", 1)

    @pytest.mark.parametrize(
        ("layer", "before"),
        [("l", "l - 1"), ("l + 1", "l"), ("L", "L - 1"), ("L - 2", "L - 3"), ("2", "1")],
    )
    def test_the_layer_before(self, layer, before):
        assert shifted(layer, -1) == before


class TestInLayers:
    """In a layer beyond the chapter a symbol is explained by what it is there."""

    @pytest.mark.parametrize(
        ("tag", "symbol", "words"),
        [
            ("BN", "j, k", "an example of the batch"),
            ("LSTM-c", "c", "the cell"),
            ("ch-a", "j", "an output channel"),
            ("37", "j, k", "a neuron"),
        ],
    )
    def test_what_it_is_there(self, tag, symbol, words):
        found = {text: sign.name for sign, text, _ in legend(FORMULAS[tag], tag)}
        assert found[symbol] == words

    def test_every_symbol_of_the_list_is_in_a_claim_of_its_layer(self):
        for tags, its in HERE.items():
            texts = [text for tag, text in FORMULAS.items() if re.fullmatch(tags, tag)]
            met = {sign for text in texts for sign in written(text)}
            assert its.keys() <= met, tags
