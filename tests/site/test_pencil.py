"""A number in the words of a page is one that the page computes."""

import ast
import re
from collections.abc import Iterator

import pytest
from printing import others
from sites import ROOT, Page
from test_backed import PAGES, paragraphs

from proofs.lessons.answers import ANSWERS
from proofs.lessons.books import BOOKS
from proofs.lessons.grid import GRID, is_difference
from proofs.lessons.kinks import KINKS
from proofs.lessons.pictures import depth
from proofs.lessons.pictures.checking import trained
from proofs.lessons.whatifs import one_line_wrong
from proofs.measuring.cases import small_case
from proofs.network.activations import sigmoid
from proofs.witnesses.formal import AXIOMS

CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*(.*?)^```", re.S | re.M)
NUMBER = re.compile(r"(?<![\w.^-])[-−]?(\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?:/(\d+))?(?![\w%])")
WORKED_OUT = re.compile(
    r"\b(which is|gets?|becomes?|together|comes? to|the (?:result|slope|error|product) is|"
    r"is [^.]{0,12}product)\b[^.;]{0,25}?\d.*",
    re.I,
)
"""How a sentence begins to say what comes out."""


def numbers(text: str) -> set[float]:
    """The numbers in a text, without their signs, which a cell may write as an operation."""
    found = [match.groups() for match in NUMBER.finditer(text)]
    return {float(n.replace(",", "")) / float(below or 1) for n, below in found}


def constants(*trees: ast.AST) -> set[float]:
    """The numbers in parts of a program, fractions of two as one too."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    found = {float(n.value) for n in nodes if isinstance(n, ast.Constant) and is_number(n.value)}
    for node in nodes:
        match node:
            case ast.BinOp(ast.Constant(above), ast.Div(), ast.Constant(below)) if below:
                found.add(above / below)
    return found


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def names(*trees: ast.AST) -> set[str]:
    """The names that parts of a program read or set."""
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


def assertions(program: ast.Module) -> list[ast.AST]:
    """The assertions of a program, and its calls of functions of its own that assert."""
    own = [node for node in ast.walk(program) if isinstance(node, ast.FunctionDef)]
    judges = {f.name for f in own if any(isinstance(node, ast.Assert) for node in ast.walk(f))}
    return [
        node
        for node in ast.walk(program)
        if isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and names(node.func) & judges)
    ]


def behind(program: ast.Module, asserted: list[ast.AST]) -> list[ast.AST]:
    """The assignments that assertions depend on, however many lie between."""
    assigned = [node for node in ast.walk(program) if isinstance(node, ast.Assign)]
    used, found = names(*asserted), []
    while more := [a for a in assigned if a not in found and names(*a.targets) & used]:
        found += more
        used |= names(*more)
    return found


def unbound(page: str, shown: str) -> list[str]:
    """The sentences with a result that no cell prints or asserts, or a number from nowhere.

    `shown` is what the cells print.
    """
    program = ast.parse("\n".join(CELL.findall(page)))
    asserted = assertions(program)
    results = numbers(shown) | constants(*asserted)
    given = results | constants(*behind(program, asserted))
    return [s for s, result in worked_out(page) if not (result <= results and numbers(s) <= given)]


def worked_out(page: str) -> Iterator[tuple[str, set[float]]]:
    """The sentences that come to a number, and the numbers that they come to."""
    for block in (block for block, _ in paragraphs(page) if not block.startswith("|")):
        plain = re.sub(r"(\{\w+\})?`[^`]*`|\$[^$]*\$", "", " ".join(block.split()))
        for sentence in re.split(r"(?<=[.;?!:])\s+", plain):
            if found := WORKED_OUT.search(sentence):
                yield sentence, numbers(found[0])


TOLD = {
    "exercises": {45},  # minutes
    "how-proved": {2025},  # a year
    "package": {3.11},
    "questions-costs": {710},  # to the next ten
    "softmax-costs": {1 / 8},
    "where-a-sum-stops": {2, 3, 257},  # counting; the one after 256
    "where-in-nielsen": {24, 28, 2016},  # numbers of equations, a year
    "why-sum-over-k": {0.1},  # printed less the target
    "wrong-and-falling": {32},  # bits
}
"""Numbers that a page may tell without computing them."""


NAMED = r"\b(?:[Cc]hapter|[Ll]ayers?|[Ll]evel) \d\b|\(\d+\)"
"""Numbers that are names, of chapters, layers and equations."""


def from_nowhere(page: str, computed: set[float]) -> list[str]:
    """The sentences with a decimal, a fraction or a number from two on that is not computed."""
    found = []
    for block, _ in paragraphs(page):
        lines = (re.sub(r"^\d\. ", "", text) for text in block.split("\n"))  # those of a list
        prose = " ".join(text for text in lines if not text.startswith("|"))
        plain = re.sub(rf"(\{{\w+\}})?`[^`]*`|\$[^$]*\$|\]\([^)]*\)|{NAMED}", "", prose)
        for sentence in re.split(r"(?<=[.;?!:])\s+", plain):
            larger = {n for n in numbers(sentence) if n >= 2 or n != int(n)}
            found += [] if larger <= computed else [sentence]
    return found


def computed(page: Page) -> set[float]:
    """The numbers in the cells of a page, what they print, equations, pictures and records."""
    shown = [e.raw for e in page.root if e.tag in ("pre", "math", "svg", "dl")]
    shown += [e.raw for e in page.root if {"others", "backprop-report"} & {*e.classes}]
    return numbers("\n".join([*shown, *(e.get("aria-label") for e in page.root)]))


def printed(page: Page) -> str:
    """What the cells of a page print."""
    return "\n".join(e.raw for e in page.root if "cell_output" in e.classes)


class TestPencil:
    """A number that is changed by hand is to be changed where it is computed too."""

    @pytest.mark.parametrize("name", PAGES)
    def test_every_number_is_printed_or_asserted(self, html, name):
        assert unbound(PAGES[name], printed(Page.read(html / f"{name}.html"))) == []

    CELLS = "```{code-cell}\na = [4.0, 3 / 4]\nassert a[0] + 1 == 5\nprint(7 - 1)\n```\n"

    @pytest.mark.parametrize("right", ["With 4 and 1 the result is 5.", "With 3/4 it becomes 6:"])
    def test_what_is_asserted_or_printed(self, right):
        assert unbound(f"{self.CELLS}\n{right}", "6") == []

    @pytest.mark.parametrize(
        "wrong",
        [
            "So it gets 4 and 1, which is 5.1.",
            "A 3 becomes −3.5:",
            "From 5 it becomes 4.",  # it stands in a cell, as what is given
            "From 5 it becomes 7.",  # it stands in a cell that prints something else
        ],
    )
    def test_another_number_is_noticed(self, wrong):
        assert unbound(f"{self.CELLS}\n{wrong}", "6") == [wrong]

    def test_what_no_assertion_depends_on_backs_nothing(self):
        idle = "```{code-cell}\nb = 4 + 1, 5\n```\n\nIt gets 4 and 1, which is 5."
        assert unbound(idle, "") == ["It gets 4 and 1, which is 5."]

    def test_a_function_that_asserts(self):
        own = "```{code-cell}\ndef same(a, b):\n    assert a == b\n\nsame(2 + 3, 5)\n```\n"
        assert unbound(f"{own}\nTake 2 and 3, together 5.", "") == []
        assert unbound(f"{own}\nTake 2 and 3, together 6.", "") != []

    def test_pages_have_such_sentences(self):
        assert sum(1 for page in PAGES.values() for _ in worked_out(page)) > 25


class TestEveryNumber:
    """What the words call 0.02 is not 0.03 in the cell or the picture beside them."""

    @pytest.mark.parametrize("name", PAGES)
    def test_it_is_computed_on_the_page(self, html, name):
        shown = computed(Page.read(html / f"{name}.html")) | TOLD.get(name, set())
        program = ast.parse("\n".join(CELL.findall(PAGES[name])))
        assert from_nowhere(PAGES[name], shown | constants(program)) == []

    @pytest.mark.parametrize("text", ["An error of 0.03.", "It has 2/5.", "Take 3 of the outputs."])
    def test_another_number_is_noticed(self, text):
        assert from_nowhere(f"One of 0.5 is right.\n\n{text}", {0.5}) == [text]

    @pytest.mark.parametrize(
        "text", ["1 of `0.03` in layer 3.", "It is 0.5, or 1/2.", "| 11 | 12 |"]
    )
    def test_what_is_computed_or_small(self, text):
        assert from_nowhere(text, {0.5}) == []


def lower_than_right() -> int:
    """How many wrong lines end at a lower cost than the right one."""
    right, _ = one_line_wrong.train(one_line_wrong.RIGHT)
    return sum(one_line_wrong.train(slip)[0][-1] < right[-1] for slip in one_line_wrong.SLIPS)


def pairs_with_the_difference() -> int:
    """How many pairs of an output and a cost have the error a - y."""
    return sum(map(is_difference, GRID.values()))


def pairs() -> int:
    """How many pairs of an output and a cost there are."""
    outputs, costs = map(set, zip(*GRID, strict=True))
    return len(outputs) * len(costs)


def paths() -> int:
    """How many paths lead from the weight of that question to the cost."""
    return next(iter(ANSWERS["why_sum_over_paths"]().values()))


def without_formula() -> int:
    """How many pairs of an output and a cost have no claim about their error."""
    return pairs() - len(GRID)


def tens_of_lines() -> int:
    """How many lines tiny_autograd.py has, to the next ten."""
    program = (ROOT / "docs/tiny_autograd.py").read_text(encoding="utf-8")
    return round(len([line for line in program.splitlines() if line]) / 10) * 10


def libraries() -> int:
    """How many libraries are asked for a slope, to the next ten."""
    asked = {row["library"] for question in KINKS for row in others.about(question)}
    return round(len(asked) / 10) * 10


def times_as_long() -> float:
    """How much longer the error of a layer is than that of one of its equal neurons."""
    *_, one, layer = ANSWERS["one_neuron_or_a_layer"]().values()
    return round(layer / one, 12)


WORDS = "one two three four five six seven eight nine ten eleven".split()
NUMBERS = {word: n for n, word in enumerate(WORDS, start=1)}
NUMBERS |= {"sixteen": 16, "twenty": 20, "thirty": 30}


class TestCountedInWords:
    """A count in words is what comes out when somebody counts."""

    @pytest.mark.parametrize(
        ("name", "sentence", "count"),
        [
            ("wrong-and-falling", r"(\w+) of them even end lower", lower_than_right),
            ("wrong-and-falling", r"Here are (\w+) backward passes", lambda: len(trained())),
            ("softmax-costs", r"(\w+) of the nine pairs give", pairs_with_the_difference),
            ("softmax-costs", r"Those are (\w+) pairs out of", pairs_with_the_difference),
            ("softmax-costs", r"pairs out of the (\w+) on", pairs),
            ("softmax-costs", r"(\w+) cells for linear outputs have no", without_formula),
            ("questions-sums", r"(\w+) paths, added up one by one", paths),
            (
                "wrong-and-falling",
                r"All (\w+) layers have",
                lambda: len(one_line_wrong.SETTING.sizes),
            ),
            ("autograd", r"in some (\w+) lines", tens_of_lines),
            ("two-slopes", r"what some (\w+) libraries answer", libraries),
            ("other-books", r"as (\w+) books compute it", lambda: len(BOOKS)),
            ("index", r"\[(\w+) books side by side", lambda: len(BOOKS)),
            ("questions-sums", r"How (\w+) books write it", lambda: len(BOOKS)),
            ("slopes", r"column of (\w+) equal numbers", lambda: times_as_long() ** 2),
            ("slopes", r"Here are (\w+) sigmoid neurons", lambda: times_as_long() ** 2),
            ("slopes", r"equal numbers is (\w+) times as long", times_as_long),
            ("slopes", r"must have a length of at least (\w+)\.", lambda: 1 / sigmoid.prime(0)),
            (
                "slopes",
                r"norm\* of the weight matrix that has to reach (\w+):",
                lambda: 1 / sigmoid.prime(0),
            ),
            ("slopes", r"a network of (\w+) layers of", lambda: depth.LAYERS),
            ("slopes", r"layers of (\w+) neurons", lambda: depth.NEURONS),
            ("how-proved", r"rest on (\w+) axioms", lambda: len(AXIOMS)),
            ("how-proved", r"run (\w+) more times with every", lambda: len(small_case().rounded)),
        ],
    )
    def test_it_is_right(self, name, sentence, count):
        [said] = re.findall(sentence, PAGES[name])
        assert NUMBERS[said.lower()] == count()

    def test_a_lesson_plan_of_ninety_minutes(self):
        plan = PAGES["exercises"].partition("## A lesson plan")[2]
        minutes = [int(n) for n in re.findall(r"^\| (\d+) \|", plan, re.M)]
        assert "ninety minutes" in plan
        assert "In two lessons of 45 minutes: the first three rows, then the last three." in plan
        assert (sum(minutes[:3]), sum(minutes[3:])) == (45, 45)
