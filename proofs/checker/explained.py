"""Which diagnoses explain what several networks showed: each stays with the networks it fits."""

from collections.abc import Sequence
from dataclasses import replace

from proofs.checker.naming import Diagnosis

Found = tuple[tuple[str, ...], tuple[Diagnosis, ...]]
"""The names of the networks, and what their numbers look like."""


def explained(found: Sequence[Found]) -> tuple[list[int], tuple[Diagnosis, ...]]:
    """The diagnoses of all, and on which of `found` the first of them fits.

    What fits everywhere is said of all. Where nothing does, formulas stand side by side, each with
    the networks that it fits, if more than nothing fits; a vague diagnosis, such as a factor, is
    then dropped.
    """
    fits: dict[Diagnosis, set[int]] = {}
    for i, (_, diagnoses) in enumerate(found):
        for d in diagnoses:
            fits.setdefault(d, set()).add(i)
    everywhere = list(range(len(found)))
    common = tuple(d for d, where in fits.items() if len(where) == len(found))
    if common:
        return everywhere, common
    named = {d: where for d, where in fits.items() if not d.vague}
    parts: list[set[int]] = []
    left = set(everywhere)
    while best := max((where & left for where in named.values()), key=_rank, default=None):
        parts.append(best)
        left -= best
    # What fits fewer networks than nothing fits, fits them by chance: they are the small ones.
    parts = [best for best in parts if len(best) >= len(left)]
    said = (
        replace(d, cases=_names(found, best))
        for best in parts
        for d, where in named.items()
        if best <= where
    )
    return sorted(parts[0]) if parts else everywhere, tuple(said)


def _rank(where: set[int]) -> tuple[int, list[int]]:
    return len(where), sorted(where)


def _names(found: Sequence[Found], where: set[int]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for i in sorted(where) for name in found[i][0]))
    return names or (f"{len(where)} of {len(found)} networks",)
