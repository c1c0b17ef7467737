"""README's pictures of the site: small, in both themes, told in words, and of the site of today."""

import io
import re

import picture
import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Browser
from sites import ROOT


def brightness(data: bytes) -> float:
    """How bright a picture is, from 0 to 255."""
    return ImageStat.Stat(Image.open(io.BytesIO(data)).convert("L")).mean[0]


class TestThePictureInReadme:
    """A picture of the site stands in README, for light and for dark screens."""

    README = (ROOT / "README.md").read_text(encoding="utf-8")

    def test_both_are_shown_and_told_in_words(self) -> None:
        [shown] = re.findall(r"<picture>.*?</picture>", self.README, re.DOTALL)
        files = re.findall(r'(?:srcset|src)="([^"]+)"', shown)
        assert files == [".github/site-dark.webp", ".github/site-light.webp"]
        assert 'media="(prefers-color-scheme: dark)"' in shown
        assert len(re.search(r'alt="([^"]+)"', shown)[1]) > 40

    def test_they_are_small(self) -> None:
        sizes = [(picture.FOLDER / f"site-{theme}.webp").stat().st_size for theme in picture.THEMES]
        assert sum(sizes) < 150 * 1024

    @pytest.mark.parametrize("theme", picture.THEMES)
    def test_the_command_takes_such_a_picture(self, browser: Browser, theme: picture.Theme) -> None:
        """Of the same size and, but for what the first page says today, the same brightness."""
        kept = (picture.FOLDER / f"site-{theme}.webp").read_bytes()
        fresh = picture.taken(browser, theme)
        sizes = [Image.open(io.BytesIO(data)).size for data in (kept, fresh)]
        assert sizes[0] == sizes[1]
        assert abs(brightness(kept) - brightness(fresh)) < 5

    def test_the_other_theme_is_seen(self, browser: Browser) -> None:
        kept = (picture.FOLDER / "site-light.webp").read_bytes()
        assert abs(brightness(kept) - brightness(picture.taken(browser, "dark"))) > 50
