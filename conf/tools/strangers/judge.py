"""In a process of its own: `python judge.py GLUE.py` says in JSON what the check says of it.

A file of glue has a name for what is checked: `subject`, for check_backprop, or any that begin
with `layer` or `model`, the arguments of check_layer and check_model.
`python judge.py TARGET OPTIONS` asks the command, where there is no glue.
"""

import contextlib
import json
import random
import runpy
import sys
from typing import Any

import numpy as np

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model
from proofs.checker.which_equation import check_on
from proofs.cli.check import main as command
from proofs.measuring.cases import Case

BATCHES = (7, 1)
"""So many examples."""


def of_glue(file: str) -> dict[str, Any]:
    """The report on what a file of glue names."""
    np.random.seed(0)  # noqa: NPY002 - networks of strangers draw from it
    random.seed(0)
    names = runpy.run_path(file)
    if "subject" not in names:
        found = [
            check(*given).as_json()
            for start, check in (("layer", check_layer), ("model", check_model))
            for name, given in names.items()
            if name.startswith(start)
        ]
        return _together(found)
    subject = names["subject"]
    return check_on([_case(subject.network, m) for m in BATCHES], subject).as_json()


def _together(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The reports on several layers or models as one."""
    lists = ("violations", "problems", "remarks")
    added = {name: [x for report in reports for x in report[name]] for name in lists}
    return added | {"holds": all(report["holds"] for report in reports), "checks": len(reports)}


def _case(network: Any, m: int) -> Case:
    """A batch of m examples, each with one label."""
    draw = np.random.default_rng(0)
    x = draw.standard_normal((network.sizes[0], m))
    y = np.eye(network.sizes[-1])[:, draw.integers(network.sizes[-1], size=m)]
    return Case(network, x, y, f"{m} examples")


def main(asked: list[str]) -> None:
    """Print the report; what a stranger's code prints goes to the error stream."""
    with contextlib.redirect_stdout(sys.stderr):
        report = of_glue(*asked) if len(asked) == 1 and ":" not in asked[0] else None
    if report is None:
        command([*asked, "--json"])
    else:
        print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1:])
