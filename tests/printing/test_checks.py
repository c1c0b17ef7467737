"""A build makes the checks of functions that no claim runs, and stops if one fails."""

import sys

from printing import bound


class TestChecks:
    """What a check says must be true before a page is written."""

    def test_they_pass(self):
        assert bound.untrue() == []

    def test_one_that_fails_stops_the_build_with_its_sentence(self, build, conf, monkeypatch):
        """In one message with whatever else is wrong."""

        def wrong():
            """Two is three."""
            return False

        monkeypatch.setattr(sys.modules["printing.bound"], "CHECKS", (wrong,))
        done = build("```{claim} none\n```")
        assert done.status == 1
        assert not (done.html / "index.html").exists()
        first, second = done.problems
        assert first == "no longer true: Two is three."
        assert second.startswith("docs/index.md:3: there is no claim (none)")
