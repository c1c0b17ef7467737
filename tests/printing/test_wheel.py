"""The package beside the pages: a wheel, the same bytes each time, that holds what pages import."""

from zipfile import ZipFile

from printing.wheel import wheel
from sites import ROOT


class TestTheWheel:
    """What a reader installs is the package as it is."""

    def test_twice_the_same_bytes(self, tmp_path):
        made = [(folder / wheel(folder)).read_bytes() for folder in two(tmp_path)]
        assert made[0] == made[1]

    def test_it_holds_the_package(self, tmp_path):
        with ZipFile(tmp_path / wheel(tmp_path)) as file:
            held = {name for name in file.namelist() if name.startswith("proofs/")}
        sources = {p.relative_to(ROOT).as_posix() for p in (ROOT / "proofs").rglob("*.py")}
        assert sources <= held


def two(folder):
    """Two empty folders."""
    for name in ("first", "second"):
        (folder / name).mkdir()
        yield folder / name
