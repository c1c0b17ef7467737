"""Mathematics on a page."""

from printing.mathml import mathml


class TestFractions:
    """Two fractions beside each other are not read as one: their bars do not touch."""

    def test_there_is_a_gap(self):
        found = mathml(r"\frac{\partial C}{\partial a} \frac{\partial a}{\partial z}", block=True)
        assert "</mfrac><mspace" in found
        assert "</mfrac><mfrac" not in found

    def test_of_one_there_is_none(self):
        assert "mspace" not in mathml(r"\frac{1}{m} + \frac{1}{n}", block=True)
