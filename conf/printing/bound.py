"""What no claim runs is checked by every build; a check that fails stops it, as a claim does."""

from proofs.lessons.bound import CHECKS


def untrue() -> list[str]:
    """The sentences that are not true; `stop` tells them with the claims that do not hold."""
    return [f"no longer true: {check.__doc__}" for check in CHECKS if not check()]
