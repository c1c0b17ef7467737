"""What a page weighs is what comes over the wire, and what is heavy is seen."""

import random
from pathlib import Path

from gates import copied
from playwright.sync_api import Browser
from serving import served
from weigh import KIB, SCRIPT, heavy, weighed


def test_a_further_page_is_as_the_cache_has_it(browser: Browser, address: str) -> None:
    """Nothing is asked for twice: after the home page the browser gets what we count, no more."""
    name = "why-sum-over-k"
    [cold] = weighed(browser, f"{address}/{name}.html")
    home, warm = weighed(browser, f"{address}/index.html", cold.address)
    assert warm.first == cold.further(home)


def test_heavy_things_are_seen(browser: Browser, html: Path, tmp_path: Path) -> None:
    """A picture too large for the page, and a script too long: of noise, so that gzip fails.

    The picture is one, with the noise in a comment: what is none a browser stops reading, early
    or late as it comes.
    """
    noise = random.Random(0)
    copy = copied(html, tmp_path / "html", "bp3-bp4.html", "_static/demon.js")
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><!--{noise.randbytes(100 * KIB).hex()}--></svg>'
    )
    (copy / "heavy.svg").write_text(picture, encoding="utf-8")
    with (copy / "_static/demon.js").open("a", encoding="utf-8") as script:
        script.write(f"// {noise.randbytes(SCRIPT).hex()}")
    page = copy / "bp3-bp4.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("<h1>", '<img src="heavy.svg"><h1>'), encoding="utf-8")
    with served(copy) as address:
        home, visit = (
            weighed(browser, f"{address}/{name}.html")[0] for name in ("index", "bp3-bp4")
        )
    assert [fault.split(":")[0] for fault in heavy(visit, home)] == ["first", "further", "demon"]
