"""Every function that a page shows, or that a cell calls for its result, is bound.

Spoiled, it makes a claim false that every build checks; the others are listed with the tests that
judge them.
"""

import ast
import importlib
import re
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

import numpy as np
import pytest

from proofs.claims import CLAIMS
from proofs.lessons.bound import CHECKS
from proofs.measuring.cases import standard_cases
from proofs.network import Network
from proofs.witnesses.checking import instances, measured, some

DOCS = Path(__file__).parents[2] / "docs"
TESTS = DOCS.parent / "tests"
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)

JUDGED_BY_TESTS = {
    # Settings, objects of other libraries and reports have no number that a claim could compare.
    "proofs.adapters.book.from_book": "adapters/test_adapters.py",
    "proofs.adapters.functions.activation_of": "adapters/test_functions.py",
    "proofs.adapters.functions.cost_of": "adapters/test_functions.py",
    "proofs.adapters.in_a_row.from_layers": "adapters/test_models.py",
    "proofs.adapters.loop.from_loop": "adapters/test_loop.py",
    "proofs.adapters.model.from_model": "adapters/test_models.py",
    "proofs.adapters.sklearn.from_sklearn": "frameworks/test_sklearn.py",
    "proofs.checker.battery.battery": "checker/test_battery.py",
    "proofs.checker.check_layer.check_layer": "checker/test_check_layer.py",
    "proofs.checker.check_model.check_model": "checker/test_check_model.py",
    "proofs.checker.check_backprop.assert_backprop": "checker/test_which_equation.py",
    "proofs.checker.check_backprop.check_backprop": "checker/test_which_equation.py",
    "proofs.measuring.cases.small_case": "lessons/test_by_hand.py",
    "proofs.lessons.pictures.figures.digit_and_errors": "lessons/test_figures.py",
    "proofs.measuring.cases.founding_case": "witnesses/test_checking.py",
    "proofs.measuring.cases.running_case": "witnesses/test_checking.py",
    "proofs.network.costs.over_valid": "checker/test_other_cost.py",
    "proofs.network.costs.smoothed": "checker/test_other_cost.py",
    "proofs.network.costs.weighted": "checker/test_other_cost.py",
    "proofs.mistakes.catalogue.run": "mistakes/test_catalogue.py",
    "proofs.mistakes.catalogue.textbook": "mistakes/test_catalogue.py",
    "proofs.mistakes.curl.curl": "mistakes/test_curl.py",
}
"""The test that judges each function which neither a claim nor a check of the build can see."""


def imported(tree):
    """What a cell takes from the package, by the name it has in the cell."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "proofs":
            for alias in node.names:
                module = importlib.import_module(node.module)
                if hasattr(module, alias.name):
                    yield alias.asname or alias.name, getattr(module, alias.name)


def called(page):
    """The functions of the package that the cells of a page call."""
    names = {}
    for cell in CELL.findall(page.read_text(encoding="utf-8")):
        lines = cell.split("\n")
        tree = ast.parse("\n".join(line for line in lines if not line.startswith((":", "%", "!"))))
        names |= dict(imported(tree))
        calls = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        yield from (names[name] for name in calls & set(names))


def shown(page):
    """The functions that a page prints with {formula}."""
    for tags in re.findall(r"^```\{formula\} (.+)$", page.read_text(encoding="utf-8"), re.M):
        yield from (CLAIMS[tag].shown for tag in tags.split())


def on_pages():
    """Every such function by its full name."""
    found = [f for page in sorted(DOCS.glob("*.md")) for f in (*called(page), *shown(page))]
    return {f"{f.__module__}.{f.__qualname__}": f for f in found if isinstance(f, FunctionType)}


FUNCTIONS = on_pages()


@cache
def watching():
    """The claims that run a formula, each with a few networks."""
    claims = [claim for claim in CLAIMS.values() if claim.formula]
    cases = {
        c.tag: instances(c.statement, c.hypotheses, c.cases or standard_cases()) for c in claims
    }
    return [(claim, some(cases[claim.tag], 6)) for claim in claims]


def spoiled(result):
    """A result that is off by a thousandth."""
    if isinstance(result, Network):
        return result.with_arrays([1.001 * w for w in result.weights], result.biases)
    if isinstance(result, dict):
        return {key: spoiled(value) for key, value in result.items()}
    if isinstance(result, tuple) and hasattr(result, "_make"):
        return result._make(map(spoiled, result))
    if isinstance(result, tuple):
        return tuple(map(spoiled, result))
    return result * 1.001 if isinstance(result, np.ndarray | float) else result


def spoil(monkeypatch, function):
    """Let a function return what is a thousandth off, wherever it was imported to."""
    right = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    right.__kwdefaults__ = function.__kwdefaults__
    monkeypatch.setitem(function.__globals__, "_spoiled", lambda *a, **k: spoiled(right(*a, **k)))
    code = (lambda *args, **kwargs: _spoiled(*args, **kwargs)).__code__  # noqa: F821 - set above
    assert isinstance(code, CodeType)
    monkeypatch.setattr(function, "__code__", code)


def all_hold():
    """Whether the checks of the build and the claims that run a formula all hold."""
    return all(check() for check in CHECKS) and all(
        measured(claim, found).holds for claim, found in watching()
    )


def test_the_pages_are_read():
    assert {"proofs.network.equations.backprop", "proofs.network.equations.bp2"} <= set(FUNCTIONS)


@pytest.fixture(scope="module")
def right_numbers():
    """The numbers of all cases, made by the right functions, which pass."""
    assert all_hold()
    for _, found in watching():
        for case, _ in found:
            assert case.rounded


@pytest.mark.usefixtures("right_numbers")
@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - set(JUDGED_BY_TESTS)))
def test_a_spoiled_function_stops_the_build(name, monkeypatch):
    spoil(monkeypatch, FUNCTIONS[name])
    assert not all_hold()


@pytest.mark.parametrize("name", JUDGED_BY_TESTS)
def test_what_the_ledger_does_not_see_is_judged_by_tests(name):
    assert name in FUNCTIONS, "is on no page any more"
    function = name.rpartition(".")[2]
    text = (TESTS / JUDGED_BY_TESTS[name]).read_text(encoding="utf-8")
    assert re.search(rf"\b{function}\b", text)
