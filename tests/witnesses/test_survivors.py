"""What the mutation run once found unguarded: changes that no witness can call false.

`pytest --accept` writes the chapter anew; read the difference first.
"""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from strategies import LOCAL, assert_close

from proofs.claims import CLAIMS, find
from proofs.claims.derivations.chain import Curve
from proofs.claims.derivations.temperature import sharpened
from proofs.claims.letters import LETTERS
from proofs.claims.notation import L, i, j, k, l, latex
from proofs.lessons.misreadings import MISREADINGS
from proofs.lessons.pictures import PICTURES, depth, figures
from proofs.lessons.pictures import checking as pictures
from proofs.measuring.cases import Case, running_case
from proofs.measuring.layer_case import LayerCase
from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, relu, sigmoid, softmax, softplus, tanh
from proofs.network.arrays import own_array, whole_number
from proofs.network.costs import COSTS, cross_entropy, log_likelihood
from proofs.witnesses import verdict

PAGES = sorted((Path(__file__).parents[2] / "docs").glob("*.md"))

PROBE = Network([2, 2, 3, 3, 3, 2, 2, 2], [sigmoid, softmax, tanh, tanh, softmax, tanh, softmax])
"""Its layers have neighbours of the same width and of others, local or not."""

MENTIONED = {"53": {"52"}, "53-2": {"53-1"}, "53-3": {"45"}}
"""Claims that a reason points to, and that its step does not go by."""

DIFFERENTIATED = {"dV": "A-O", "dP": "A-O", "A-J": "A-P", "dQ": "A-S", "dK": "A-S"} | {
    "N-J": "N-z",
    "N-h": "N-a",
    "SiLU-d": "SiLU",
}
"""Claims about one layer that come from what a letter stands for, all at once and in no steps."""

ALIKE = {"A-P": "78", "A-J": "J2", "dS-1": "37", "N-1": "37", "BN": "N", "BN-b": "BP3"} | {
    "conv-w": "BP4",
    "BPTT": "45",
    "text": "84",
}
"""Claims about one layer that are like one of the book's."""


def references(text):
    """The tags of claims that a text refers to."""
    return [tag for tag in re.findall(r"\(([\w-]+)\)", text) if tag in CLAIMS]


def met(hypothesis):
    """The layers of a network that meet a hypothesis, as far as it is about layers."""
    case = Case(PROBE, [[1], [2]], [[0.5], [0.5]])

    def holds(layer):
        try:
            return hypothesis.holds(case, {l: layer, L: PROBE.L})
        except (KeyError, IndexError):  # there is no layer above the last
            return False

    return [layer for layer in PROBE.layers if holds(layer)]


def meanings(hypothesis):
    """What a hypothesis says that letters stand for."""
    for letter, means in hypothesis.definitions.items():
        stands_for = means(*(k, j, i)[: len(inspect.signature(means).parameters)])
        yield f"        {letter} stands for {stands_for}"


def assumptions(part):
    """The hypotheses of a claim or refutation, with where they hold and what they mean."""
    for hypothesis in part.hypotheses:
        yield f"    assumed: {hypothesis.text} (layers {met(hypothesis)})"
        yield from meanings(hypothesis)


def numbers(case):
    """What a case of a claim's own starts from."""
    if isinstance(case, LayerCase):
        given = case.given | case.fixed
    else:
        given = {x: getattr(case, x) for x in (("t",) if isinstance(case, Curve) else ("x", "y"))}
    drawn = {letter: np.round(value, 3).tolist() for letter, value in given.items()}
    return ", ".join(f"{letter} = {value}" for letter, value in drawn.items())


def lines(claim):
    """A claim as it is checked, with the words that a page prints of it."""
    yield f"({claim.tag}) {latex(claim.statement)}"
    yield f"    title: {claim.title}"
    yield f"    reason: {claim.reason}"
    yield f"    in full: {claim.statement}"
    if claim.rest is not None:
        yield f"    because: {claim.equation}"
    yield from assumptions(claim)
    kinds = {"definition": claim.definition, "axiom": claim.axiom, "order": claim.order}
    yield from (f"    {kind}: {value}" for kind, value in kinds.items() if value)
    if claim.after or claim.by:
        yield f"    from: {' '.join([claim.after or 'its left side', *claim.by])}"
    if claim.shown:
        yield f"    formula: {claim.shown.__name__}, {' '.join(claim.shown.__doc__.split())}"
    elif claim.formula:
        yield "    formula: not shown"
    yield from (f"    measured on: {case.name}; {numbers(case)}" for case in claim.cases)
    for wrong in claim.refutations:
        yield from (f"    {line}" for line in wrong_lines(wrong))


def wrong_lines(wrong):
    """A wrong equation as it is rejected."""
    yield f"wrong: {latex(wrong.statement)}"
    yield f"    in full: {wrong.statement}"
    yield f"    {wrong.name}; mended on {wrong.page}"
    yield f"    believed: {wrong.misconception}"
    yield from assumptions(wrong)


def chapter():
    """Every claim as it is checked, what else is asked about as wrong, what each letter means."""
    parts = [*map(lines, CLAIMS.values()), *map(wrong_lines, MISREADINGS)]
    parts += [[f"letter {sign.printed}", f"    {sign.name}: {sign.meaning}"] for sign in LETTERS]
    return "".join("\n".join([*part, "", ""]) for part in parts)


class TestChapter:
    """The claims are the ones that were read and compared with the book, and no others.

    A wrong equation is still wrong when it is changed, and a true one may still be true:
    whether it is the equation meant, only a reader can say.
    """

    def test_as_read(self, golden):
        parts = chapter().strip("\n").split("\n\n")
        for part in parts:
            golden("chapter.txt").part(part)
        golden("chapter.txt").only(part.splitlines()[0] for part in parts)


class TestReasons:
    """A reason names what its step goes by, and nothing else; the chain rule is understood."""

    @pytest.mark.parametrize("tag", CLAIMS)
    def test_names_what_it_uses(self, tag):
        claim = find(tag)
        mentioned = MENTIONED.get(tag, set()) | {DIFFERENTIATED.get(tag), ALIKE.get(tag)}
        named = set(references(claim.reason)) - mentioned
        used = set(claim.depends) - {"differentiate"}
        assert named <= used
        assert used - {claim.after, "chain"} <= named


def printed(kind, pages=PAGES):
    """What the pages ask directives of a kind to print."""
    lines = "".join(page.read_text(encoding="utf-8") for page in pages).splitlines()
    return [
        word for line in lines if line.startswith(f"```{{{kind}}} ") for word in line.split()[1:]
    ]


class TestPages:
    """What the package holds for readers is on a page; a build can't miss what nobody asks for."""

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
    def test_a_ledger_sums_up_the_claims_of_its_page(self, page):
        summed_up = printed("ledger", [page])
        if summed_up and summed_up != ["all"]:
            assert set(summed_up) == {*printed("claim", [page]), *printed("derivation", [page])}

    def test_every_page_of_proofs_sums_up_its_claims(self):
        claiming = [p for p in PAGES if printed("claim", [p]) or printed("derivation", [p])]
        silent = [p.stem for p in claiming if "\n```{ledger}" not in p.read_text(encoding="utf-8")]
        assert set(silent) <= {"index", "autograd"}

    def test_the_home_page_has_the_four_equations(self):
        [home] = [page for page in PAGES if page.stem == "index"]
        assert printed("claim", [home]) == ["BP1a", "BP2", "BP3", "BP4"]

    def test_one_page_tells_how_all_is_proved(self):
        [page] = [page for page in PAGES if page.stem == "how-proved"]
        lines = page.read_text(encoding="utf-8").splitlines()
        records = "formal", "formal-axioms", "claim-graph", "mutation-score"
        assert [line[4:-1] for line in lines if line[4:-1] in records] == list(records)

    def test_every_formula_that_is_for_readers(self):
        shown = {claim.shown for claim in CLAIMS.values() if claim.shown}
        assert {find(tag).shown for tag in printed("formula")} == shown
        assert printed("formula").count("BP4m") == 2

    def test_wrong_equations_have_a_heading(self):
        """Reports lead there; without it, a table of wrong equations ends a lesson on true ones."""
        for page in PAGES:
            text = page.read_text(encoding="utf-8")
            if "\n```{refutations}" in text:
                assert "\n## What people write instead\n\n```{refutations}" in text, page.stem

    def test_every_picture(self):
        asked = set(printed("picture"))
        assert set(figures.PICTURES | depth.PICTURES | pictures.PICTURES) <= asked
        assert asked <= set(PICTURES)


class TestActivations:
    """An activation is what its formula says, on the real axis, at 0 and far beside it."""

    def test_ranges(self):
        whole = (-np.inf, np.inf)
        assert {name: f.range for name, f in ACTIVATIONS.items()} == {
            "sigmoid": (0, 1),
            "tanh": (-1, 1),
            "relu": whole,
            "leaky_relu": whole,
            "linear": whole,
            "softplus": (0, np.inf),
            "softmax": (0, 1),
        }

    def test_kinks(self):
        assert {name for name, f in ACTIVATIONS.items() if not f.smooth} == {"relu", "leaky_relu"}

    @pytest.mark.parametrize("f", LOCAL, ids=repr)
    def test_at_0_the_slope_is_the_one_that_is_measured(self, f):
        z = np.zeros((1, 1))
        assert_close(f(z + 1j * h).imag / h, f.prime(z))

    @pytest.mark.parametrize("x", [-3, -0.5, 0, 0.5, 3])
    def test_of_complex_numbers(self, x):
        z = np.array([[x + 0.3j]])
        assert_close(sigmoid(z), 1 / (1 + np.exp(-z)))
        assert_close(softplus(z), np.log(1 + np.exp(z)))


class TestCache:
    """What has been found out once is not found out again."""

    def test_a_verdict_is_reached_once(self):
        assert verdict("BP1") is verdict("BP1")


class TestTargets:
    """Targets meet a hypothesis only if all of them do."""

    @pytest.mark.parametrize(
        ("y", "soft"),
        [
            ([0.5, 0.25], True),
            ([0.5, 0.0], False),
            ([1.0, 0.25], False),
            ([-0.5, 0.25], False),
            ([0.5, 1.5], False),
        ],
    )
    def test_soft(self, y, soft):
        [refutation] = find("63").refutations
        [hypothesis] = [h for h in refutation.hypotheses if h.name == "soft targets"]
        case = Case(Network([1, 2]), [[1.0]], np.array(y)[:, None])
        assert hypothesis.holds(case, {L: 2}) is soft

    @pytest.mark.parametrize(
        ("y", "one"), [([0.5, 0.5], True), ([1.0, 0.0], True), ([0.5, 0.5 + 1e-6], False)]
    )
    def test_that_sum_to_1(self, y, one):
        [hypothesis] = [h for h in find("84").hypotheses if h.name == "targets sum to 1"]
        for columns in (np.array([y]).T, np.array([[0.5, 0.5], y]).T):
            case = Case(Network([1, 2]), np.ones((1, columns.shape[1])), columns)
            assert hypothesis.holds(case, {L: 2}) is one


class TestCurve:
    """The curve of the chain rule is f = x^2 + x y along x = 2 t, y = t^2, as its name says."""

    def test_its_numbers(self):
        curve = Curve(np.array([1.0, 3.0]))
        assert {n: curve.value(n).tolist() for n in "txyf"} == {
            "t": [1, 3],
            "x": [2, 6],
            "y": [1, 9],
            "f": [6, 90],
        }

    def test_a_pushed_letter_takes_its_value(self):
        curve = Curve(np.array([1.0]))
        assert curve.value("f", x=np.array([3.0])).tolist() == [12]

    def test_rounding_may_move_it_as_it_moves_one_layer(self):
        assert Curve(np.array([1.0])).depth == 1

    def test_it_is_rounded_eight_times(self):
        assert len(Curve(np.array([1.0])).rounded) == 8


class TestArrays:
    """What comes in is copied, cannot be written to, and is refused by its first fault."""

    def test_read_only(self):
        ours = own_array("x", [[1, 2]], (1, 2))
        with pytest.raises(ValueError, match="read-only"):
            ours[0, 0] = 3

    def test_the_first_number_that_is_not_finite(self):
        with pytest.raises(ValueError, match=r"got inf at index \(0, 1\)$"):
            own_array("x", [[1, np.inf], [np.nan, 1]], (2, 2))

    @pytest.mark.parametrize("value", [2, 3, np.int64(2)])
    def test_whole_numbers_from_the_least_on(self, value):
        assert whole_number("n", value, 2) == value

    @pytest.mark.parametrize("value", [1, -5, 2.5, 3.0, "3", None])
    def test_others(self, value):
        with pytest.raises(ValueError, match="n: expected a whole number of at least 2, got "):
            whole_number("n", value, 2)


class TestCases:
    """The running network is the one that the pages speak of."""

    def test_its_shape(self):
        assert repr(running_case().network).startswith("3-5-4-2 ")
        assert running_case().x.shape == (3, 6)


class TestSharpened:
    """Softmax of c z has outputs between 0 and 1, and c a is what cancels in its Jacobian."""

    def test_at_3_z(self):
        z, f = np.array([[0.5], [-1.0], [0.25]]), sharpened(3)
        assert_close(f(z), softmax(3 * z))
        assert_close(f.cancels(z), 3 * softmax(3 * z))
        assert_close(f.jacobian(z), 3 * softmax.jacobian(3 * z))
        assert f.range == (0, 1)


class TestPush:
    """The push is imaginary, too small for its square to be seen, and divides without rounding."""

    def test_a_power_of_two(self):
        assert np.frexp(h)[0] == 0.5
        assert 1 + h**2 == 1

    def test_it_does_not_leave_the_kink(self):
        network = Network.from_arrays([[[0.0]]], [[[0.0]]], relu)
        case = Case(network, [[1.0]], [[1.0]])
        assert case.partial(("a", 2), ("z", 2)).item() == 0


class TestNetwork:
    """The drawn weights keep z of the order of 1, and no layer goes without an activation."""

    def test_drawn_weights(self):
        network = Network([10_000, 3])
        assert 0.98 < network.w[2].std() * 100 < 1.02

    def test_one_that_is_no_activation(self):
        with pytest.raises(TypeError, match="activations: expected activation functions"):
            Network([2, 2, 2], [sigmoid, "tanh"])


class TestCosts:
    """A cost says on which outputs it is finite, and takes every target."""

    @pytest.mark.parametrize("y", [-1.0, 0.0, 0.5, 1.0])
    def test_any_target(self, y):
        a, target = np.array([[0.25]]), np.array([[y]])
        for cost, value, gradient in (
            (log_likelihood, -y * np.log(0.25), -y / 0.25),
            (
                cross_entropy,
                -y * np.log(0.25) - (1 - y) * np.log(0.75),
                (1 - y) / 0.75 - y / 0.25,
            ),
        ):
            assert_close(cost.value(a, target), np.array([value]))
            assert_close(cost.gradient(a, target), np.array([[gradient]]))

    def test_domains(self):
        assert {name: cost.domain for name, cost in COSTS.items()} == {
            "quadratic": (-np.inf, np.inf),
            "cross_entropy": (0, 1),
            "log_likelihood": (0, np.inf),
        }
