"""Correct backward passes on random networks: how often does the checker cry wolf?

`python tests/soak.py 10000` draws so many networks, of any shape, activation and cost, saturated
ones and kinks included, each with a correct backward pass in some style and precision.
None may be flagged; the largest residual is printed in units of its tolerance.
`--fault 1e-6` makes one number of each wrong by that part of it: all must be flagged then.
"""

import argparse
import os
import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pool

import numpy as np
from styles import NABLAS, RETURNED, STYLES

from proofs.checker.which_equation import check_backprop
from proofs.measuring.cases import Case, softplus_share
from proofs.mistakes.catalogue import Backprop
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, sigmoid
from proofs.network.costs import COSTS, cross_entropy

ANY = (*ACTIVATIONS.values(), softplus_share)
PAIRS = [
    (output, cost)
    for output in ANY
    for cost in COSTS.values()
    if cost.domain[0] <= output.range[0] and output.range[1] <= cost.domain[1]
]
UNFUSED = {"unfused", "ours", "rows", "jacobians", "pushes"}
"""The styles that take BP1 for a product, whatever cancels."""

SCALES = {"plain": 1.0, "large": 4.0, "saturated": 30.0}


@dataclass(frozen=True)
class Trial:
    """A network and how its backward pass is written; everything follows from the seed."""

    seed: int
    kind: str
    style: str
    returned: str
    case: Case

    def __str__(self) -> str:
        style = f"style {self.style}, returning {self.returned}"
        return f"seed {self.seed}: {self.kind}, {style}, {self.case.name}"


@dataclass(frozen=True)
class Outcome:
    """What one trial came to."""

    kind: str
    flagged: bool
    ratio: float
    says: str


def drawn(seed: int) -> Trial:
    """The trial of a seed; networks on which the cost is infinite are drawn again."""
    random = np.random.default_rng(seed)
    while True:
        kind = str(random.choice([*SCALES, "kinks"]))
        style, returned = (str(random.choice(list(names))) for names in (STYLES, RETURNED))
        if style == "pushes" and "errors" in returned and "gradients" not in returned:
            returned = "a pair"  # it knows no errors
        with np.errstate(all="ignore"):
            case = _case(random, kind)
            cost = case.network.average_cost(case.x, case.y)
        if np.isfinite(cost) and _defined(case, style):
            return Trial(seed, kind, style, returned, case)


def _case(random: np.random.Generator, kind: str) -> Case:
    sizes = [int(n) for n in random.integers(1, 9, random.integers(2, 6))]
    output, cost = PAIRS[random.integers(len(PAIRS))]
    if not output.local:
        sizes[-1] = max(sizes[-1], 2)  # a lone share is exactly 1, the end of the cost's domain
    inner = [ANY[i] for i in random.integers(len(ANY), size=len(sizes) - 2)]
    network = Network(sizes, [*inner, output], cost, int(random.integers(2**32)))
    m = int(random.integers(1, 8))
    x = random.standard_normal((sizes[0], m))
    if kind == "kinks":
        # Small whole numbers: many weighted inputs of rectifiers are exactly 0.
        weights, biases = (
            [random.integers(-1, 2, v.shape).astype(float) for v in values]
            for values in (network.weights, network.biases)
        )
        x = random.integers(-1, 2, x.shape).astype(float)
    else:
        scale = SCALES[kind]
        weights, biases = [scale * w for w in network.weights], network.biases
    sigma = list(network.sigma.values())
    network = Network.from_arrays(weights, biases, sigma, cost)
    return Case(network, x, _targets(random, sizes[-1], m))


def _targets(random: np.random.Generator, n: int, m: int) -> np.ndarray:
    match random.integers(4):
        case 0:
            return np.eye(n)[:, random.integers(n, size=m)]
        case 1:
            return random.dirichlet(np.ones(n), m).T
        case 2:
            return random.integers(0, 2, (n, m)).astype(float)
    return random.uniform(0.05, 0.95, (n, m))


def _defined(case: Case, style: str) -> bool:
    """Whether the style is correct here: 0 times infinity is its mistake, and so are lost digits.

    Where an output is so close to 0 or 1 that 1 - a has kept less than half of its digits, only the
    styles that never form it are correct: the others are off by more than the checker can excuse.
    Below z = -650 the share of softplus underflows, in the definition too.
    """
    found = _called(case, style)
    network, L = case.network, case.depth
    a = case.value("a", L)
    forms_it = style in UNFUSED or network.sigma[L] != sigmoid
    if network.cost == cross_entropy and forms_it and np.minimum(a, 1 - a).min() < 2.0**-32:
        return False
    if style == "pushes" and a.min() < 2.0**-900:
        return False  # an imaginary part 2^-70 times that underflows
    shares = [case.value("z", l) for l in network.layers if network.sigma[l] == softplus_share]
    if any(z.min() < -650 for z in shares):
        return False
    return all(np.isfinite(v).all() for values in found.values() for v in values)


def _called(case: Case, style: str) -> dict[str, list[np.ndarray]]:
    with np.errstate(all="ignore"):
        network = case.network
        return STYLES[style](network)(network.weights, network.biases, case.x, case.y)


def judged(trial: Trial, fault: float = 0.0) -> Outcome:
    """Check the trial's backward pass, with one number of it wrong if `fault` is not 0."""
    case, backprop = trial.case, STYLES[trial.style](trial.case.network)
    if fault:
        backprop = spoiled(backprop, trial, fault)
    what = RETURNED[trial.returned]
    report = check_backprop(lambda *g: what(backprop(*g)), case.network, case.x, case.y)
    ratios = [c.residual / c.tolerance for c in report.cells.values() if c.holds and c.tolerance]
    says = "" if report.holds else str(report)
    return Outcome(trial.kind, not report.holds, max(ratios, default=0.0), says)


def spoiled(backprop: Backprop, trial: Trial, fault: float) -> Backprop:
    """The same with the largest number of one of the arrays that it hands back off a little."""
    random = np.random.default_rng(trial.seed)
    layer = -int(random.integers(1, trial.case.network.L))
    handed = RETURNED[trial.returned](_called(trial.case, trial.style))
    letter = random.choice(sorted(handed) if isinstance(handed, dict) else NABLAS)

    def wrong(*given):
        found = backprop(*given)
        array = np.array(found[letter][layer])
        # Half of the digits of its precision are wrong.
        part = fault if array.dtype != np.float32 else np.sqrt(fault)
        place = np.unravel_index(abs(array).argmax(), array.shape)
        array[place] = array[place] * (1 + part) or part
        found[letter][layer] = array
        return found

    return wrong


def run(seed: int, fault: float) -> tuple[str, Outcome]:
    """One trial; the name of it is all that a worker need send back."""
    trial = drawn(seed)
    return str(trial), judged(trial, fault)


def main() -> int:
    """Print what so many trials came to; 1 if any was flagged that should not be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trials", type=int, nargs="?", default=10_000, help="how many networks")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--fault", type=float, default=0.0, help="how wrong one number is made")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many processes")
    chosen = parser.parse_args()
    seeds = range(chosen.seed, chosen.seed + chosen.trials)
    count, flagged, worst = Counter(), Counter(), (0.0, "none")
    with Pool(chosen.jobs) as pool:
        work = pool.imap_unordered(partial(run, fault=chosen.fault), seeds, chunksize=20)
        for name, outcome in work:
            count[outcome.kind] += 1
            flagged[outcome.kind] += outcome.flagged
            worst = max(worst, (outcome.ratio, name))
            if outcome.flagged and not chosen.fault:
                print(f"FLAGGED {name}\n{outcome.says}\n", flush=True)
    for kind in sorted(count):
        print(f"{kind:10} {count[kind]:6} networks, {flagged[kind]:6} flagged")
    print(f"{'all':10} {count.total():6} networks, {flagged.total():6} flagged")
    print(f"largest residual: {worst[0]:.3f} of its tolerance, {worst[1]}")
    return int(flagged.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
