"""The site offers a PDF of itself only where there will be one."""

import pytest


class TestThePdfThatIsPublishedWithTheSite:
    """SITE_PDF names it; the workflow that sets it also makes the file."""

    @pytest.mark.parametrize("name", ["", "backpropagation.pdf"])
    def test_the_first_page_alone_links_to_it(self, build, monkeypatch, name):
        monkeypatch.setenv("SITE_PDF", name)
        built = build("Words.")
        assert built.status == 0, built.message
        links = [a.get("href") for a in built.page("index").all("a")]
        assert [link for link in links if link.endswith(".pdf")] == [name] * bool(name)
        assert ".pdf" not in (built.html / "rest.html").read_text(encoding="utf-8")
