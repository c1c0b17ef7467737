"""What a page weighs: the bytes that a browser asks for and gets, packed as a host packs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from gates import SETTLED
from playwright.sync_api import Browser, Request

from proofs.lessons.whatifs import WHATIFS


@dataclass(frozen=True)
class Visit:
    """A page that was opened, and what came over the wire for it."""

    address: str
    weights: dict[str, int]
    """What each address weighed that was asked for, with its header; out of the cache, nothing."""

    @property
    def first(self) -> int:
        """What all of it weighed."""
        return sum(self.weights.values())

    def further(self, home: "Visit") -> int:
        """What it would have weighed after the home page: itself, and what that does not have."""
        new = self.weights.keys() - (home.weights.keys() - {self.address})
        return sum(self.weights[address] for address in new)

    def of(self, part: str) -> int:
        """What those of them weighed whose address has a part."""
        return sum(n for address, n in self.weights.items() if part in urlsplit(address).path)


def weighed(browser: Browser, *addresses: str) -> list[Visit]:
    """Open pages one after the other, with an empty cache before the first."""
    visits = []
    with browser.new_context() as context:
        for address in addresses:
            page, asked = context.new_page(), list[Request]()
            page.on("request", lambda request, asked=asked: asked.append(request))
            page.goto(address)
            page.evaluate(SETTLED)
            visits.append(of(address, asked))
            page.close()
    return visits


def of(address: str, asked: Iterable[Request]) -> Visit:
    """What was asked for on a visit, weighed."""
    return Visit(address, dict(map(size, filter(counted, asked))))


def counted(request: Request) -> bool:
    """Not what a page makes for itself, nor the icon, which comes at any time or never."""
    return request.url.startswith("http") and not request.url.endswith("/favicon.svg")


def size(request: Request) -> tuple[str, int]:
    """An address, and what the answer weighed."""
    sizes = request.sizes()
    return request.url, sizes["responseHeadersSize"] + sizes["responseBodySize"]


KIB = 1024
FIRST, FURTHER, SCRIPT = 160 * KIB, 60 * KIB, 15 * KIB
"""The most that a first page may weigh, one after the home page, and the script of a what-if."""


def heavy(visit: Visit, home: Visit) -> list[str]:
    """What is too heavy about a page."""
    parts = [("first", visit.first, FIRST)]
    if "/search.html" not in visit.address:  # which brings the words of all pages
        parts += [("further", visit.further(home), FURTHER)]
    parts += [(name, visit.of(f"/{name}.js"), SCRIPT) for name in (*WHATIFS, "what-if")]
    return [f"{name}: {weight / KIB:.0f} KiB" for name, weight, most in parts if weight > most]
