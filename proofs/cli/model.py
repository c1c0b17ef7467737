"""python -m proofs check FILE.py:step with `example()` beside it: a model, its layers and wires.

The user's code runs in a process of its own; what it prints goes to the error stream.
"""

import argparse
import ast
import contextlib
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from proofs.checker.calling import notebook
from proofs.checker.calling.observe import told, where
from proofs.checker.calling.target import UnusableTargetError, load, split
from proofs.checker.layer_report import LayerReport, Row

UNUSABLE = 2
"""Exit status where there is nothing that can be checked."""


def has_example(target: str) -> bool:
    """Whether a function `example` stands beside the target; read, not run."""
    try:
        place, name = split(target)
        tree = ast.parse(_source(place))
    except (UnusableTargetError, OSError, SyntaxError, ValueError):
        return False
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return "example" in functions and name != "example"


def _source(place: str) -> str:
    """The code of a file, a notebook or a module, empty where there is none."""
    if place.endswith(notebook.ENDING):
        return "\n".join(source for source, _ in notebook.cells(Path(place)))
    file = place if place.endswith(".py") else _file(place)
    return Path(file).read_text(encoding="utf-8") if file else ""


def _file(module: str) -> str | None:
    with contextlib.suppress(ImportError, ValueError):
        spec = importlib.util.find_spec(module)
        return spec.origin if spec else None
    return None


def check(args: argparse.Namespace) -> int:
    """The exit status for a model, checked in a process of its own; its report is printed.

    Raises ValueError for options that a model has no use for.
    """
    if odd := [f"--{name.replace('_', '-')}" for name in sorted(args.of_networks)]:
        raise ValueError(
            f"{', '.join(odd)}: of no use for a model, which example() gives its own numbers; "
            "without example() it is checked as backprop(weights, biases, x, y)"
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        how = {"seed": args.seed, "method": args.method, "detached": args.detached}
        command = [sys.executable, "-m", "proofs.cli.model", args.target, str(file)]
        command += [json.dumps(how)]
        try:
            # In a session of its own: Ctrl-C ends it with this process, and not in its own words.
            done = subprocess.run(
                command, timeout=args.timeout, check=False, start_new_session=True
            )
        except subprocess.TimeoutExpired:
            return _show(_problem(f"the check took more than {args.timeout:g} s"), args)
        if not file.is_file():
            if done.returncode == UNUSABLE:
                return UNUSABLE
            return _show(_problem(f"the process ended with status {done.returncode}"), args)
        return _show(_read(json.loads(file.read_text(encoding="utf-8"))), args)


def _problem(text: str) -> LayerReport:
    return LayerReport((), (text,))


def _show(report: LayerReport, args: argparse.Namespace) -> int:
    print(json.dumps(report.as_json(), indent=2) if args.json else report)
    return int(not report.holds) if report.rows else UNUSABLE


def _read(found: dict[str, Any]) -> LayerReport:
    rows = tuple(
        Row(
            row["place"],
            row["quantity"],
            float("inf") if row["residual"] is None else row["residual"],
            float("inf") if row["tolerance"] is None else row["tolerance"],
            row["detail"],
            tuple(filter(None, row["diagnosis"].split("; or "))),
        )
        for row in found["rows"]
    )
    return LayerReport(rows, tuple(found["problems"]), tuple(found["remarks"]))


# In the process of its own.


def main(argv: Sequence[str]) -> int:
    """Load the target, check it, write the report into a file."""
    from proofs.checker.check_model import check_model

    target, file, how = argv
    sys.argv[:] = [target]
    with contextlib.redirect_stdout(sys.stderr):
        try:
            try:
                step, example = load(target), load(f"{split(target)[0]}:example")
                inputs = example()
            except UnusableTargetError:
                raise
            except BaseException as error:
                return _refused(target, f"before a step, it raised {told(error)}{where(error)}")
            if not isinstance(inputs, tuple) or not inputs:
                raise UnusableTargetError(
                    "expected example() to return (params, *data) as a tuple, "
                    f"got {type(inputs).__name__}"
                )
            report = check_model(step, *inputs, progress=_progress, **json.loads(how))
            report = replace(report, remarks=(*report.remarks, *_of_notebook(split(target)[0])))
        except (UnusableTargetError, TypeError, ValueError) as wrong:
            return _refused(target, str(wrong))
    if sys.stderr.isatty():
        print(f"\r{'':79}\r", end="", file=sys.stderr, flush=True)
    Path(file).write_text(json.dumps(report.as_json()), encoding="utf-8")
    return 0


def _of_notebook(place: str) -> list[str]:
    """Remarks on a notebook: how its lines are counted, and which of them were left out."""
    if not place.endswith(notebook.ENDING):
        return []
    return ["lines are counted in each cell", *notebook.skipped(Path(place))]


def _refused(target: str, why: str) -> int:
    print(f"python -m proofs check: error: {target}: {why}", file=sys.stderr)
    return UNUSABLE


def _progress(n: int, of: int, place: str) -> None:
    if sys.stderr.isatty():
        print(
            f"\r{f'Checking {n + 1} of {of}: {place}'[:79]:79}", end="", file=sys.stderr, flush=True
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
