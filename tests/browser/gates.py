"""What a browser finds wrong with a page; every gate returns a list, which should be empty."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Request

WIDTHS = {"desk": 1280, "phone": 390}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"

WATCH = """
window.shifts = [];
new PerformanceObserver(list => list.getEntries().forEach(entry =>
  window.shifts.push(`${entry.value}: ${entry.sources.map(s => s.node?.outerHTML?.slice(0, 80))}`)
)).observe({ type: "layout-shift", buffered: true });
"""
"""Notes what moves while the page loads."""

SETTLED = """async () => {
await document.fonts.ready;
for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
await new Promise(requestIdleCallback);
}"""
"""Fonts are there, frames are painted, observers have been told."""


def pages(html: Path) -> list[str]:
    """The pages of a site; an old address that leads on to one of them is none."""
    files = sorted(html.glob("*.html"))
    return [file.stem for file in files if "moved.js" not in file.read_text("utf-8")]


def kinds(html: Path) -> list[str]:
    """Pages that have every kind of element between them: each class of any text is on one.

    Colours and sizes belong to a kind, wherever it stands.
    """
    texts = {name: (html / f"{name}.html").read_text("utf-8") for name in pages(html)}
    left = {
        name: {kind for found in re.findall(r'class="([^"]*)"', text) for kind in found.split()}
        for name, text in texts.items()
    }
    chosen = []
    while any(left.values()):
        chosen.append(max(left, key=lambda name: len(left[name])))
        found = left.pop(chosen[-1])
        left = {name: classes - found for name, classes in left.items()}
    return chosen


def copied(html: Path, folder: Path, *own: str) -> Path:
    """The site in another folder, of links to its files but for those that are to be changed."""
    links = shutil.copytree(html, folder, copy_function=os.symlink)
    for name in own:
        (links / name).unlink()
        shutil.copy(html / name, links / name)
    return links


@dataclass
class Visit:
    """A page in the browser, and what was noticed while it loaded."""

    page: Page
    messages: list[str] = field(default_factory=list)
    """What the console said, and errors."""
    requests: list[Request] = field(default_factory=list)
    """Everything that was asked for."""


@contextmanager
def visit(browser: Browser, address: str, width: int, **context: Any) -> Iterator[Visit]:
    """Open a page in a window of a width, with nothing remembered from other visits."""
    size = {"width": width, "height": 844}
    with browser.new_context(viewport=size, reduced_motion="reduce", **context) as fresh:
        page = fresh.new_page()
        seen = Visit(page)
        page.on("console", lambda message: seen.messages.append(message.text))
        page.on("pageerror", lambda error: seen.messages.append(str(error)))
        page.on("request", lambda request: seen.requests.append(request))
        page.add_init_script(WATCH)
        page.goto(address)
        page.evaluate(SETTLED)
        yield seen


def foreign(seen: Visit) -> list[str]:
    """Requests that leave the site."""
    home = seen.page.evaluate("location.protocol + '//' + location.host")
    urls = [request.url for request in seen.requests]
    return [url for url in urls if not url.startswith((home, "data:", "blob:"))]


def shifts(page: Page) -> list[str]:
    """What moved after it had been painted."""
    return list(page.evaluate("window.shifts"))


def sideways(page: Page) -> list[str]:
    """Boxes around the text that scroll sideways, the window first, and what reaches out of it."""
    return list(
        page.evaluate(
            """() => {
            const article = document.querySelector("article");
            const around = [...document.querySelectorAll("*")].filter(e => e.contains(article));
            const wide = around.filter(e => e.scrollWidth > innerWidth);
            const out = e => e.getBoundingClientRect().right > innerWidth + 1;
            const open = e => e === article
              || getComputedStyle(e).overflowX === "visible" && open(e.parentElement);
            return wide.length === 0 ? [] : [`${wide[0].tagName} is ${wide[0].scrollWidth} px wide`,
              ...[...article.querySelectorAll("*")]
              .filter(e => out(e) && open(e.parentElement)).map(e => e.outerHTML.slice(0, 120))];
            }"""
        )
    )


def unreachable(page: Page) -> list[str]:
    """Boxes that scroll sideways but that the tab key does not reach, in whatever browser."""
    return list(
        page.evaluate(
            """() => {
            const focusable = 'a[href], button, input, select, textarea, [tabindex="0"]';
            return [...document.body.querySelectorAll("*")].filter(box =>
              ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
              && box.scrollWidth > box.clientWidth && box.clientWidth > 0
              && box.checkVisibility({ visibilityProperty: true })
              && !box.matches(focusable) && !box.querySelector(focusable)
            ).map(box => box.outerHTML.slice(0, 120));
            }"""
        )
    )


def cut(page: Page) -> list[str]:
    """Equations that go on beyond their edge, folded or not; at a desk code and tables too."""
    desk = page.evaluate("innerWidth") > WIDTHS["phone"]
    boxes = ".equation" + ", pre, .pass, .table-wrapper, .admonition" * desk
    return list(
        page.evaluate(
            """boxes => {
            document.querySelectorAll("details").forEach(fold => { fold.open = true });
            return [...document.querySelectorAll(`article :is(${boxes})`)]
              .filter(e => e.scrollWidth > e.clientWidth + 1)
              .map(e => `${e.className} ${e.innerText.slice(0, 60)}`);
            }""",
            boxes,
        )
    )


def dangling(page: Page, html: Path) -> list[str]:
    """Links within the site, and parts of pictures that a picture names, which are not there."""
    named, here = page.evaluate(
        """() => [
        [...document.querySelectorAll("*")].flatMap(e => [...e.attributes].flatMap(a =>
          a.localName === "href" || a.localName === "src" ? [a.value]
          : [...a.value.matchAll(/url\\(["']?(#[^"')]+)/g)].map(found => found[1]))),
        [...document.querySelectorAll("[id]")].map(e => e.id)]"""
    )

    def leads_somewhere(address: str) -> bool:
        url = urlsplit(address)
        file = html / unquote(url.path)
        if url.scheme or (url.path and not file.is_file()):
            return bool(url.scheme)
        return not url.fragment or unquote(url.fragment) in (ids_of(file) if url.path else here)

    return [address for address in dict.fromkeys(named) if not leads_somewhere(address)]


@cache
def ids_of(file: Path) -> list[str]:
    """The places of a page that a link can lead to."""
    return re.findall(r'\sid="([^"]+)"', file.read_text(encoding="utf-8"))


def inaccessible(page: Page, *rules: str, within: str = "html", colours: bool = True) -> list[str]:
    """What axe-core finds: WCAG 2.2 A and AA, and its best practices, or by some rules alone.

    Contrast takes it longer than everything else.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """([within, rules, colours]) => axe.run(within, {
        resultTypes: ["violations"],
        ...(rules.length ? { runOnly: rules } : { rules: {
          "target-size": { enabled: true },  // WCAG 2.2, only done by request
          "color-contrast": { enabled: colours } } }),
        })""",
        [within, list(rules), colours],
    )
    return [
        f"{v['id']}: {v['help']}: {node['target']} {node['html'][:120]}"
        for v in found["violations"]
        for node in v["nodes"]
    ]
