"""Cells run one after the other in a process of their own, and what they give is kept in order."""

import sys
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


@pytest.fixture
def run(conf, tmp_path):
    """Run the cells of a page."""
    from printing.cells import executed

    def given(*sources, seconds=60):
        nb = new_notebook(cells=[new_markdown_cell("Words."), *map(new_code_cell, sources)])
        return nb.cells, executed(nb, str(tmp_path), seconds)

    return given


def outputs(done):
    cells, _ = done
    return [(o.output_type, o.get("text") or o.data["text/plain"]) for o in cells[-1].outputs]


class TestOutputs:
    """Everything that a cell gives is there, in its order."""

    def test_streams_and_displays(self, run):
        source = "print(1)\nprint(2)\ndisplay(3)\nimport sys\nprint(4, file=sys.stderr)\n5"
        done = run(source)
        assert done[1] is None
        assert outputs(done) == [
            *(("stream", "1\n2\n"), ("display_data", "3")),
            *(("stream", "4\n"), ("execute_result", "5")),
        ]

    def test_nothing(self, run):
        assert outputs(run("x = 1")) == []
        assert outputs(run("None")) == []

    def test_a_result_of_many_kinds(self, run):
        source = "class Bold:\n    def _repr_html_(self):\n        return '<b>x</b>'\nBold()"
        [result] = run(source)[0][-1].outputs
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


class TestImports:
    """What cells import from other packages is imported once for all pages."""

    @pytest.fixture
    def package(self, tmp_path, monkeypatch):
        """A module that notes each time that it is loaded."""
        (tmp_path / "elsewhere").mkdir()
        text = "with open(__file__ + '.loaded', 'a') as file:\n    file.write('.')"
        (tmp_path / "elsewhere/slow_to_load.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path / "elsewhere")
        return tmp_path / "elsewhere/slow_to_load.py.loaded"

    def test_once(self, run, package):
        for _ in range(2):
            assert run("import slow_to_load\nprint(slow_to_load.__name__)")[1] is None
        assert package.read_text() == "."

    def test_what_a_shell_itself_needs(self, run):
        """Every page would load it, and compile nbformat's check of outputs, once more."""
        loaded = "[m for m in sys.modules if m.startswith('IPython.core')]"
        run("1")
        before = eval(loaded, {"sys": sys})
        done = run(f"import sys\nset({loaded}) - set({before})")
        assert outputs(done) == [("execute_result", "set()")]
        assert nbformat.validator.validators  # compiled here, and copied

    def test_its_name_is_known_only_where_it_is_imported(self, run, package):
        run("import slow_to_load")
        assert "NameError: name 'slow_to_load'" in str(run("slow_to_load")[1])

    def test_what_is_not_there(self, run):
        assert "ModuleNotFoundError: No module named 'not_there'" in str(run("import not_there")[1])


class TestFaults:
    """A cell that fails, hangs or ends its process ends the page, and says so."""

    def test_an_error(self, run):
        done = run("print('before')\n1 / 0", "print('never')")
        assert type(done[1]).__name__ == "CellExecutionError"
        assert "ZeroDivisionError: division by zero" in str(done[1])
        assert "before" in str(done[1])
        assert outputs(done) == []

    def test_what_is_no_python(self, run):
        assert "SyntaxError" in str(run("x = = 1")[1])

    def test_it_hangs(self, run):
        failure = str(run("while True: pass", seconds=0.5)[1])
        assert "TimeoutError: after 0.5 seconds" in failure
        assert "while True" in failure

    def test_it_ends_its_process(self, run):
        failure = str(run("import os\nos._exit(0)")[1])
        assert "the cell has ended its process" in failure
        assert "os._exit(0)" in failure


class TestKept:
    """What the cells of a page gave is given again, without running them."""

    @pytest.fixture
    def client(self, conf, tmp_path):
        """What fills a notebook; it writes down each time that it is run, and what is wrong."""
        from printing.cells import KeptCells

        def filled(*sources):
            nb = new_notebook(cells=[new_markdown_cell("Words."), *map(new_code_cell, sources)])
            config = SimpleNamespace(execution_cache_path=tmp_path / "kept", execution_timeout=60)
            logger = SimpleNamespace(warning=lambda message, **_: said.append(message))
            with KeptCells(nb, tmp_path / "page.md", config, logger):
                return nb.cells[1:]

        said = filled.said = []
        return filled

    COUNT = "open('runs', 'a').write('.')\nprint(len(open('runs').read()))"

    def test_the_second_time(self, client):
        first, second = client(self.COUNT, "7"), client(self.COUNT, "7")
        assert [cell.outputs for cell in first] == [cell.outputs for cell in second]
        assert [cell.execution_count for cell in second] == [1, 2]
        assert second[0].outputs[0].text == "1\n"

    def test_other_cells(self, client):
        client(self.COUNT)
        assert client(self.COUNT, "7")[0].outputs[0].text == "2\n"

    def test_pages_without_cells(self, client):
        assert client() == client() == []

    def test_what_failed_is_run_again(self, client):
        client(self.COUNT, "1 / 0")
        assert client(self.COUNT, "1 / 0")[0].outputs[0].text == "2\n"
        assert ["ZeroDivisionError" in message for message in client.said] == [True, True]
