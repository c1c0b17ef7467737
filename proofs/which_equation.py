"""Which of the four equations a backward pass breaks, at which layer, by how much."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from proofs.arrays import Array
from proofs.cases import Case
from proofs.diagnose import PAGES, Diagnosis, diagnoses
from proofs.fused import cost_of_z
from proofs.inferred import CannotTellError, Findings, findings
from proofs.network import Network
from proofs.observe import Backprop, Observation, observe
from proofs.report import Cell, Report, Violation, in_order, merged
from proofs.residuals import Residual, residuals
from proofs.theirs import numbers

Observe = Callable[..., Observation]

EQUATION_OF = {"z": "forward z", "a": "forward a", "nabla_b": "BP3", "nabla_w": "BP4"}


def check_backprop(
    backprop: Backprop,
    network: Network,
    x: object,
    y: object,
    *,
    timeout: float = 60.0,
    observe: Observe = observe,
) -> Report:
    """Which equations `backprop` breaks on a network, a batch x (n_1, m) and targets y (n_L, m).

    `backprop(weights, biases, x, y)` gets lists from layer 2 to L and returns
    `(nabla_b, nabla_w)`, the gradients of the average cost, or a mapping with any of z, a, delta
    (every example a column, without 1/m), nabla_b and nabla_w: the more, the sharper the report.
    Each equation is tested with the function's own inputs to it, and against the definition.

    Never raises for what `backprop` does: it may raise, hang for longer than `timeout` seconds,
    print, or change its inputs, and the report says so.
    Raises TypeError or ValueError if the network and the batch cannot be used.
    """
    if not callable(backprop):
        raise TypeError(f"backprop: expected a function, got {backprop!r}")
    x, y = network.batch(x, y)
    _finite_cost(network, x, y)

    def call(x: Array, y: Array) -> Observation:
        return observe(backprop, network.weights, network.biases, x, y, timeout)

    first = call(x, y)
    if first.problem:
        return Report(network.L, {}, tuple(_changed(first)), (first.problem,), tuple(_said(first)))
    again = call(x, y)
    differs = _differs(first, again)
    try:
        found = _findings(call, network, x, y, first, repeats=not differs)
        problems = []
    except CannotTellError as problem:
        found, problems = [], [str(problem)]
    if differs and not again.problem:
        found += _findings(call, network, x, y, again, repeats=False)
    return _report(network, found, first, [*_changed(first), *differs], problems)


def assert_backprop(backprop: Backprop, network: Network, x: object, y: object) -> None:
    """Raises AssertionError with the report if `check_backprop` finds anything wrong."""
    report = check_backprop(backprop, network, x, y)
    if not report.holds:
        raise AssertionError(f"\n{report}")


def check_on(cases: Iterable[Case], backprop: Backprop, **options: object) -> Report:
    """The reports on several networks as one."""
    return merged([check_backprop(backprop, c.network, c.x, c.y, **options) for c in cases])  # type: ignore[arg-type]


def _finite_cost(network: Network, x: Array, y: Array) -> None:
    with np.errstate(all="ignore"):
        L = network.L
        costs = cost_of_z(network.cost, network.sigma[L])(network.forward(x).z[L], y)
    if not np.isfinite(costs).all():
        example = int(np.flatnonzero(~np.isfinite(costs))[0])
        raise ValueError(
            f"x and y: expected a finite cost, got {costs[example]} for example {example + 1}: "
            f"the {network.cost} cost is not defined for these outputs of {network.sigma[L]}"
        )


def _findings(
    call: Callable[[Array, Array], Observation],
    network: Network,
    x: Array,
    y: Array,
    seen: Observation,
    repeats: bool,
) -> list[Findings]:
    """By its own deltas if it returned them, else by what its gradients say of them."""
    own = numbers(network, x, y, seen.numbers, seen.eps)
    if "delta" in seen.numbers or ("delta", network.L) in seen.misshapen:
        return [Findings(own, tuple(residuals(own)))]
    if repeats:
        return findings(call, network, x, y, seen)
    return [Findings(own, tuple(residuals(own)), ("its calls differ, so BP1 to BP4 need delta",))]


def _report(
    network: Network,
    found: Sequence[Findings],
    first: Observation,
    impure: list[Violation],
    problems: list[str],
) -> Report:
    cells: dict[tuple[str, int], Cell] = {}
    violations: dict[tuple[str, int | None], Violation] = {}
    kinks = 0
    for one in found:
        for r in one.residuals:
            kinks += r.kinks
            place = (r.equation, r.layer)
            cell = Cell(r.residual, r.tolerance)
            if place not in cells or cells[place].holds:
                cells[place] = cell
            if not r.holds and place not in violations:
                violations[place] = Violation(
                    *place, r.residual, r.tolerance, diagnoses(r, one.numbers), _detail(r, network)
                )
    for v in _misshapen(network, first):
        violations.setdefault((v.equation, v.layer), v)
    remarks = [*_said(first), *dict.fromkeys(text for one in found for text in one.unclear)]
    if kinks:
        remarks.append(f"at {kinks} kinks any slope between the two sides was accepted")
    if "delta" not in first.numbers:
        remarks.append("delta was not returned: BP1 and BP2 are judged by nabla_b and nabla_w")
    return Report(network.L, cells, in_order([*violations.values(), *impure]), (), tuple(remarks))


def _detail(r: Residual, network: Network) -> str:
    names = {"BP3": ["j"], "BP4": ["j", "k"]}.get(r.equation, ["neuron", "example"])
    where = ", ".join(f"{name} {i + 1}" for name, i in zip(names, r.place, strict=False))
    return (
        f"came {r.came[r.place] + 0.0:.6g}, expected {r.expected[r.place]:.6g} at {where}; "
        f"off by {r.residual:.1e}, rounding explains {r.tolerance:.0e}"
    )


def _misshapen(network: Network, seen: Observation) -> Iterator[Violation]:
    for (letter, l), wrong in seen.misshapen.items():
        equation = EQUATION_OF.get(letter) or ("BP1" if l == network.L else "BP2")
        says = (Diagnosis(wrong.looks_like, PAGES[equation]),) if wrong.looks_like else ()
        yield Violation(equation, l, np.inf, 0.0, says, f"{letter} of layer {l}: {wrong.text}")


def _changed(seen: Observation) -> Iterator[Violation]:
    for name in seen.changed:
        layer = int(name.split()[-1]) if name[-1].isdigit() else None
        yield _impure(f"it changed {name}; work on a copy", layer)


def _differs(first: Observation, again: Observation) -> list[Violation]:
    """A second call with the same inputs must give the same numbers, but for rounding."""
    if again.problem:
        return [_impure(f"called a second time, {again.problem}")]
    worst, which = 0.0, ""
    for letter, layers in first.numbers.items():
        for l, array in layers.items():
            other = again.numbers.get(letter, {}).get(l)
            if other is None:
                return [_impure("a second call returns less")]
            size = max(abs(array).max(), np.finfo(float).tiny)
            if not np.array_equal(array, other, equal_nan=True):
                off = float(abs(other - array).max() / size)
                if not off <= worst:
                    worst, which = off, f"{letter} of layer {l}"
    tolerance = 1e4 * first.eps
    if not which or worst <= tolerance:
        return []
    text = f"a second call with the same inputs differs by {worst:.1e} of its size in {which}"
    return [_impure(text, residual=worst, tolerance=tolerance)]


def _impure(
    text: str, layer: int | None = None, residual: float = np.inf, tolerance: float = 0.0
) -> Violation:
    return Violation("purity", layer, residual, tolerance, (), text)


def _said(seen: Observation) -> Iterator[str]:
    if seen.said:
        line = seen.said.strip().splitlines()[0][:60] if seen.said.strip() else ""
        yield f"it printed {len(seen.said.splitlines())} lines, the first: {line}"
