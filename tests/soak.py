"""Correct backward passes on random networks: how often does the checker cry wolf?

`python tests/soak.py 10000` draws so many networks, of any shape, activation and cost, saturated
ones and kinks included, each with a correct backward pass in some style and precision, every third
in a style or on a batch on which the checker once cried wolf (`attacks.py`).
Each is checked exhaustively and in random directions (`--method` chooses one).
None may be flagged; the largest residual is printed in units of its tolerance.
`--fault 1e-6` makes one number of each wrong by that part of it: all must be flagged then, but for
those that are counted with the reason why they cannot be.
`--today` takes the date for the first seed.
"""

import argparse
import datetime
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import Pool

import numpy as np
from attacks import ATTACKS, BATCHES, HANDED
from styles import NABLAS, RETURNED, STYLES

from proofs.checker.check_backprop import check_backprop
from proofs.checker.judging.residuals import LETTER
from proofs.checker.report import Report
from proofs.measuring.cases import Case, softplus_share
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

METHODS = ("exhaustive", "directional")
HOW = STYLES | ATTACKS
BACK = RETURNED | HANDED

UNHURRIED = 3600.0
"""Seconds for one network: a machine that is busy with something else is no alarm."""

IN_SINGLE = {"single", "cast_up", "summed_in_doubles"}
"""The styles that compute in single precision."""

SCALES = {"plain": 1.0, "large": 4.0, "saturated": 30.0}


@dataclass(frozen=True)
class Trial:
    """A network and how its backward pass is written; everything follows from the seed."""

    seed: int
    kind: str
    style: str
    returned: str
    case: Case
    batch: str = "as drawn"

    def __str__(self) -> str:
        style = f"style {self.style}, returning {self.returned}"
        return f"seed {self.seed}: {self.kind}, {style}, {self.batch}, {self.case.name}"


@dataclass(frozen=True)
class Outcome:
    """What one trial came to."""

    kind: str
    flagged: bool
    ratio: float
    says: str
    unseen: str = ""
    """Why a fault was not flagged, if there is a reason."""


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
            trial = Trial(seed, kind, style, returned, case)
            return attacked(trial) if seed % 3 == 1 else trial


def attacked(trial: Trial) -> Trial:
    """A trial of which one thing is as it was when the checker cried wolf, where that is right."""
    random = np.random.default_rng([trial.seed, 1])
    match random.integers(3):
        case 0 if trial.kind in ("plain", "large"):
            found = replace(trial, style=str(random.choice(list(ATTACKS))), returned="a pair")
        case 1:
            found = replace(trial, returned=str(random.choice(list(HANDED))))
        case _:
            name = str(random.choice(list(BATCHES)))
            with np.errstate(all="ignore"):
                found = replace(trial, batch=name, case=BATCHES[name](trial.case))
    case = found.case
    with np.errstate(all="ignore"):
        finite = np.isfinite(case.network.average_cost(case.x, case.y))
        held = (case.x.astype(np.float32) != 0) == (case.x != 0)
    if found.style == "single" and not held.all():
        return trial  # it has lost its inputs
    if found.style == "pushes" and abs(case.x).max() > 2.0**40:
        return trial  # the square of its push is not lost
    return found if finite and _defined(case, found.style) else trial


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
    Where e^z underflows, the share of softplus has lost its digits, in the definition too.
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
    least = np.log(np.finfo(np.float32 if style in IN_SINGLE else float).tiny)
    if any(z.min() < 11 / 12 * least for z in shares):
        return False
    return all(np.isfinite(v).all() for values in found.values() for v in values)


def _called(case: Case, style: str) -> dict[str, list[np.ndarray]]:
    with np.errstate(all="ignore"):
        network = case.network
        return HOW[style](network)(network.weights, network.biases, case.x, case.y)


def judged(trial: Trial, fault: float = 0.0, method: str | None = None) -> Outcome:
    """Check the trial's backward pass, with one number of it wrong if `fault` is not 0."""
    case, backprop = trial.case, HOW[trial.style](trial.case.network)
    made = Fault(trial, fault)
    what = BACK[trial.returned]
    report = check_backprop(
        lambda *g: what(made.to(backprop(*g))), case.network, case.x, case.y,
        method=method, timeout=UNHURRIED,
    )  # fmt: skip
    ratios = [c.residual / c.tolerance for c in report.cells.values() if c.holds and c.tolerance]
    says = "" if report.holds else str(report)
    unseen = made.unseen(report, method) if fault and report.holds else ""
    return Outcome(trial.kind, not report.holds, max(ratios, default=0.0), says, unseen)


class Fault:
    """The largest number of one of the arrays that a trial hands back, off a little."""

    def __init__(self, trial: Trial, part: float) -> None:
        random = np.random.default_rng(trial.seed)
        self.trial, self.part = trial, part
        self.layer = int(random.integers(1, trial.case.network.L))
        handed = BACK[trial.returned](_called(trial.case, trial.style))
        self.letter = str(random.choice(sorted(handed) if isinstance(handed, dict) else NABLAS))
        self.by = 0.0

    def to(self, found: dict[str, list[np.ndarray]]) -> dict[str, list[np.ndarray]]:
        """What is handed back, with the fault in it."""
        if self.part:
            array = np.array(found[self.letter][-self.layer])
            # Half of the digits of its precision are wrong.
            part = self.part if self._digits(array) > 24 else np.sqrt(self.part)
            place = np.unravel_index(abs(array).argmax(), array.shape)
            right = array[place]
            array[place] = right * (1 + part) or part
            self.by = self.by or float(abs(array[place] - right))
            found[self.letter][-self.layer] = array
        return found

    def _digits(self, array: np.ndarray) -> int:
        coarse = array.dtype == np.float32 or self.trial.style in IN_SINGLE
        return 24 if coarse else 53

    def unseen(self, report: Report, method: str | None) -> str:
        """Why nobody can see it, or need not; "" if there is no reason."""
        layer = self.trial.case.network.L + 1 - self.layer
        cells = [
            c for (row, l), c in report.cells.items()
            if l == layer and (row == "gradients" or LETTER.get(row) == self.letter)
        ]  # fmt: skip
        if any(self.by <= c.tolerance for c in cells):
            return "below the rounding of what it is added up from"
        if self.trial.kind == "kinks":
            return "between the two slopes of a kink"
        if self.trial.style in ATTACKS:
            return "taken for the rounding of a coarser format"
        return "in few random directions" if method == "directional" else ""


def run(seed: int, fault: float, methods: Sequence[str]) -> tuple[str, dict[str, Outcome]]:
    """One trial; the name of it is all that a worker need send back."""
    trial = drawn(seed)
    return str(trial), {method: judged(trial, fault, method) for method in methods}


def main() -> int:
    """Print what so many trials came to; 1 if one was flagged that should not be, or not seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trials", type=int, nargs="?", default=10_000, help="how many networks")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--fault", type=float, default=0.0, help="how wrong one number is made")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many processes")
    parser.add_argument("--method", choices=METHODS, help="one of the two (both)")
    parser.add_argument("--today", action="store_true", help="the first seed is the date")
    chosen = parser.parse_args()
    if chosen.today:
        chosen.seed = int(datetime.datetime.now(tz=datetime.UTC).strftime("%y%m%d")) * 10_000
    methods = [chosen.method] if chosen.method else METHODS
    seeds = range(chosen.seed, chosen.seed + chosen.trials)
    count, flagged, worst = Counter(), Counter(), (0.0, "none")
    reasons: Counter[tuple[str, str]] = Counter()
    with Pool(chosen.jobs) as pool:
        work = partial(run, fault=chosen.fault, methods=methods)
        for name, outcomes in pool.imap_unordered(work, seeds, chunksize=20):
            for method, outcome in outcomes.items():
                at = method, outcome.kind
                count[at] += 1
                flagged[at] += outcome.flagged
                worst = max(worst, (outcome.ratio, name))
                if chosen.fault and not outcome.flagged:
                    reasons[method, outcome.unseen] += 1
                if outcome.flagged != bool(chosen.fault) and not outcome.unseen:
                    print(f"{'UNSEEN' if chosen.fault else 'FLAGGED'} {name}, {method}")
                    print(f"{outcome.says}\n", flush=True)
    for method, kind in sorted(count):
        at = method, kind
        print(f"{method:12} {kind:10} {count[at]:6} networks, {flagged[at]:6} flagged")
    print(f"{'all':23} {count.total():6} networks, {flagged.total():6} flagged")
    for (method, reason), n in sorted(reasons.items()):
        print(f"{method:12} {n:6} not seen ({n / count.total():.2%}): {reason or 'NO REASON'}")
    print(f"largest residual: {worst[0]:.3f} of its tolerance, {worst[1]}")
    alarms = sum(n for (_, reason), n in reasons.items() if not reason)
    return int(alarms > 0 if chosen.fault else flagged.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
