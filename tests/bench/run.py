"""Our checks beside others, on the same networks, in turn, with one thread each.

`--write` keeps the tables in conf/records/bench.md, which a page shows, unless the times of one
check on one network differ by more than a factor of two: then something else had the machine.
`--quick` leaves out what takes long; `--rounds 5` measures more often than three times.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from peers import EVERY, FEW, RANDOM, SAMPLED, Problem

TABLE = Path(__file__).parents[2] / "conf/records/bench.md"
SMALL = {"2-3-2": [2, 3, 2]}
MIDDLE = {"784-30-10": [784, 30, 10]}
LARGE = {"784-100-10": [784, 100, 10], "ten layers of 64": [64] * 11}
LEAST = 0.6
"""Seconds that a measurement takes at least; what is faster is repeated."""
MOST_APART = 2.0
"""By what factor the longest time of a check may exceed its shortest, or no median is kept."""


def timed(check, problem):
    """Seconds of one run of a check, warm: the fastest of those that fit in `LEAST` seconds.

    Of the processor's time: what others on the machine take of either only ever adds to it.
    """
    runs, first = [], time.process_time()
    while not runs or time.process_time() - first < LEAST:
        start = time.process_time()
        check(problem)
        runs.append(time.process_time() - start)
    return min(runs)


def compare(checks, problem, rounds):
    """The times of each check, measured in turn."""
    times = {name: [] for name in checks}
    for name, check in checks.items():
        if checks is RANDOM or name not in SAMPLED:
            check(Problem([2, 3, 2]))  # what it imports is no part of it
        if checks is RANDOM:
            check(problem)  # compiles
    for _ in range(rounds):
        for name, check in checks.items():
            scale = max(1, problem.parameters / FEW) if name in SAMPLED else 1
            times[name].append(timed(check, problem) * scale)
    return times


def once(name):
    """Seconds of a process that checks the smallest network once, with all that it imports."""
    code = [sys.executable, __file__, "--once", name]
    done = subprocess.run(code, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measured(checks, networks, rounds):
    """The times of all rounds by check and column; the last are of a first call, with imports."""
    columns = {}
    for label, sizes in networks.items():
        columns[label] = compare(checks, Problem(sizes), rounds)
        print(f"{label} is measured", file=sys.stderr)
    first = {name: [once(name) for _ in range(rounds)] for name in checks}
    columns["2-3-2 once, in a new process"] = first
    return {name: {label: of[name] for label, of in columns.items()} for name in checks}


def table(title, rows):
    """Medians, with the shortest and the longest time, in Markdown."""
    columns = list(next(iter(rows.values())))
    head = f"| {title} | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"
    cells = [[name, *map(_cell, row.values())] for name, row in rows.items()]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in cells)])


def apart(rows):
    """What took at one time more than twice as long as at another."""
    return [
        f"{name}, {label}: {_cell(times)}"
        for name, row in rows.items()
        for label, times in row.items()
        if max(times) > MOST_APART * min(times)
    ]


def _cell(times):
    return f"{_time(median(times))} ({_time(min(times))} to {_time(max(times))})"


def _time(seconds):
    number, unit = (seconds, "s") if seconds >= 1 else (seconds * 1e3, "ms")
    return f"{number:.0f} {unit}" if number >= 100 else f"{number:.2g} {unit}"


def main():
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the tables for the site")
    parser.add_argument("--quick", action="store_true", help="the smallest network alone")
    parser.add_argument("--rounds", type=int, default=3, help="how often each check is measured")
    parser.add_argument("--once", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.once:
        (EVERY | RANDOM)[args.once](Problem([2, 3, 2]))
        print(time.process_time())
        return
    every = SMALL if args.quick else SMALL | MIDDLE
    rows = measured(EVERY, every, args.rounds)
    others = measured(RANDOM, every if args.quick else every | LARGE, args.rounds)
    text = f"{table('every parameter', rows)}\n\n{table('random directions', others)}\n"
    print(text)
    if busy := apart(rows) + apart(others):
        raise SystemExit("\n".join(["Something else had the machine, so nothing is kept:", *busy]))
    if args.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
