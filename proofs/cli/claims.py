"""python -m proofs: check every claim and print the ledger.

SymPy is imported after the arguments are parsed, so that `--help` and a slip answer at once.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from proofs.checker.battery import require_finite
from proofs.cli import options
from proofs.cli.options import listed
from proofs.measuring.cases import RUNNING_SIZES, Case
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS
from proofs.network.costs import COSTS

RICH = find_spec("rich") is not None
"""Whether there is a progress bar and a table on a terminal: the extra `pretty`."""

WIDTHS = (6, 5, 11, 23, 14, 8, 0)
"""Of the columns of the ledger in plain text."""

if TYPE_CHECKING:
    from proofs.claims.claim import Claim
    from proofs.witnesses.ledger import Entry

DESCRIPTION = """\
Check every claim, each by all of its witnesses, and print the ledger.
Claims are measured on a sample of the standard networks.
Any option of "another network" measures them on that network instead.
"""
EPILOG = """\
exit status: 0 if all claims hold, 1 if any fails, 2 if the arguments cannot be used.

python -m proofs check --help tells how to check a backward pass of your own.

--json prints {"holds", "claims": [{"tag", "title", "holds", "witnesses", "refutations"}]}.
A claim without a formula has no witness "agreement".
A claim whose hypotheses another network does not meet has "holds": null and no witnesses;
it counts neither as holding nor as failing.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0 if all claims hold and 1 if any fails."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["check"]:
        from proofs.cli import check

        return check.main(argv[1:])
    parser = _parser()
    args = parser.parse_args(argv)
    try:
        case = _case(args)
    except ValueError as wrong:
        parser.error(str(wrong))
    if case and args.deep:
        parser.error("--deep checks the standard networks; it does not go with another network")

    from proofs import claims
    from proofs.witnesses import ledger

    try:
        chosen = [claims.find(tag) for tag in dict.fromkeys(args.claim or claims.CLAIMS)]
    except KeyError as unknown:
        parser.error(f"argument --claim: {unknown.args[0]}")
    if case and not any(ledger.applies(claim, case) for claim in chosen):
        tags = listed(claim.tag for claim in chosen)
        parser.error(f"nothing to check: {tags} not applicable to {case.name}")
    judge = partial(ledger.entry_on, case) if case else partial(ledger.entry, deep=args.deep)
    entries = map(judge, _with_progress(chosen))
    done = _print_json(entries) if args.json else _print_ledger(entries)
    return int(any(entry.holds is False for entry in done))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m proofs",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=options.InParagraphs,
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument("--claim", metavar="TAG", action="append", help="only this; repeatable")
    parser.add_argument("--deep", action="store_true", help="all standard networks, drawn 3 times")
    _add_network_options(parser)
    return parser


def _add_network_options(parser: argparse.ArgumentParser) -> None:
    """The options that choose a network. None of them has a default: see `_case`."""
    group = parser.add_argument_group("another network")
    group.add_argument(
        "--sizes", metavar="N,N,...", type=options.sizes, help="the widths of all layers (3,5,4,2)"
    )
    group.add_argument(
        "--activation",
        metavar="NAME[,NAME...]",
        type=options.activations,
        help=f"one for all layers or one for each from layer 2 on (sigmoid): {listed(ACTIVATIONS)}",
    )
    group.add_argument(
        "--cost", metavar="NAME", type=options.cost, help=f"the cost (quadratic): {listed(COSTS)}"
    )
    group.add_argument(
        "--seed",
        metavar="N",
        type=options.whole(0),
        help="of weights, biases, inputs and targets (0)",
    )
    group.add_argument("--batch", metavar="N", type=options.whole(1), help="number of examples (6)")


def _case(args: argparse.Namespace) -> Case | None:
    """The network that was asked for, if any, with a batch whose targets sum to 1.

    Raises ValueError if its parts do not fit together.
    """
    if all(vars(args)[name] is None for name in ("sizes", "activation", "cost", "seed", "batch")):
        return None
    activations = args.activation or [ACTIVATIONS["sigmoid"]]
    network = Network(
        args.sizes or RUNNING_SIZES,
        activations if len(activations) > 1 else activations[0],
        args.cost or COSTS["quadratic"],
        args.seed or 0,
    )
    require_finite(network.sigma[network.L], network.cost)
    random = np.random.default_rng(args.seed or 0)
    batch = args.batch or 6
    x = random.standard_normal((network.sizes[0], batch))
    y = random.uniform(0.05, 0.95, (network.sizes[-1], batch))
    return Case(network, x, y / y.sum(axis=0))


def _with_progress(claims: "Sequence[Claim]") -> "Iterable[Claim]":
    """The claims, with a progress bar while they are taken, if there is a terminal to show it."""
    if not (RICH and sys.stderr.isatty()):
        return claims
    from rich.console import Console  # type: ignore[import-not-found,unused-ignore]
    from rich.progress import track  # type: ignore[import-not-found,unused-ignore]

    bar: Iterable[Claim] = track(claims, "Checking", console=Console(stderr=True), transient=True)
    return bar


def _print_json(entries: "Iterable[Entry]") -> "list[Entry]":
    """One object; why a claim does not hold goes to the other stream."""
    from proofs.witnesses.ledger import objections, record

    done = list(entries)
    holds = all(entry.holds is not False for entry in done)
    print(json.dumps({"holds": holds, "claims": [record(entry) for entry in done]}, indent=2))
    for objection in objections(done):
        print(objection, file=sys.stderr)
    return done


def _print_ledger(entries: "Iterable[Entry]") -> "list[Entry]":
    """A table on a terminal, elsewhere a line for each claim as soon as it is checked."""
    from proofs.witnesses.ledger import COLUMNS, cells, objections, summary

    if RICH and sys.stdout.isatty():
        done = list(entries)
        _print_table(COLUMNS, map(cells, done))
    else:
        done = []
        _print_line(COLUMNS)
        for entry in entries:
            _print_line(cells(entry))
            done.append(entry)
    print("", *objections(done), summary(done), sep="\n")
    return done


def _print_line(row: Sequence[str]) -> None:
    print("  ".join(map(str.ljust, row, WIDTHS)).rstrip(), flush=True)


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console  # type: ignore[import-not-found,unused-ignore]
    from rich.table import Table  # type: ignore[import-not-found,unused-ignore]

    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    Console(markup=False, highlight=False).print(table)
