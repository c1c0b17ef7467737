"""Mathematics on a page."""

from xml.etree import ElementTree

import pytest
from printing.mathml import beside, mathml


class TestFractions:
    """Two fractions beside each other are not read as one: their bars do not touch."""

    def test_there_is_a_gap(self):
        found = mathml(r"\frac{\partial C}{\partial a} \frac{\partial a}{\partial z}", block=True)
        assert "</mfrac><mspace" in found
        assert "</mfrac><mfrac" not in found

    def test_of_one_there_is_none(self):
        assert "mspace" not in mathml(r"\frac{1}{m} + \frac{1}{n}", block=True)


class TestLengths:
    """What a phone has room for is how many symbols stand beside each other."""

    @pytest.mark.parametrize(
        ("latex", "symbols"),
        [("a = b + c", 5), (r"\frac{a + b}{c}", 3), (r"\frac{a}{\frac{b + c}{d}} = e^f", 6)],
    )
    def test_of_a_fraction_the_longer_half_counts(self, latex, symbols):
        assert beside(ElementTree.fromstring(mathml(latex, block=True))) == symbols
