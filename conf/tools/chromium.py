"""The Chromium of this machine, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--disable-gpu",
    # It asks nobody for anything.
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Root may not use Chromium's sandbox; its pages are ours.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
"""How Chromium is started."""


def program() -> str | None:
    """Where it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, as long as the block lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()
