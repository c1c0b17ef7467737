"""The markup is what the standard asks for, as html-validate reads it.

Furo's stylesheet counts on `role="main"` and `role="heading"`, so these two stay.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from conftest import NODE

RULES = Path(__file__).parent / "htmlvalidate.json"


def invalid(files: Iterable[Path]) -> list[str]:
    """What is wrong with some pages."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as report:
        options = ["--config", RULES, "--formatter", f"json={report.name}"]
        done = subprocess.run([NODE / ".bin/html-validate", *options, *files], check=False)
        assert done.returncode in (0, 1)
        found = json.load(report)
    return [
        f"{Path(page['filePath']).name}:{m['line']}: {m['ruleId']}: {m['message']}"
        for page in found
        for m in page["messages"]
    ]


def test_every_page(html: Path) -> None:
    assert invalid(sorted(html.glob("*.html"))) == []


class TestFaultsAreSeen:
    """The gate can close."""

    def found(self, html: Path, folder: Path, old: str, new: str) -> list[str]:
        text = (html / "bp1.html").read_text(encoding="utf-8")
        assert old in text
        page = folder / "bp1.html"
        page.write_text(text.replace(old, new, 1), encoding="utf-8")
        return invalid([page])

    def test_an_id_twice(self, html: Path, tmp_path: Path) -> None:
        [fault] = self.found(html, tmp_path, "<h1>", '<p id="furo-main-content">again</p><h1>')
        assert "no-dup-id" in fault

    def test_an_element_in_the_wrong_place(self, html: Path, tmp_path: Path) -> None:
        [fault] = self.found(html, tmp_path, "<h1>", "<h1><div>block</div>")
        assert "element-permitted-content" in fault
