"""No page is heavy: little comes over the wire for it, mathematics, style, font and all."""

import random
import shutil
from pathlib import Path

import pytest
from conftest import ROOT
from gates import pages
from playwright.sync_api import Browser
from serving import served
from weigh import Visit, weighed

from proofs.lessons.whatifs import WHATIFS

KIB = 1024
FIRST, FURTHER, SCRIPT = 160 * KIB, 60 * KIB, 15 * KIB
"""The most that a first page may weigh, one after the home page, and the script of a what-if."""

PAGES = pages(ROOT / "build/html")


def heavy(visit: Visit, home: Visit) -> list[str]:
    """What is too heavy about a page."""
    parts = [("first", visit.first, FIRST)]
    if "/search.html" not in visit.address:  # which brings the words of all pages
        parts += [("further", visit.further(home), FURTHER)]
    parts += [(name, visit.of(f"/{name}.js"), SCRIPT) for name in (*WHATIFS, "what-if")]
    return [f"{name}: {weight / KIB:.0f} KiB" for name, weight, most in parts if weight > most]


@pytest.fixture(scope="module")
def home(browser: Browser, address: str) -> Visit:
    """The first visit to the home page."""
    return weighed(browser, f"{address}/index.html")[0]


@pytest.mark.parametrize("name", PAGES)
def test_a_page(browser: Browser, address: str, home: Visit, name: str) -> None:
    [visit] = weighed(browser, f"{address}/{name}.html")
    assert visit.of("/styles/furo.css") > 0
    assert heavy(visit, home) == []


def test_a_further_page_is_as_the_cache_has_it(browser: Browser, address: str, home: Visit) -> None:
    """Nothing is asked for twice: after the home page the browser gets what we count, no more."""
    name = "why-sum-over-k"
    [cold] = weighed(browser, f"{address}/{name}.html")
    _, warm = weighed(browser, home.address, cold.address)
    assert warm.first == cold.further(home)


def test_heavy_things_are_seen(browser: Browser, html: Path, tmp_path: Path) -> None:
    """A picture too large for the page, and a script too long: of noise, so that gzip fails."""
    noise = random.Random(0)
    copy = shutil.copytree(html, tmp_path / "html")
    (copy / "heavy.png").write_bytes(noise.randbytes(100 * KIB))
    with (copy / "_static/demon.js").open("a", encoding="utf-8") as script:
        script.write(f"// {noise.randbytes(SCRIPT).hex()}")
    page = copy / "bp3-bp4.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("<h1>", '<img src="heavy.png"><h1>'), encoding="utf-8")
    with served(copy) as address:
        home, visit = (
            weighed(browser, f"{address}/{name}.html")[0] for name in ("index", "bp3-bp4")
        )
    assert [fault.split(":")[0] for fault in heavy(visit, home)] == ["first", "further", "demon"]
