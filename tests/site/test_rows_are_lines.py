"""The page on checking says which line of my_backprop.py each row of a report is."""

import re
from types import SimpleNamespace

import pytest
from sites import ROOT

from proofs import Network, check_backprop, quadratic, sigmoid, softmax
from proofs.mistakes.catalogue import SOFTMAX

SOURCE = (ROOT / "docs/my_backprop.py").read_text(encoding="utf-8")
RIGHT = SOURCE.replace(
    "return (a - y) * a * (1 - a)", "return a * (a - y - ((a - y) * a).sum(axis=0))"
)
PAGE = (ROOT / "docs/check.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (forward \w|BP\d) \| `([^`]+)` \|$", PAGE, re.M))
SPOILED = {
    "output_error": ("return a * (a", "return a**2 * (a"),
    "z.append(...)": ("z.append(w", "z.append(2 * w"),
    "a.append(...)": ("a.append(sigmoid(z[-1])", "a.append(sigmoid(2 * z[-1])"),
    "delta.insert(...)": ("delta.insert(0, (w.T", "delta.insert(0, (2 * w.T"),
    "nabla_b = ...": ("nabla_b = [d.mean", "nabla_b = [2 * d.mean"),
    "nabla_w = ...": ("nabla_w = [d @", "nabla_w = [2 * d @"),
}
"""What is put for a part of each line, so that it is wrong and all others are as they were."""


def rows(source: str) -> set[str]:
    """The rows that are wrong in the report on a program."""
    program = SimpleNamespace()
    exec(source, vars(program))
    case = SOFTMAX.case()
    w = [case.network.weights, case.network.biases]
    network = Network.from_arrays(*w, [sigmoid, sigmoid, softmax], quadratic)
    report = check_backprop(program.backprop, network, case.x, case.y)
    return {violation.equation for violation in report.violations}


class TestRowsAreLines:
    """A line that is spoiled is reported in its row, and in none of what is computed before."""

    def test_the_page_has_a_line_for_every_row(self):
        assert list(ROWS) == ["forward z", "forward a", "BP1", "BP2", "BP3", "BP4"]
        assert sorted(ROWS.values()) == sorted(SPOILED)

    def test_the_mended_file_has_none(self):
        assert rows(RIGHT) == set()

    def test_as_it_stands_the_page_says_which(self):
        assert rows(SOURCE) == {"BP1"}

    @pytest.mark.parametrize("row", ROWS)
    def test_a_spoiled_line(self, row):
        right, wrong = SPOILED[ROWS[row]]
        assert RIGHT.count(right) == 1
        found = rows(RIGHT.replace(right, wrong))
        assert next(first for first in ROWS if first in found) == row
        assert found == {row} or row.startswith("forward")
