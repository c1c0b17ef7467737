"""The list of all pages is put together once, and says on each page where the reader is."""

import pytest
from sites import rest

LIST = """<p class="caption" role="heading"><span class="caption-text">Part</span></p>
<ul>
<li class="toctree-l1"><a class="reference internal" href="first.html">First</a></li>
<li class="toctree-l1"><a class="reference internal" href="second.html">Second</a><ul>
<li class="toctree-l2"><a class="reference internal" href="below.html">Below</a></li>
</ul>
</li>
</ul>"""


@pytest.fixture
def marked(conf):
    """Marks the list for an address."""
    from printing.navigation import marked

    return lambda address: marked(LIST, address)


class TestMarks:
    """An entry and all that it lies in are marked, and nothing else."""

    def test_at_the_top(self, marked):
        old = """<ul>
<li class="toctree-l1"><a class="reference internal" href="first.html">"""
        new = """<ul class="current">
<li class="toctree-l1 current"><a class="current reference internal" href="#">"""
        assert marked("first.html") == LIST.replace(old, new)

    def test_below_another(self, marked):
        changed = {
            "<ul>": '<ul class="current">',
            """<li class="toctree-l1"><a class="reference internal" href="second""": (
                """<li class="toctree-l1 current"><a class="reference internal" href="second"""
            ),
            """toctree-l2"><a class="reference internal" href="below.html""": (
                """toctree-l2 current"><a class="current reference internal" href="#"""
            ),
        }
        expected = LIST
        for old, new in changed.items():
            expected = expected.replace(old, new)
        assert marked("below.html") == expected

    @pytest.mark.parametrize("address", ["", "other.html", "irst.html"])
    def test_a_page_that_it_does_not_hold(self, marked, address):
        assert marked(address) == LIST


TREE = """
```{{toctree}}
:{options}

{pages}
```
"""


class TestAsSphinxDoes:
    """Every page is the same, to the last byte, as with the list that Sphinx puts together."""

    def test_each_page(self, build, claims, monkeypatch):
        from printing import navigation

        pages = {
            "index": "# Home\n" + TREE.format(options="caption: Part\n:hidden:", pages="a\nb"),
            "a": "# A & A\n" + TREE.format(options="hidden:", pages="deep"),
            "b": "# B\n",
            "deep": "# Deep\n",
            "rest": rest("", claims),
        }
        ours = build(None, **pages)
        assert ours.status == 0, ours.message
        found = {name: (ours.html / f"{name}.html").read_bytes() for name in [*pages, "search"]}
        assert b"current-page" in found["deep"]
        monkeypatch.setattr(navigation, "offer", lambda *_: None)
        theirs = build(None, **pages)
        assert theirs.status == 0, theirs.message
        for name, html in found.items():
            assert (theirs.html / f"{name}.html").read_bytes() == html
