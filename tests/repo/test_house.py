"""How the package is built: what imports what."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

FILES = {
    ".".join(file.with_suffix("").parts).removesuffix(".__init__"): file
    for file in Path("proofs").rglob("*.py")
}
FACES = {"proofs"}
"""It hands on what stands in the others."""


def imported(source, known):
    """The modules of `known` that a source imports, in functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{name.name}" for name in node.names} & known
            yield from inside or {node.module} & known
        elif isinstance(node, ast.Import):
            yield from {name.name for name in node.names} & known


def folded(name):
    """The room of a file, which is a folder or a file right below `proofs`."""
    return ".".join(name.split(".")[:2])


def circle(arrows):
    """The files or rooms of a circle, none where there is none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


@pytest.fixture(scope="module")
def arrows():
    known = FILES.keys()
    return {name: set(imported(file.read_text(), known)) for name, file in FILES.items()}


class TestNoCircle:
    """No file imports itself by way of others, and no room does."""

    def test_of_files(self, arrows):
        assert not circle(arrows)

    def test_of_rooms(self, arrows):
        rooms = {}
        for name, to in arrows.items():
            others = {folded(other) for other in to - FACES} - {folded(name)}
            rooms.setdefault(folded(name), set()).update(others)
        assert not circle({room: to for room, to in rooms.items() if room not in FACES})

    def test_one_that_is_would_be_seen(self):
        known = {"a", "b"}
        arrows = {
            "a": set(imported("def late():\n    from b import c", known)),
            "b": set(imported("import a", known)),
        }
        assert set(circle(arrows)) == known


class TestEveryRoomSaysWhatItIs:
    """Each file opens with what it is for."""

    @pytest.mark.parametrize("name", sorted(FILES))
    def test_in_its_docstring(self, name):
        assert ast.get_docstring(ast.parse(FILES[name].read_text()))
