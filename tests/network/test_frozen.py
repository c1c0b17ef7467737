"""What the package hands out stays as it is: no field can be set afterwards."""

import pkgutil
from dataclasses import is_dataclass
from importlib import import_module

import pytest

import proofs

MODULES = [
    module.name
    for module in pkgutil.walk_packages(proofs.__path__, "proofs.")
    if not module.name.startswith("proofs.adapters.") and not module.name.endswith("__main__")
]
CLASSES = {
    f"{name}.{label}": value
    for name in MODULES
    for label, value in vars(import_module(name)).items()
    if isinstance(value, type) and is_dataclass(value) and value.__module__ == name
}


FILLED_ON_THE_WAY = {
    f"proofs.checker.{name}"
    for name in (
        "call.Call",
        "judging.noise.Off",
        "judging.noise.Spread",
        "listening.Listening",
        "listening.Wire",
        "reference.Reference",
        "watch.Seen",
        "watch_frameworks.Use",
        "wrong_case.Steps",
    )
} | {
    f"proofs.measuring.tangents.{name}"
    for name in ("Composite", "Factors", "Looking", "Operands", "Sums")
}
"""Records that the checker fills while it works, and hands to nobody."""


class TestEveryDataclass:
    """It is frozen, so that a caller cannot spoil what another one holds."""

    def test_there_are_some(self):
        assert len(CLASSES) > 20

    @pytest.mark.parametrize("name", sorted(CLASSES.keys() - FILLED_ON_THE_WAY))
    def test_is_frozen(self, name):
        assert CLASSES[name].__dataclass_params__.frozen
