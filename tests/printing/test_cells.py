"""Cells run one after the other in a process of their own, and what they give is kept in order."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


@pytest.fixture
def run(conf, tmp_path):
    """Run the cells of a page."""
    from printing.cells import executed

    def given(*sources, seconds=60, **options):
        cells = [new_markdown_cell("Words."), *map(new_code_cell, sources)]
        return executed(new_notebook(cells=cells), str(tmp_path), seconds, False, **options)

    return given


def outputs(done, number=-1):
    return [
        (o.output_type, o.get("text") or o.data["text/plain"])
        for o in done.nb.cells[number].outputs
    ]


class TestOutputs:
    """Everything that a cell gives is there, in its order."""

    def test_streams_and_displays(self, run):
        source = "print(1)\nprint(2)\ndisplay(3)\nimport sys\nprint(4, file=sys.stderr)\n5"
        done = run(source)
        assert done.err is None
        assert outputs(done) == [
            *(("stream", "1\n2\n"), ("display_data", "3")),
            *(("stream", "4\n"), ("execute_result", "5")),
        ]

    def test_nothing(self, run):
        assert outputs(run("x = 1")) == []
        assert outputs(run("None")) == []

    def test_a_result_of_many_kinds(self, run):
        source = "class Bold:\n    def _repr_html_(self):\n        return '<b>x</b>'\nBold()"
        [result] = run(source).nb.cells[-1].outputs
        assert result.data["text/html"] == "<b>x</b>"
        assert result.execution_count == 1

    def test_a_command(self, run):
        [(kind, words)] = outputs(run("!echo words"))
        assert (kind, words.split()) == ("stream", ["words"])


class TestState:
    """A cell knows the cells above it, and nothing else."""

    def test_the_cells_above(self, run):
        assert outputs(run("x = 1", "x + 1")) == [("execute_result", "2")]

    def test_no_other_page(self, run):
        run("import proofs\nproofs.planted = x = 1")
        assert outputs(run("import proofs\nhasattr(proofs, 'planted'), 'x' in globals()")) == [
            ("execute_result", "(False, False)")
        ]

    def test_what_lies_beside_the_page(self, run, tmp_path):
        (tmp_path / "beside.py").write_text("x = 7")
        assert outputs(run("import beside\nbeside.x")) == [("execute_result", "7")]


class TestFaults:
    """A cell that fails, hangs or ends its process ends the page, and says so."""

    def test_an_error(self, run):
        done = run("print('before')\n1 / 0", "print('never')")
        assert type(done.err).__name__ == "CellExecutionError"
        assert "ZeroDivisionError: division by zero" in done.exc_string
        assert "before" in done.exc_string
        assert outputs(done) == []

    def test_what_is_no_python(self, run):
        assert "SyntaxError" in run("x = = 1").exc_string

    def test_it_hangs(self, run):
        done = run("while True: pass", seconds=0.5)
        assert "TimeoutError: after 0.5 seconds" in done.exc_string
        assert "while True" in done.exc_string

    def test_it_ends_its_process(self, run):
        done = run("import os\nos._exit(0)")
        assert "the cell has ended its process" in done.exc_string
        assert "os._exit(0)" in done.exc_string
