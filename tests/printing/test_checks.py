"""A build first makes the checks of functions that no claim runs, and stops if one fails."""

import pytest
from printing import MODULES, bound


class TestChecks:
    """What a check says must be true before a page is read."""

    def test_they_are_part_of_the_extension(self):
        assert "bound" in MODULES

    def test_they_pass(self):
        bound.check_functions()

    def test_one_that_fails_stops_the_build_with_its_sentence(self, monkeypatch):
        def wrong():
            """Two is three."""
            return False

        monkeypatch.setattr(bound, "CHECKS", (wrong,))
        with pytest.raises(SystemExit, match=r"Proof failed!\nno longer true: Two is three\."):
            bound.check_functions()
