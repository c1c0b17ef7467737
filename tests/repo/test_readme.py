"""What README.md and CONTRIBUTING.md show is true."""

import re
import subprocess
import sys

import pytest
from sites import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def run(code):
    """What a new interpreter says of some code."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


class TestExamples:
    """The examples run as they stand."""

    @pytest.mark.parametrize("code", EXAMPLES)
    def test_they_run(self, code):
        done = run(code)
        assert done.returncode == 0, done.stderr

    def test_a_new_claim_takes_some_ten_lines(self):
        [code] = [code for code in EXAMPLES if "Claim(" in code]
        assert len([line for line in code.splitlines() if line]) <= 10

    def test_a_sum_instead_of_the_product_is_false(self):
        """The planted fault, which the README tells about."""
        [code] = [code for code in EXAMPLES if "Claim(" in code]
        assert " * " in code
        done = run(code.replace(" * ", " + "))
        assert done.returncode == 1
        assert "AssertionError" in done.stderr


ARROWS = re.findall(r"^  (\w+)(?:\[.*?\])? --> (\w+)", CONTRIBUTING, re.MULTILINE)
NAMES = dict(re.findall(r"\b(\w+)\[\"([\w.]+)", CONTRIBUTING))
INSIDE = [pair for pair in ARROWS if all(NAMES[end].startswith("proofs.") for end in pair)]


class TestTheHouse:
    """The arrows of CONTRIBUTING.md are imports."""

    @pytest.mark.parametrize(("user", "used"), INSIDE)
    def test_an_arrow(self, user, used):
        path = ROOT / NAMES[user].replace(".", "/")
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        package, _, name = NAMES[used].rpartition(".")
        says = rf"^ *from {package}(\.{name}\b| import (\(\n)?[^)]*\b{name}\b)"
        assert any(re.search(says, f.read_text(encoding="utf-8"), re.MULTILINE) for f in files)

    def test_there_are_some(self):
        assert len(INSIDE) >= 6
