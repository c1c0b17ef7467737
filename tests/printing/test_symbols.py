"""A page that uses a symbol before it is introduced is told so."""

import pickle

import pytest
from printing import symbols
from sites import rest


@pytest.fixture
def read(build, claims, here):
    """Pages read in their order; what is used too early."""

    def found(*texts):
        names = [f"page{n}" for n in range(len(texts))]
        pages = {n: f"# Page\n\n{text}\n" for n, text in zip(names, texts, strict=True)}
        tree = "# Start\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
        done = build(None, index=tree, rest=rest("", claims), **pages)
        assert done.status == 0, done.message

        class Read:
            def get_doctree(self, name):
                return pickle.loads((here / f"doctrees/{name}.doctree").read_bytes())

        return symbols.too_early(Read(), names)

    return found


class TestReadingOrder:
    """What is introduced stays known; what was not is named with its page."""

    def test_introduced_first(self, read):
        assert read("The weight {symbol}`w^l_{jk}`.", "Then $w^l_{jk}$.") == []

    def test_used_first(self, read):
        found = read("Now $w$ is used.", "And {symbol}`w` is introduced.")
        assert found == ["page0: weight is used before it is introduced"]

    def test_a_claim_counts(self, read):
        found = read("Words.", "```{claim} 29\n:brief:\n```")
        assert "page1: error is used before it is introduced" in found

    def test_behind_a_fold_nothing_counts(self, read):
        assert read("```{ledger} 29\n```") == []
