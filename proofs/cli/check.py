"""python -m proofs check: which equation does somebody else's backward pass break?"""

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from proofs.checker.battery import TARGETS, Draw, battery, depths, require_finite
from proofs.checker.calling import notebook
from proofs.checker.calling.child import Child, Own
from proofs.checker.calling.observe import EXPECTED, Observation, first_of
from proofs.checker.calling.room import UNBOUNDED
from proofs.checker.calling.target import UnusableTargetError, split
from proofs.checker.report import GRADIENTS, Report, counted, merged
from proofs.cli import model, options, untold
from proofs.cli.own import brought_along, load_own
from proofs.measuring.cases import Case
from proofs.measuring.clock import TimeIsUpError, limited, seconds_left
from proofs.measuring.every_number import MEMORY
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, Activation, sigmoid
from proofs.network.costs import (
    COSTS,
    Cost,
    cross_entropy,
    guarded,
    log_likelihood,
    over_valid,
    positives_weighted,
    quadratic,
    smoothed,
    weighted,
)

RICH = find_spec("rich") is not None
"""Whether there is a progress bar: the extra `pretty`."""

MOST = 10**8
"""So many weights and activations a network may have: 0.8 GB in double precision."""

MEANS = ("examples", "weights", "valid")
"""What the sum over the examples is divided by: m, their weights, or those with a target."""

MOST_LAYERS = 1000
"""Of weights, in the battery."""

SIZES, BATCH = [4, 6, 5, 3], 7
"""Of a single network, where only one of them is given: other numbers of layers repeat the widths
between."""

OF_MODELS = ("target", "seed", "method", "timeout", "json", "detached")
"""What can be said where a training step is checked, with `example()` beside it."""

SUM = "a sum over the examples"

TOTAL = "if your cost is that sum, say total=True to the adapter"
"""What is said of an adapted object whose gradients are sums."""

TRAINING_STEP = (
    "it was called as backprop(weights, biases, x, y); a training step of your own, "
    "step(params, *data), is checked where a function example() beside it returns (params, *data), "
    "a function of a dictionary with W1, b1, ... through proofs.adapters.from_params, one with "
    "other arguments, a class or a training loop through from_model or from_loop, and the backward "
    "pass of a single layer with proofs.check_layer"
)

NOT_TOLD = (
    "{0} not told, and its numbers are those of {1}, for which every equation holds: add these "
    "options"
)
NOT_FOUND = (
    "its activations were not told, and none that is known here fits: if they are not sigmoids, "
    "name them with --hidden and --output"
)
IF_MEANT = "if that is meant, say {0}"
INSTEAD = " is applied instead of "
JUDGED_AS = "judged as the network that its numbers show, which was not told: {0}"
OPTIONS_TOO = ("--pos-weight", "--smoothing", "--class-weights", "--mean", "--guard")
NAMES_ONE = "--cost names one, or a function of a and y as FILE.py:NAME"

OTHER_COST = "with {0} {1}: add that if it is its cost"

NOT_A_STEP = (
    "--detached: of no use for backprop(weights, biases, x, y), whose forward pass is the book's; "
    "a training step has a function example() beside it"
)

DESCRIPTION = """\
Say which of the equations BP1 to BP4 a backward pass breaks, at which layer, and what that looks
like. TARGET is MODULE:FUNCTION, FILE.py:FUNCTION or NOTEBOOK.ipynb:FUNCTION, a function
backprop(weights, biases, x, y): weights and biases are lists from layer 2 to L, examples are the
columns of x and y. It returns (nabla_b, nabla_w), gradients of the average cost, or a dictionary
with any of z, a, delta as well.

A class like the book's is welcome too: it has .weights, .biases and .backprop(x, y) on one column.
So is a model: scikit-learn's MLPClassifier or MLPRegressor, or what proofs.adapters makes of one of
torch or JAX; it is checked with the weights that it has. And so is a training step, beside which a
function example() returns what it is called with.

It runs in a process of its own, which may take half of the memory of the machine, on a battery of
networks: what a wrong line hides from one of them another one sees. What holds on all is tried with
no hidden layer, one and four as well.
With --sizes or --batch it runs on one network.
"""
EPILOG = """\
exit status: 0 if every equation holds, 1 if one is broken; 2 if there is nothing that can be
checked or decided, or if all gradients are right up to one constant, as for a sum instead of an
average, or for activations and a cost that were not told.

--json prints {"holds", "violations": [{"equation", "layer", "residual", "tolerance", "diagnosis",
"pages", "detail", "cases"}], "gradients": [{"layer", "holds", "residual", "tolerance"}], "scale",
"scaled", "cases", "unseen", "problems", "remarks"}. "scaled" are equations that hold but for the
one constant "scale", and no violations. "unseen" is the part of an array that a fault must exceed
to show in coarse precision, 0 in doubles. A problem is what kept it from being tested: it raised,
hung, ended the process, or returned nothing of use. A residual that is not finite is null.
"""


OPTIONS = f"""
--hidden NAME[,NAME...]
the activations of its hidden layers (default: sigmoid)
--output NAME
the activation of its last layer (default: sigmoid):
{options.listed(ACTIVATIONS)}{options.OWN} of z
--cost NAME
its cost (default: quadratic): {options.listed(COSTS)}{options.OWN} of a and y
--sizes N,N,...
check it on one network of these widths
--batch N
check it on one network, with N examples
--layers N
how many layers of weights it takes (default: 3, or as many as it turns out to take)
--targets
the most general targets that it is right for
--no-biases
its network has no biases
--l2 LAMBDA
its cost adds LAMBDA/2 times the sum of w^2
--l1 LAMBDA
its cost adds LAMBDA times the sum of |w|
--smoothing EPS
it smooths the labels itself: EPS of each is spread over all classes
--class-weights W,W,...
its cost multiplies what each output adds to it by a weight
--pos-weight W[,W...]
its cost multiplies y ln a by W; several W are one for each output
--guard EPS
its cost takes ln(a + EPS) instead of ln a
--mean
what its cost divides the sum over the examples by: their number, the sum of their weights, or the
number of those with a target
--detached CODE[;CODE...]
expressions or lines of a training step that are constants on purpose, as behind a stop_gradient
--seed N
seed of the random weights, biases and examples (default: 0)
--memory BYTES
how many bytes forward passes may take at a time (default: 2^28)
--timeout SECONDS
how long the whole check may take (default: 60)
--json
print JSON for programs
"""
"""What can be told, each with what it takes and what it says."""

TYPES = {
    "hidden": options.own_or_activations,
    "output": options.own_or_activation,
    "cost": options.own_or_cost,
    "sizes": options.sizes,
    **dict.fromkeys(("batch", "layers", "memory"), options.whole(1)),
    **dict.fromkeys(("l2", "l1", "guard"), options.at_least_0),
    "smoothing": options.share,
    **dict.fromkeys(("class_weights", "pos_weight"), options.weights),
    "detached": lambda text: text.split(";"),
    "seed": options.whole(0),
    "timeout": options.seconds,
}
DEFAULTS = {"l2": 0.0, "l1": 0.0, "smoothing": 0.0, "guard": 0.0, "seed": 0, "memory": MEMORY,
            "timeout": 60.0, "detached": []}  # fmt: skip
CHOICES = {"targets": TARGETS, "mean": MEANS}
METHODS = {
    "exhaustive": "compare every entry and push every b and w, however long it takes",
    "directional": "compare along random directions only; without either option the size decides",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is that of the report."""
    parser = _parser()
    args = parser.parse_args(argv)
    if model.has_example(args.target):
        args.of_networks = [
            name
            for name, value in vars(args).items()
            if name not in OF_MODELS and value != parser.get_default(name)
        ]
        try:
            return model.check(args)
        except ValueError as wrong:
            parser.error(f"{args.target}: {wrong}")
    if args.detached:
        parser.error(f"{args.target}: {NOT_A_STEP}")
    try:
        split(args.target)
        # What their functions print here goes with what ours says beside the report.
        one = Child(args.target, args.timeout, has_biases=not args.no_biases)
        with one as child, contextlib.redirect_stdout(sys.stderr):
            load_own(args)
            unknown = "" if args.cost else (child.cost or "").partition("?")[2]
            args.cost = args.cost or COSTS.get(child.cost or "")
            with limited(args.timeout):
                report = _check(child, args)
    except (UnusableTargetError, ValueError, TimeIsUpError) as wrong:
        parser.error(f"{args.target}: {wrong}")
    if unknown:
        report = _by_no_cost_of_its_own(report, unknown)
    if report.problems and not (report.cells or report.form or child.own):
        report = replace(report, remarks=(*report.remarks, TRAINING_STEP))
    if child.own and report.scale and SUM in report.scale.diagnosis:
        report = replace(report, remarks=(*report.remarks, TOTAL))
    print(json.dumps(report.as_json(), indent=2) if args.json else report)
    return report.status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m proofs check",
        usage="%(prog)s [options] TARGET",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=options.InParagraphs,
        allow_abbrev=False,
    )
    parser.add_argument("target", metavar="TARGET", help="MODULE:FUNCTION or FILE.py:FUNCTION")
    for option in OPTIONS.strip().split("\n--"):
        head, text = option.split("\n", 1)
        name, *metavar = head.removeprefix("--").split()
        key = name.replace("-", "_")
        kind: dict[str, Any] = {"action": "store_true"}
        if key in CHOICES:
            kind = {"choices": CHOICES[key]}
        elif key in TYPES:
            kind = {"metavar": metavar[0], "type": TYPES[key], "default": DEFAULTS.get(key)}
        parser.add_argument(f"--{name}", help=text, **kind)
    how = parser.add_mutually_exclusive_group()
    for method, text in METHODS.items():
        how.add_argument(
            f"--{method}", action="store_const", const=method, dest="method", help=text
        )
    return parser


def _by_no_cost_of_its_own(report: Report, unknown: str) -> Report:
    """The report on a class whose cost is not known: of another cost BP1 says nothing."""
    said = f"its .cost, {unknown}, is not known: judged by the quadratic cost; {NAMES_ONE}"
    if not any(v.equation == "BP1" for v in report.violations):
        return replace(report, remarks=(*report.remarks, said))
    rest = tuple(v for v in report.violations if v.equation != "BP1")
    cells = {at: c for at, c in report.cells.items() if at[0] not in ("BP1", GRADIENTS)}
    problem = f"its .cost, {unknown}, is not known, and is not the quadratic cost; {NAMES_ONE}"
    return replace(
        report,
        cells=cells,
        violations=rest,
        problems=(*report.problems, problem),
        undecided=not rest,
    )


# On which networks.


def _cases(args: argparse.Namespace, own: Own | None) -> Iterable[Case]:
    """The battery, the one network that was asked for, or the network that the target has.

    Raises ValueError where options do not fit together.
    """
    hidden = args.hidden or [sigmoid]
    output, cost = args.output or sigmoid, _told(args.cost or quadratic, args)
    if own is not None:
        return _own_cases(args, own)
    of_outputs = _of_outputs(args)
    if (args.layers or 0) > MOST_LAYERS:
        raise ValueError(f"--layers: expected at most {MOST_LAYERS}, got {args.layers}")
    if args.sizes is None and args.batch is None and of_outputs is None:
        if len(hidden) > 1:
            raise ValueError(
                "--hidden: expected one activation for the battery, "
                f"got {options.listed(f.name for f in hidden)}; --sizes chooses one network"
            )
        cases = battery(
            hidden[0],
            output,
            cost,
            args.seed,
            layers=args.layers or 3,
            targets=args.targets,
            biases=not args.no_biases,
        )
        return [_one_without(case) for case in cases] if args.mean == "valid" else cases
    sizes = args.sizes or _sizes(args.layers or 3, len(of_outputs or range(SIZES[-1])))
    if args.layers and len(sizes) != args.layers + 1:
        raise ValueError(
            f"--sizes: expected {args.layers + 1} widths, for --layers {args.layers}, "
            f"got {','.join(map(str, sizes))}"
        )
    _one_for_each(args.pos_weight, sizes[-1])
    _bounded("--batch" if args.sizes is None else "--sizes", sizes, args.batch or BATCH)
    inner = _inner(hidden, len(sizes) - 2)
    network = Network(sizes, [*inner, output], cost, args.seed)
    return [_case(network, args.batch or BATCH, args.seed)]


def _sizes(layers: int, n_L: int) -> list[int]:
    """The widths of one network, where none were given."""
    return [SIZES[0], *islice(cycle(SIZES[1:-1]), layers - 1), n_L]


def _of_outputs(args: argparse.Namespace) -> list[float] | None:
    """Weights of the outputs, one for each, which choose how many there are."""
    several = args.pos_weight if len(args.pos_weight or ()) > 1 else None
    weights: list[float] | None = args.class_weights or several
    return weights


def _inner(hidden: list[Activation], n: int) -> list[Activation]:
    """The activations of n hidden layers."""
    if len(hidden) not in (1, n):
        raise ValueError(
            f"--hidden: expected one activation, or {n}, one for each hidden layer, "
            f"got {len(hidden)}"
        )
    return hidden * n if len(hidden) == 1 else hidden


def _told(cost: Cost, args: argparse.Namespace) -> Cost:
    """The cost with what the options say of labels, of classes and of the average."""
    if args.pos_weight and args.guard:
        raise ValueError("--guard and --pos-weight: expected one of the two, got both")
    if args.pos_weight:
        if cost is not cross_entropy:
            raise ValueError(f"--pos-weight: expected --cost cross_entropy, got {cost.name}")
        cost = positives_weighted(args.pos_weight)
    if args.guard:
        if cost not in (cross_entropy, log_likelihood):
            names = "cross_entropy or log_likelihood"
            raise ValueError(f"--guard: expected --cost {names}, got {cost.name}")
        cost = guarded(cost, args.guard)
    if args.smoothing:
        cost = smoothed(cost, args.smoothing)
    if args.class_weights:
        by = "examples" if args.mean == "examples" else "weights"
        cost = weighted(cost, args.class_weights, by)
    return over_valid(cost) if args.mean == "valid" else cost


def _one_for_each(weights: list[float] | None, n_L: int) -> None:
    """Raise ValueError unless --pos-weight has one number, or one for each output."""
    if weights and len(weights) not in (1, n_L):
        raise ValueError(
            f"--pos-weight: expected one number, or {n_L}, one for each output, got {len(weights)}"
        )


def _one_without(case: Case) -> Case:
    """The case with no target for its last example, if it has another."""
    y = case.y.copy()
    y[:, 1:][:, -1:] = 0
    return Case(case.network, case.x, y, case.name)


def _own_cases(args: argparse.Namespace, own: Own) -> Iterator[Case]:
    """The network of the target on a batch, and on one example."""
    if args.sizes is not None:
        raise ValueError(f"--sizes: expected none, it has weights of its own, got {args.sizes}")
    if all((*own.activations, own.cost)):
        activations, cost = [ACTIVATIONS[name] for name in own.activations], COSTS[own.cost]
    else:
        activations, cost = brought_along(args.target)
    if args.hidden:
        activations = [*_inner(args.hidden, len(activations) - 1), activations[-1]]
    if args.output:
        activations[-1] = args.output
    cost = _told(args.cost or cost, args)
    _one_for_each(args.pos_weight, len(own.biases[-1]))
    _bounded("--batch", [len(own.weights[0].T), *map(len, own.biases)], args.batch or BATCH)
    network = Network.from_arrays(own.weights, own.biases, activations, cost)
    for m in (args.batch or BATCH, 1):
        yield _case(network, m, args.seed)


def _bounded(option: str, sizes: Sequence[int], m: int) -> None:
    """Raise ValueError for a network and a batch of more numbers than a machine takes."""
    numbers = sum(n * k for n, k in pairwise(sizes)) + m * sum(sizes)
    if numbers > MOST:
        raise ValueError(
            f"{option}: this network does not fit into memory: expected at most {MOST:,} "
            f"weights and activations, got {numbers:,}"
        )


def _case(network: Network, m: int, seed: int) -> Case:
    require_finite(network.sigma[network.L], network.cost)
    draw = Draw(sigmoid, sigmoid, quadratic, np.random.default_rng(seed))
    name = f"{network!r}, {m} example{'' if m == 1 else 's'}"
    return Case(network, draw.inputs(network, m), draw.one_hot(network, m), name)


# Checking, and what is said of it.


def _check(child: Child, args: argparse.Namespace) -> Report:
    """The report on the cases, and what is found on other numbers of layers than the battery's."""
    from proofs.checker.which_equation import misfit

    report = _run(child, list(_cases(args, child.own)), args)
    if child.own is None and not (args.layers or args.sizes):
        if not report.holds:
            report = _found_out(child, args, report)
        elif not (args.batch or _of_outputs(args)):
            report = _deeper(child, args, report)
    if report.found or report.form or misfit(report):
        with contextlib.suppress(TimeIsUpError):  # what was found so far is told
            report = _of_its_own_network(child, args, report)
    loading = child.said.strip().splitlines()
    printed = [f"when loaded it printed {first_of(loading)}"] if loading else []
    place = split(args.target)[0]
    printed += [] if child.bounded else [UNBOUNDED]
    skipped = notebook.skipped(Path(place)) if place.endswith(notebook.ENDING) else []
    return replace(report, remarks=(*skipped, *printed, *report.remarks))


def _deeper(child: Child, args: argparse.Namespace, report: Report) -> Report:
    """A report that holds, with the networks of other depths; if one of them breaks, their own."""
    hidden, *_ = args.hidden or [sigmoid]
    output, cost = args.output or sigmoid, _told(args.cost or quadratic, args)
    cases = depths(hidden, output, cost, args.seed, biases=not args.no_biases)
    if args.mean == "valid":
        cases = tuple(map(_one_without, cases))
    others = [_run(child, [case], args) for case in cases]
    broken = [other for other in others if other.violations]
    if broken:
        holds = "with two hidden layers it holds: if it is meant for those alone, add --layers 3"
        other = merged(broken)
        return replace(other, remarks=(holds, *other.remarks))
    untested = [problem for other in others for problem in other.problems]
    said = tuple(f"not tested with other numbers of layers: {problem}" for problem in untested[:1])
    tested = report.cases + sum(other.holds for other in others)
    return replace(report, cases=tested, remarks=(*report.remarks, *said))


def _found_out(child: Child, args: argparse.Namespace, report: Report) -> Report:
    """A report on as many layers of weights as it takes, where it does not take three."""
    from proofs.checker.which_equation import misfit

    if _ran(report):
        return report
    for layers in (2, 1, 4):
        its = _with(args, layers=layers)
        try:
            other = _run(child, list(_cases(its, child.own)), its)
        except TimeIsUpError:
            break
        if _ran(other) and not (misfit(report) and misfit(other)):
            args.layers = layers
            found = f"it takes {counted(layers, 'layer')} of weights (--layers {layers})"
            return replace(other, remarks=(found, *other.remarks))
    return report


def _ran(report: Report) -> bool:
    """Whether it returned something, be it in a form that cannot be read."""
    return bool(report.cells or report.form or any(EXPECTED in text for text in report.problems))


def _of_its_own_network(child: Child, args: argparse.Namespace, report: Report) -> Report:
    """The report, or that on the activations and the cost that its numbers show, if less is wrong.

    What was not told is not broken: where all holds then, it is said which options say so.
    """
    cases = list(_cases(_with(args, targets="one-hot"), child.own))
    network = cases[0].network
    hidden = network.sigma[2] if network.L > 2 else sigmoid
    assumed = hidden, network.sigma[network.L], network.cost
    not_told = replace(report, remarks=(*report.remarks, *_not_told(report, args)))
    choice, other = None, report
    for one in _shown(child, args, cases, report, assumed):
        hidden, output, cost = one
        its = _with(args, hidden=[hidden], output=output, cost=cost)
        found = _run(child, list(_cases(its, child.own)), its)
        if choice is None or _wrong(found) < _wrong(other):
            choice, other = one, found
        if not _wrong(other)[0]:  # where it saturates, another network may show another activation
            break
    if choice is None:
        return not_told
    said = untold.in_options(choice, args, assumed)
    if report.found and _wrong(other) >= _wrong(report) and not _is_known(other, report):
        return not_told
    if other.problems and not report.problems:
        return not_told
    if report.form and _without_places(report) & _without_places(other):
        return not_told  # what refuses it is none of the activations or the cost
    # What weighs or smooths the targets as well is no slope that was forgotten.
    plain = not any(said in text for said in OPTIONS_TOO for text in other.remarks)
    if untold.is_a_mistake_too(choice, assumed) and plain:
        then = "less is broken" if other.found else "every equation holds"
        return replace(report, remarks=(*report.remarks, OTHER_COST.format(said, then)))
    if other.found or other.problems:
        return replace(other, remarks=(JUDGED_AS.format(said), *other.remarks))
    return replace(other, problems=(NOT_TOLD.format(_untold(said), said),), form=True)


def _without_places(report: Report) -> set[str]:
    """The problems, whatever the networks that they came up on."""
    return {problem.partition(" (on ")[0] for problem in report.problems}


def _untold(options: str) -> str:
    """What these options would have told, in words."""
    activations = "--hidden" in options or "--output" in options
    parts = ["its activations"] * activations + ["its cost"] * ("--cost" in options)
    return f"{' and '.join(parts)} {'were' if activations else 'was'}"


def _shown(
    child: Child,
    args: argparse.Namespace,
    cases: Sequence[Case],
    report: Report,
    assumed: untold.Choice,
) -> Iterator[untold.Choice]:
    """The activations and costs that its numbers show, from one network after the other.

    Where none is shown at the output, those of a classifier come first, if they explain more.
    """
    seen = {assumed}
    for case in cases:
        exactly, choice = _read_off(child, args, case, assumed)
        heads = [] if exactly or len(seen) > 1 else untold.heads(args, case.network)
        for head in heads:
            one = (choice or assumed)[0], *head
            if one not in seen and _explains(one, child, args, report):
                yield one
        if choice and choice not in seen:
            yield choice
        elif not exactly or choice == assumed:
            return
        seen.add(choice or assumed)


def _explains(
    choice: untold.Choice, child: Child, args: argparse.Namespace, report: Report
) -> bool:
    """Whether all holds for this choice on one network, or what is wrong with BP1 is known then."""
    hidden, output, cost = choice
    its = _with(args, hidden=[hidden], output=output, cost=cost)
    return _is_known(_run(child, list(_cases(its, child.own))[:1], its), report)


def _is_known(other: Report, report: Report) -> bool:
    """Whether all holds in the other report, or it alone knows what is wrong with BP1."""

    def known(report: Report) -> bool:
        wrong = [d for v in report.found if v.equation == "BP1" for d in v.diagnoses]
        return any(d.page and not d.vague for d in wrong)

    return bool(other.cells) and (not other.found or (known(other) and not known(report)))


def _read_off(
    child: Child, args: argparse.Namespace, case: Case, assumed: untold.Choice
) -> tuple[bool, untold.Choice | None]:
    """The activations and the cost that its numbers show on a network, and whether exactly."""
    network = case.network
    call = partial(child.observe, None, network.weights, network.biases)
    x, y = case.x[:, :1], case.y[:, :1]
    one, alone = Case(network, x, y), call(x, y, seconds_left())
    if alone.problem:  # where widths differ, a missing transpose raises
        return True, None
    every = args.hidden or [*untold.usual(), *untold.leak_shown(alone, one)]
    hidden = untold.hidden_shown(alone, one, every)
    together = call(case.x, case.y, seconds_left())
    # What one example shows is tried first, alone: one or two of twenty activations.
    tried = (untold.shown(together, case, args, some) for some in (hidden, every) if some)
    choice = next(filter(None, tried), None)
    if choice or args.hidden or not hidden:
        return bool(choice), choice
    return False, (hidden[0], *assumed[1:])


def _not_told(report: Report, args: argparse.Namespace) -> list[str]:
    """What to say, if anything, where activations seem to be wrong that were not told."""
    wrong = {
        ("--output" if v.layer == report.L else "--hidden", v.diagnosis.partition(INSTEAD)[0])
        for v in report.found
        if v.equation == "forward a" and not (args.output if v.layer == report.L else args.hidden)
    }
    named = dict(wrong)
    if wrong and len(named) == len(wrong) and ACTIVATIONS.keys() >= {*named.values()}:
        return [IF_MEANT.format(" ".join(f"{o} {name}" for o, name in sorted(wrong)))]
    return [NOT_FOUND] * bool(wrong)


def _wrong(report: Report) -> tuple[int, int, int]:
    """How much is wrong: activations first, then what is broken, or right up to a constant."""
    activations = sum(v.equation == "forward a" for v in report.found)
    return activations, len(report.violations), len(report.found)


def _with(args: argparse.Namespace, **others: object) -> argparse.Namespace:
    return argparse.Namespace(**{**vars(args), **others})


def _run(child: Child, cases: Sequence[Case], args: argparse.Namespace) -> Report:
    from proofs.checker.judging.left_over import Penalty
    from proofs.checker.which_equation import check_on

    # What is called runs over there, whatever is named here.
    there = _no_zeros_for_biases(child.observe) if args.no_biases else child.observe
    report = check_on(
        cases,
        there,  # type: ignore[arg-type]
        targets=args.targets,
        method=args.method,
        memory=args.memory,
        timeout=args.timeout,
        watch=_with_progress,
        penalty=Penalty(args.l2, args.l1),
        observe=there,
    )
    if not args.no_biases:
        return report
    said = (text for text in report.remarks if not text.startswith("nabla_b was not returned"))
    return replace(report, remarks=tuple(said))


def _no_zeros_for_biases(observe: Callable[..., Observation]) -> Callable[..., Observation]:
    """What is observed, where zeros for the gradients of biases that are not there are none."""

    def seen(*call: Any) -> Observation:
        found = observe(*call)
        nabla_b = found.numbers.get("nabla_b", {})
        if not nabla_b or any(b.any() for b in nabla_b.values()):
            return found
        return replace(found, numbers={k: v for k, v in found.numbers.items() if k != "nabla_b"})

    return seen


def _with_progress(cases: Sequence[Case]) -> Iterable[Case]:
    """The cases, with a progress bar while they are taken, if there is a terminal to show it."""
    if not sys.stderr.isatty():
        return cases
    if not RICH:
        return _counted(cases)
    from rich.console import Console  # type: ignore[import-not-found,unused-ignore]
    from rich.progress import track  # type: ignore[import-not-found,unused-ignore]

    bar: Iterable[Case] = track(cases, "Checking", console=Console(stderr=True), transient=True)
    return bar


def _counted(cases: Sequence[Case]) -> Iterator[Case]:
    """The plain bar: one line, written over and wiped off at the end."""
    for n, case in enumerate(cases, start=1):
        line = f"Checking {n} of {len(cases)}: {case.name}"
        print(f"\r{line[:79]:79}", end="", file=sys.stderr, flush=True)
        yield case
    print(f"\r{'':79}\r", end="", file=sys.stderr, flush=True)
