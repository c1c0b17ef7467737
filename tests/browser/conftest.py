"""The browser and the built site, which every test here needs; what is missing is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import chromium, program
from playwright.sync_api import Browser
from serving import served

ROOT = Path(__file__).parents[2]
NODE = Path(__file__).parent / "node_modules"

by_hand = pytest.mark.by_hand
"""What takes too long for every change: `nox -s browser -- --whole` asks it."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Stop before the first test if something is missing: a gate that is skipped guards nothing."""
    missing = []
    if not program():
        missing.append("Chromium is not on PATH; on Debian: apt install chromium")
    if not (ROOT / "build/html/index.html").is_file():
        missing.append("the site is not built; nox -s docs builds it")
    if not NODE.is_dir():
        missing.append("the npm packages are missing; npm ci --prefix tests/browser installs them")
    if missing:
        pytest.exit("\n".join(missing), returncode=2)


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the site that `nox -s docs` built."""
    return ROOT / "build/html"


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    """Where the site is served."""
    with served(html) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as browser:
        yield browser
