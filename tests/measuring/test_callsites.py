"""Where in the user's own code a step was made, in words."""

import linecache

import pytest

from proofs.measuring.callsites import Site


class TestCells:
    """A cell of a notebook is called that, and not by the file that the notebook makes of it."""

    @pytest.mark.parametrize(
        "file", ["<ipython-input-2-ec4238491a57>", "/tmp/ipykernel_71/1234567.py"]
    )
    def test_by_name(self, file: str) -> None:
        source = "def f(x):\n    return 2 * x\n"
        scope: dict[str, object] = {}
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        exec(compile(source, file, "exec"), scope)
        code = scope["f"].__code__  # type: ignore[attr-defined]
        last = len(list(code.co_positions())) - 1
        assert str(Site(code, 2 * last)) == "a cell, line 2: return 2 * x"
