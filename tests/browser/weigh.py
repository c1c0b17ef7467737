"""What a page weighs: the bytes that a browser asks for and gets, packed as a host packs them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from gates import SETTLED
from playwright.sync_api import Browser, Request


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
            page, answered = context.new_page(), list[Request]()
            page.on("requestfinished", lambda request, answered=answered: answered.append(request))
            page.goto(address)
            page.evaluate(SETTLED)
            visits.append(Visit(address, dict(map(size, filter(counted, answered)))))
            page.close()
    return visits


def counted(request: Request) -> bool:
    """Not what a page makes for itself, nor the icon, which comes at any time or never."""
    return request.url.startswith("http") and not request.url.endswith("/favicon.svg")


def size(request: Request) -> tuple[str, int]:
    """An address, and what the answer weighed."""
    sizes = request.sizes()
    return request.url, sizes["responseHeadersSize"] + sizes["responseBodySize"]
