"""What a report says, word by word: as text, as HTML, as JSON, and of several networks as one."""

import json
from itertools import permutations
from math import inf, nan

import pytest

from proofs.checker.naming import Diagnosis
from proofs.checker.report import Cell, Report, Violation, merged, worse

SIGN = Diagnosis("the sign is wrong", "bp1")
TWICE = Diagnosis("it is twice as large", "bp1")
CUT = Diagnosis("w is <transposed>", "symbols")
NOWHERE = Diagnosis("it is 0")

BROKEN = Report(
    3,
    {
        ("forward z", 2): Cell(0.0, 1e-15),
        ("BP1", 3): Cell(0.5, 1e-15),
        ("BP4", 2): Cell(1e-16, 1e-15),
        ("gradients", 2): Cell(0.25, 1e-15),
        ("gradients", 3): Cell(0.0, 1e-15),
    },
    (
        Violation("BP1", 3, 0.5, 1e-15, (SIGN, TWICE, CUT), "came 1 & more"),
        Violation("purity", None, inf, 0.0, (NOWHERE,), "it changed x"),
    ),
    ("it <hangs>",),
    ("it printed 3 lines",),
    2,
)
BROKEN_TEXT = """
           layer 2    layer 3
forward z  ok
forward a
BP1                   WRONG 5e-01
BP2
BP3
BP4        ok
gradients  off 2e-01  ok

BP1 at layer 3: came 1 & more
    the sign is wrong; or it is twice as large; or w is <transposed>
    read: bp1, symbols
purity: it changed x
    it is 0
problem: it <hangs>
remark: it printed 3 lines

Broken: BP1 at layer 3, purity; 1 problem.
"""
RIGHT = Report(2, {("BP1", 2): Cell(0.0, 1e-15)})

RIGHT_TEXT = """
           layer 2
forward z
forward a
BP1        ok
BP2
BP3
BP4
gradients

Every equation holds, on 1 network.
"""


class TestText:
    """A grid of equations and layers, then everything that was found, then the outcome."""

    def test_of_a_broken_one(self):
        assert str(BROKEN) == BROKEN_TEXT.strip("\n")

    def test_of_a_right_one(self):
        assert str(RIGHT) == RIGHT_TEXT.strip("\n")

    def test_two_problems(self):
        report = Report(2, {}, problems=("a", "b"), cases=3)
        assert report.summary == "2 problems."


class TestHtml:
    """A table with the outcome under it and a list of what was found, if anything was."""

    def test_of_a_broken_one(self):
        head, rest = BROKEN._repr_html_().split("</thead>")
        assert head == (
            '<div class="backprop-report"><table><thead><tr><th scope=col>equation</th>'
            "<th scope=col>layer 2</th><th scope=col>layer 3</th></tr>"
        )
        table, rest = rest.split("</table>")
        assert (
            '<tr><th scope=row>BP1</th><td class="untested"></td>'
            '<td class="wrong">WRONG 5e-01</td></tr>'
        ) in table
        assert (
            '<tr><th scope=row>gradients</th><td class="wrong">off 2e-01</td>'
            '<td class="holds">ok</td></tr></tbody>'
        ) in table
        assert rest == (
            "<p>Broken: BP1 at layer 3, purity; 1 problem.</p><ul>"
            "<li><strong>BP1 at layer 3</strong>: came 1 &amp; more<br>the sign is wrong; or it is "
            'twice as large; or w is &lt;transposed&gt; (<a href="bp1.html">bp1</a>, '
            '<a href="symbols.html">symbols</a>)</li>'
            "<li><strong>purity</strong>: it changed x<br>it is 0</li>"
            "<li>it &lt;hangs&gt;</li><li>it printed 3 lines</li></ul></div>"
        )

    def test_of_a_right_one(self):
        assert RIGHT._repr_html_().endswith("<p>Every equation holds, on 1 network.</p></div>")


class TestJson:
    """The same for programs, in numbers that JSON has."""

    def test_of_a_broken_one(self):
        assert json.loads(json.dumps(BROKEN.as_json(), allow_nan=False)) == {
            "holds": False,
            "violations": [
                {
                    "equation": "BP1",
                    "layer": 3,
                    "residual": 0.5,
                    "tolerance": 1e-15,
                    "diagnosis": (
                        "the sign is wrong; or it is twice as large; or w is <transposed>"
                    ),
                    "pages": ["bp1", "symbols"],
                    "detail": "came 1 & more",
                    "cases": [],
                },
                {
                    "equation": "purity",
                    "layer": None,
                    "residual": None,
                    "tolerance": 0.0,
                    "diagnosis": "it is 0",
                    "pages": [],
                    "detail": "it changed x",
                    "cases": [],
                },
            ],
            "gradients": [
                {"layer": 2, "holds": False, "residual": 0.25, "tolerance": 1e-15},
                {"layer": 3, "holds": True, "residual": 0.0, "tolerance": 1e-15},
            ],
            "scale": None,
            "scaled": [],
            "cases": 2,
            "unseen": 0.0,
            "problems": ["it <hangs>"],
            "remarks": ["it printed 3 lines"],
        }

    @pytest.mark.parametrize("number", [inf, -inf, nan])
    def test_what_is_no_number_is_null(self, number):
        report = Report(2, {("gradients", 2): Cell(number, 1.0)})
        assert report.as_json()["gradients"][0]["residual"] is None


class TestHolds:
    """Within the tolerance, and with nothing that kept it from being tested."""

    def test_a_cell(self):
        assert Cell(1.0, 1.0).holds
        assert not Cell(1.5, 1.0).holds

    def test_a_report(self):
        assert RIGHT.holds
        assert not Report(2, {}, problems=("a",)).holds
        assert not Report(2, {}, BROKEN.violations).holds


class TestSeveralNetworksAsOne:
    """The worst of each cell, and of each violation what explains it everywhere."""

    def test_the_worse_cell_is_that_with_more_tolerances(self):
        one, other = Cell(3.0, 10.0), Cell(2.0, 1.0)
        assert worse(one, other) == worse(other, one) == other

    def test_of_two_that_are_off_the_number_is_that_of_the_one_farther_off(self):
        """Not 4e-14 for a gradient that is off by 0.5 on another network."""
        little, much, right = Cell(4e-14, 1e-30), Cell(0.5, 1e-15), Cell(0.9, 1.0)
        at = {("BP1", 2): None}
        for cells in permutations([little, much, right]):
            (cell,) = merged([Report(2, dict.fromkeys(at, c)) for c in cells]).cells.values()
            assert cell == much

    def test_of_two_alike_the_first(self):
        one = Cell(1.0, 2.0)
        assert worse(one, Cell(1.0, 2.0)) == one

    def test_what_one_sees_both_see(self):
        one, other = Cell(1.0, 2.0, 0.5), Cell(1.5, 2.0, 0.25)
        assert worse(one, other) == worse(other, one) == Cell(1.5, 2.0, 0.25)

    FORMULA, OTHER = Diagnosis("a formula", "bp1"), Diagnosis("another formula", "bp2")
    FACTOR, SIZE = Diagnosis("twice", vague=True), Diagnosis("n_L times", vague=True, terms=2)

    def said(self, *found, alone=()):
        """What is said of several networks, in whatever order they come."""
        reports = [
            Report(2, {}, (Violation("BP1", 2, 0.5, 1e-15, d, "here", (name,), (), name in alone),))
            for name, d in zip("abc", found, strict=False)
        ]
        (same,) = {str(merged(order)) for order in permutations(reports)}
        (violation,) = merged(reports).violations
        assert violation.cases == tuple("abc")[: len(found)]
        assert violation.diagnosis in same
        return violation.diagnosis

    def test_what_fits_everywhere_is_said_of_all(self):
        both = (self.FORMULA, self.OTHER)
        assert self.said(both, (self.OTHER,), both) == "another formula"
        assert self.said((self.FACTOR,), (self.FACTOR, self.SIZE)) == "twice"

    def test_nothing_is_made_of_nothing(self):
        """A network that looks like nothing forbids a factor, or k of n neurons, to be said."""
        assert self.said((), (self.FACTOR,), (self.FACTOR,)) == ""
        assert self.said((self.FACTOR,), (self.SIZE,), (self.FACTOR,)) == ""

    def test_formulas_stay_with_their_networks(self):
        found = self.said((self.FORMULA,), (self.OTHER,), (self.OTHER,))
        assert found == "on b, c: another formula; on a: a formula"
        assert self.said((self.FORMULA,), ()) == "on a: a formula"

    def test_a_formula_that_fits_few_of_them_fits_by_chance(self):
        assert self.said((self.FORMULA,), (), ()) == ""

    def test_the_simplest_factor_is_said(self):
        assert self.said((self.FACTOR, self.SIZE), (self.SIZE, self.FACTOR)) == "twice"

    def test_no_factor_is_read_off_a_single_number(self):
        assert self.said((self.SIZE,), alone="a") == ""
        assert self.said((self.SIZE,), (self.SIZE,), alone="a") == "n_L times"

    def test_the_numbers_are_of_a_network_that_the_words_fit(self):
        far, near = (
            Violation("BP1", 2, size, 1e-15, d, name, (name,))
            for size, d, name in ((1e9, (self.FORMULA,), "far"), (1.0, (), "near"))
        )
        (shown,) = merged([Report(2, {}, (near,)), Report(2, {}, (far,))]).violations
        assert (shown.residual, shown.cases) == (1e9, ("far", "near"))
        assert shown.detail == "on far: far; broken on every network"

    def test_the_numbers_are_ordinary_ones_where_there_are_any(self):
        """A neuron that is saturated, where next to nothing was expected, is no example."""
        reports = [
            Report(2, {}, (Violation("BP1", 2, off, 1e-15, (), name, (name,), ordinary=ordinary),))
            for off, name, ordinary in ((0.02, "ordinary", True), (0.6, "saturated", False))
        ]
        for order in permutations(reports):
            (shown,) = merged(order).violations
            assert shown.detail == "on ordinary: ordinary; broken on every network"

    def test_everything_else_is_collected(self):
        """In the order of the algorithm: forward, then back, what has no layer last."""
        broken = [("purity", None), ("BP4", 2), ("BP4", 3), ("forward z", 3), ("forward z", 2)]
        one = Report(
            3,
            {("BP1", 3): Cell(0.1, 1.0), ("BP1", 2): Cell(0.3, 1.0)},
            tuple(Violation(e, l, 1.0, 0.0) for e, l in broken),
            ("a", "b"),
            ("c",),
            2,
        )
        other = Report(2, {("BP1", 2): Cell(0.2, 1.0)}, (), ("b",), ("d", "c"), 3)
        found = merged([other, one])
        assert found.L == 3
        assert found.cells == one.cells
        assert [(v.equation, v.layer) for v in found.violations] == [
            ("forward z", 2),
            ("forward z", 3),
            ("BP4", 3),
            ("BP4", 2),
            ("purity", None),
        ]
        assert found.problems == ("b", "a")
        assert found.remarks == ("d", "c")
        assert found.cases == 5

    def test_where_it_is_broken_is_said_once(self):
        """However often reports are merged, as those of other depths are."""
        each = [
            Report(2, {}, (Violation("BP1", 2, 0.5, 1e-15, (SIGN,), "came 1", cases=(name,)),))
            for name in ("no hidden layer", "four hidden layers")
        ]
        (one,) = merged([merged(each[:1])]).violations
        assert one.detail == "came 1; broken on no hidden layer"
        (both,) = merged([merged([r]) for r in each]).violations
        assert both.detail.count("broken on") == 1
