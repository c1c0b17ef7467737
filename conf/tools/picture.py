"""What `nox -s picture` runs: README's pictures of the first page, light and dark."""

import base64
from pathlib import Path
from typing import Literal

from chromium import chromium
from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "html"
FOLDER = ROOT / ".github"

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def taken(browser: Browser, theme: Theme) -> bytes:
    """The first page in a window at a desk, as WebP."""
    with browser.new_context(
        viewport={"width": 1280, "height": 1160}, color_scheme=theme
    ) as context:
        page = context.new_page()
        page.goto((SITE / "index.html").as_uri())
        page.evaluate("document.fonts.ready")
        # Playwright itself takes no WebP, which is a third of the size.
        taken = context.new_cdp_session(page).send(
            "Page.captureScreenshot", {"format": "webp", "quality": 60}
        )
        return base64.b64decode(taken["data"])


def main() -> None:
    """Take both pictures."""
    with chromium() as browser:
        for theme in THEMES:
            file = FOLDER / f"site-{theme}.webp"
            file.write_bytes(taken(browser, theme))
            print(file.relative_to(ROOT), f"{file.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
