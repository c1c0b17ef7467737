"""Our checks beside others, on the same networks, in turn, with one thread each.

`--write` keeps the table in conf/records/bench.md; `--quick` leaves out what takes long;
`--rounds 5` measures more often than three times.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
from peers import EVERY, FEW, RANDOM, SAMPLED, Problem

TABLE = Path(__file__).parents[2] / "conf/records/bench.md"
NETWORKS = {
    "2-3-2": [2, 3, 2],
    "784-30-10": [784, 30, 10],
    "784-100-10": [784, 100, 10],
    "ten layers of 64": [64] * 11,
}
LARGE = {"10^7 parameters": [1000, 2000, 2500, 1200, 10]}
HUGE = {"10^8 parameters": [8000, 8000, 4500, 10]}
ALL = NETWORKS | LARGE | HUGE
LEAST = 0.02
"""Seconds that a measurement takes at least; what is faster is repeated."""


def timed(check, problem):
    """Seconds of one run of a check, and the error that it reached.

    Of the processor's time, which others on the machine disturb less than the clock's.
    """
    runs, start = 0, time.process_time()
    while runs == 0 or time.process_time() - start < LEAST:
        error = check(problem)
        runs += 1
    return (time.process_time() - start) / runs, error


def compare(checks, problem, rounds):
    """The times of each check, measured in turn, and the errors reached."""
    times, errors = {name: [] for name in checks}, {}
    for check in checks.values():
        if checks is RANDOM:
            check(problem)  # compiles
    for _ in range(rounds):
        for name, check in checks.items():
            seconds, errors[name] = timed(check, problem)
            scale = max(1, problem.parameters / FEW) if name in SAMPLED else 1
            times[name].append(seconds * scale)
    return times, errors


def memory(name, network):
    """How far a check raises the peak of memory, in a process of its own; in MiB."""
    code = [sys.executable, __file__, "--one", name, network]
    done = subprocess.run(code, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def one(name, network):
    """Print by how many MiB the peak of memory rises in a check, and what the process needs."""
    check, problem = (EVERY | RANDOM)[name], Problem(ALL[network])
    assert len(problem.gradient) == problem.parameters
    check(Problem([2, 3, 2]))  # what it imports is no part of it
    before = _peak()
    check(problem)
    print(json.dumps([_peak() - before, _peak()]))


def _peak():
    """The peak of this process's memory in MiB; that of getrusage begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def product_rate():
    """Floating-point operations in a second, in products of matrices of 1000 x 1000."""
    a = np.random.default_rng(0).random((1000, 1000))
    return 2e9 / min(timed(lambda _: a @ a, None)[0] for _ in range(10))


def operations(sizes):
    """Floating-point operations that an exhaustive check spends in products of matrices."""
    pushes = [n * k + n + n for n, k in zip(sizes[1:], sizes, strict=False)]
    products = [2 * n * k for n, k in zip(sizes[1:], sizes, strict=False)]
    # A push at layer l meets the products behind it; for w, the first of them is a column.
    return sum(
        p * sum(products[i + 1 :]) - n * k * (products[i + 1] if i + 1 < len(products) else 0)
        for i, (p, n, k) in enumerate(zip(pushes, sizes[1:], sizes, strict=False))
    )


def table(title, networks, checks, rounds, remarks):
    """The lines of a table: for each check its time as a multiple of ours, and what it took."""
    names = list(checks)
    rows = {name: [name] for name in names}
    for label, sizes in networks.items():
        problem = Problem(sizes)
        times, errors = compare(checks, problem, rounds)
        ours = median(times[names[0]])
        remarks += [f"{label}: ours took {_time(ours)} ({_spread(times[names[0]])})"]
        for name in names:
            ratio = median(times[name]) / ours
            cell = f"{_three(ratio)} x" if name != names[0] else _time(ours)
            megabytes = memory(name, label)[0]
            error = "" if errors[name] is None else f", {errors[name]:.0e}"
            rows[name].append(f"{cell} ({_three(max(megabytes, 0.1))} MiB{error})")
            print(f"{title}, {label}: {name}: {rows[name][-1]}, {_spread(times[name])}")
        if checks is EVERY:
            share = operations(sizes) / ours / product_rate()
            remarks[-1] += f", {share:.0%} of the rate of products of matrices"
    head = f"| {title} | {' | '.join(networks)} |", f"|---|{'---|' * len(networks)}"
    return [*head, *(f"| {' | '.join(cells)} |" for cells in rows.values())]


def _time(seconds):
    return f"{_three(seconds * 1e3)} ms"


def _three(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:.2g}"


def _spread(times):
    return f"{_time(min(times))} to {_time(max(times))} in {len(times)} runs"


def report(rounds, quick):
    """The tables and what to know of them, as Markdown."""
    networks = dict(list(NETWORKS.items())[: 2 if quick else None])
    remarks = []
    every = table("every parameter", networks, EVERY, rounds, remarks)
    large = {} if quick else LARGE
    random = table("random directions", networks | large, RANDOM, rounds, remarks)
    lines = [
        "The first row is our time, the others are multiples of it.",
        "In brackets: by how much it raised the peak of memory; its relative error, if it says.",
        "Our check knows the layers of the network; the others see a function of many numbers.",
        "Processor time with one thread, in turn, medians; sigmoid, quadratic cost, one example.",
        f"Of {', '.join(SAMPLED)} {FEW} parameters are run, and the time is scaled.",
        "In random directions all compute the gradient too, but where it says without.",
        "",
        *every,
        "",
        *random,
        "",
        *(f"- {remark}." for remark in remarks),
    ]
    if not quick:
        problem = next(iter(HUGE))
        total = memory("ours, all blocks at once", problem)[1]
        lines.append(f"- {problem}, with their gradient: a peak of {total / 1024:.1f} GiB.")
    return "\n".join(lines) + "\n"


def main():
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="keep the table in conf/records/bench.md"
    )
    parser.add_argument("--quick", action="store_true", help="the two smallest networks alone")
    parser.add_argument("--rounds", type=int, default=3, help="how often each check is measured")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one(*args.one)
        return
    text = report(args.rounds, args.quick)
    print(f"\n{text}")
    if args.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
