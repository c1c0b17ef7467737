"""The Chromium of this machine, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that asks nobody for anything, as long as the block lasts."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    # Root may not use Chromium's sandbox; its pages are ours.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--disable-gpu", *QUIET, *sandbox]
        )
        yield browser
        browser.close()
