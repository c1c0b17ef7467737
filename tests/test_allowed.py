"""How far rounding is let go: what each check allows on some networks, written down.

A change of a rule shows in allowed.txt, and `nox -s soak` tells what it does to correct code.
All is computed in doubles for gradients that came as floats: so no rounding of this machine shows.
`python tests/test_allowed.py` writes it anew; read its diff.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from sites import ROOT
from test_directional import batch, in_type
from written import parts, write

from proofs.activations import Activation, leaky_relu, relu, sigmoid, softmax, tanh
from proofs.cases import Case, softplus_share
from proofs.checker import directional
from proofs.checker.inferred import findings, with_ours
from proofs.checker.observe import Observation
from proofs.checker.residuals import Residual, bp3, bp4, residuals
from proofs.checker.theirs import numbers
from proofs.costs import Cost, cross_entropy, log_likelihood, quadratic
from proofs.equations import backprop
from proofs.network import Network

EPS = float(np.finfo(np.float32).eps)
ALLOWED = ROOT / "tests" / "allowed.txt"

OUTPUTS = (
    (sigmoid, quadratic),
    (sigmoid, cross_entropy),
    (softmax, log_likelihood),
    (softplus_share, quadratic),
)
CASES = {
    f"{hidden}, {output}, {cost}": Case(network, *batch(network, 5))
    for hidden, (output, cost) in product((sigmoid, relu, softmax, softplus_share), OUTPUTS)
    if (network := Network([6, 5, 4, 3], [tanh, hidden, output], cost, seed=1))
}
"""Networks that nothing is wrong with."""


def rectified(output: Activation, cost: Cost, gain: float) -> Case:
    """One weighted input is 0, where the rectifier has a kink, and others are not far from it."""
    w = [[1.0, 0.5, 0.0], [0.25, 1.0, 1.0], [0.0, -1.0, 1.0]]
    network = Network.from_arrays(
        [w, gain * np.eye(3)], [np.zeros((3, 1))] * 2, [leaky_relu, output], cost
    )
    x = np.array([[0.5, 1.0, 4.2], [-1.0, 0.5, 3.0], [2.0, -3.0, 3.0 + 2.0**-20]])
    return Case(network, x, np.eye(3)[::-1])


CASES["at a kink"] = rectified(tanh, quadratic, 1.0)
CASES["saturated, and at a kink"] = rectified(sigmoid, cross_entropy, 9.0)
"""Some outputs have rounded to 1, or nearly."""


def right(case: Case) -> dict[str, dict[int, np.ndarray]]:
    """What a right backward pass goes by and returns."""
    z, a = case.network.forward(case.x)
    found = backprop(case.network, case.x, case.y)
    return {"z": z, "a": {l: a[l] for l in case.network.layers}, **found._asdict()}


def some(values: np.ndarray) -> str:
    """The least, the average and the most, in roundings of 1."""
    return " ".join(f"{of(values) / EPS:.4g}" for of in (np.min, np.mean, np.max))


def told(found: Iterator[Residual]) -> Iterator[str]:
    for r in found:
        kinks = f", {r.kinks} kinks" if r.kinks else ""
        yield f"{r.equation} at {r.layer}: {some(r.allowed)}{kinks}"


def of_residuals(case: Case) -> Iterator[str]:
    """Each equation by itself, for what was returned and in which precision."""
    network, own = case.network, right(case)
    for letters, directions in (
        (("z", "a", "delta", "nabla_b", "nabla_w"), 0),
        (("delta", "nabla_b", "nabla_w"), 0),
        (("a", "delta", "nabla_w"), 3),
        (("delta", "nabla_w"), 3),
    ):
        given = {letter: own[letter] for letter in letters}
        n = numbers(network, case.x, case.y, given, EPS, directions)
        yield f"{' '.join(letters)}, {directions} directions"
        yield from told(residuals(n))


def of_gradients_alone(case: Case) -> Iterator[str]:
    """What the gradients say of delta, and the gradients as a whole."""

    def call(x, y):
        found = backprop(case.network, x, y)
        own = {"nabla_b": dict(found.nabla_b), "nabla_w": dict(found.nabla_w)}
        return Observation(own, eps=EPS)

    first = call(case.x, case.y)
    ours = with_ours(numbers(case.network, case.x, case.y, first.numbers, EPS))
    yield "the gradients as a whole"
    yield from told(of(ours, l) for l in case.network.layers for of in (bp3, bp4))

    def twice(x, y):
        seen = call(x, y)
        double = {l: 2 * b for l, b in seen.numbers["nabla_b"].items()}
        return replace(seen, numbers={**seen.numbers, "nabla_b": double})

    yield "a wrong BP3, from the gradients alone"
    for found in findings(twice, case.network, case.x, case.y, twice(case.x, case.y))[:2]:
        yield from told(r for r in found.residuals if r.equation.startswith("BP"))


def of_directions(case: Case) -> Iterator[str]:
    """Along random directions, in each block, with delta, all together; and BP4 by itself."""
    (*args, nabla_b, nabla_w), delta = in_type(case, np.float64)
    nabla_b, nabla_w = ([v.astype(np.float32) for v in of] for of in (nabla_b, nabla_w))
    for together in (False, True):
        found = directional.directional(
            *args, nabla_b, nabla_w, delta=delta, directions=2, together=together
        )
        for p in found.probes:
            yield f"{p.letter}^{p.layer}: {p.tolerance / EPS:.4g}"
    probe = directional.bp4(args[4].astype(np.float32), delta[0], nabla_w[0], directions=3)
    yield f"{probe.letter}^{probe.layer}, BP4 along directions: {probe.tolerance / EPS:.4g}"
    yield f"kinks: {found.kinks}"


CHECKS = (of_residuals, of_gradients_alone, of_directions)


def written(name: str) -> str:
    """What every check allows on a network."""
    with np.errstate(all="ignore"):
        lines = [line for check in CHECKS for line in check(CASES[name])]
    return "\n".join([name, *(f"    {line}" for line in lines)])


class TestAllowed:
    """Of each equation, layer and block: the least, the average and the most, to four digits."""

    @pytest.mark.parametrize("name", CASES)
    def test_as_written_down(self, name):
        found, expected = written(name).splitlines(), parts(ALLOWED)[name].splitlines()
        assert [words(line) for line in found] == [words(line) for line in expected]
        for line, wanted in zip(found, expected, strict=True):
            assert figures(line) == pytest.approx(figures(wanted), rel=1e-3, nan_ok=True), line


def words(line: str) -> str:
    return line.partition(": ")[0]


def figures(line: str) -> list[float]:
    return [float(n) for n in line.partition(": ")[2].replace(", ", " ").split() if n != "kinks"]


if __name__ == "__main__":
    write(ALLOWED, map(written, CASES))
