"""What tests of the checkers share."""

import pytest

from proofs.checker import wrong as wrong_words
from proofs.checker import wrong_edits


@pytest.fixture
def no_words(monkeypatch):
    """What is wrong is asked for, and not what it looks like, which takes most of the time."""
    monkeypatch.setattr(wrong_words, "SECONDS", 0.0)
    monkeypatch.setattr(wrong_edits, "SECONDS", 0.0)
