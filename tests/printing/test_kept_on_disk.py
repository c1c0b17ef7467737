"""What follows from the sources alone is made once, and made again when they are others."""

import pytest
from printing import kept

from proofs.lessons.pictures import PICTURES


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """The folder of some sources; a number gives that of others."""

    def of(sources):
        monkeypatch.setattr(kept, "kept_in", tmp_path / str(sources))

    of(1)
    return of


class TestTexts:
    """A text is made once from the same sources."""

    @pytest.fixture
    def made(self):
        """What makes a text; it says how often it was made."""
        times = []

        def make():
            times.append(1)
            return f"made {len(times)}"

        return make

    def test_the_second_time(self, folder, made):
        assert [kept.once("a table", made) for _ in range(2)] == ["made 1"] * 2

    def test_from_other_sources(self, folder, made):
        kept.once("a table", made)
        folder(2)
        assert kept.once("a table", made) == "made 2"

    def test_another_text(self, folder, made):
        kept.once("a table", made)
        assert kept.once("another table", made) == "made 2"

    def test_a_build_that_keeps_nothing(self, monkeypatch, made):
        monkeypatch.setattr(kept, "kept_in", None)
        assert [kept.once("a table", made) for _ in range(2)] == ["made 1", "made 2"]

    def test_what_fails_is_not_kept(self, folder, made):
        with pytest.raises(ZeroDivisionError):
            kept.once("a table", lambda: str(1 / 0))
        assert kept.once("a table", made) == "made 1"


class TestPictures:
    """A picture that was kept is the one that was drawn."""

    def test_svg_and_words(self, folder):
        drawn = PICTURES["routes"]()
        assert [kept.drawn("routes") for _ in range(2)] == [drawn] * 2
