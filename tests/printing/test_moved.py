"""Old addresses lead on: without scripts, without a network, from the disk."""

import re

import pytest
from sites import rest


@pytest.fixture
def moved(build, claims, conf):
    """Build two pages and old addresses, each with its new one."""

    def built(**old):
        text = (conf.folder / "conf.py").read_text(encoding="utf-8")
        spoiled = re.sub(
            r"^moved = \{.*?^\}", f"moved = {old}", text, flags=re.MULTILINE | re.DOTALL
        )
        assert spoiled != text
        (conf.folder / "conf.py").write_text(spoiled, encoding="utf-8")
        try:
            return build(None, index="# Page\n\n## Part\n\nWords.\n", rest=rest("", claims))
        finally:
            (conf.folder / "conf.py").write_text(text, encoding="utf-8")

    return built


class TestOldAddresses:
    """A page for each old address names the new one and goes there by itself."""

    def test_it_leads_on(self, moved):
        done = moved(letters="index", paths="index#part")
        assert done.status == 0, done.message
        for old, new in {"letters": "index.html", "paths": "index.html#part"}.items():
            page = done.page(old)
            [refresh] = [m for m in page.all("meta") if m.get("http-equiv") == "refresh"]
            assert refresh.get("content") == f"0; url={new}"
            assert [a.get("href") for a in page.all("a")] == [new]

    def test_a_site_without_the_target_has_no_such_page(self, moved):
        done = moved(letters="nowhere")
        assert done.status == 0, done.message
        assert not (done.html / "letters.html").exists()

    def test_a_page_is_not_replaced(self, moved):
        done = moved(index="rest")
        assert "Words." in done.page("index").all("article")[0].text
