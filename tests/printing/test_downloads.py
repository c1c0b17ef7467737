"""Every page as a notebook and as a script, which run where nothing but the package is."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from printing import downloads
from sites import ROOT

SOURCES = {file.stem: file.read_text(encoding="utf-8") for file in (ROOT / "docs").glob("*.md")}

every_page = pytest.mark.parametrize("name", sorted(SOURCES))

RUN_ALL = """
import runpy, sys
for absent in ("docutils", "myst_nb", "printing"):
    sys.modules[absent] = None
for script in sys.argv[1:]:
    print(script, flush=True)
    runpy.run_path(script)
"""
"""One process for all scripts, so that what is loaded is loaded once."""

TAKEN = """
from proofs.witnesses import checking

yes = checking.Witness(True, "")  # that the claims hold is tested elsewhere
checking.symbolic = checking.measured = checking.agreement = lambda *_: yes
"""


def run(folder, pages, before=""):
    """Run the scripts of pages away from the checkout's pages and tools; what they print."""
    for name, page in pages.items():
        (folder / f"{name}.py").write_text(downloads.script(page), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", before + RUN_ALL, *(f"{name}.py" for name in pages)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


class TestEveryPage:
    """What the page runs and prints, its downloads run and check."""

    def test_all_scripts_run(self, tmp_path):
        status, said, error = run(tmp_path, SOURCES, TAKEN)
        assert status == 0, error
        assert "(BP1) holds" in said
        assert "is false" not in said

    def test_a_script_checks_its_claims(self, tmp_path):
        status, said, error = run(tmp_path, {"bp1": SOURCES["bp1"]})
        assert status == 0, error
        assert "(BP1) holds" in said
        assert "is false" not in said

    @every_page
    def test_the_notebook_holds_the_same_cells(self, name):
        cells = downloads.tidy(SOURCES[name])
        made = nbformat.reads(downloads.notebook(SOURCES[name]), as_version=4)
        nbformat.validate(made)
        assert [(cell.cell_type, cell.source) for cell in made.cells] == list(cells)

    @every_page
    def test_every_cell_of_the_page_is_there(self, name):
        code = [text for kind, text in downloads.tidy(SOURCES[name]) if kind == "code"]
        cells = SOURCES[name].split("```{code-cell}\n")[1:]
        for cell in cells:
            body = cell.partition("\n```")[0]
            assert any(text in body for text in code)

    @every_page
    def test_what_is_worked_out_by_hand_is_there(self, name):
        """So are the pictures, also those in the doors of the front page."""
        words = "".join(text for _, text in downloads.tidy(SOURCES[name]))
        for directive, mark in {"worked": r"\begin{aligned}", "picture": "](attachment:"}.items():
            shown = re.findall(rf"^```{{{directive}}} (.*)$", SOURCES[name], re.MULTILINE)
            assert words.count(mark) == sum(len(tags.split()) for tags in shown)

    @every_page
    def test_nothing_of_sphinx_is_left(self, name):
        words = [text for kind, text in downloads.tidy(SOURCES[name]) if kind == "markdown"]
        for text in words:
            assert "```{" not in text
            assert "`{" not in text
            assert ".md)" not in text

    def test_an_admonition_is_quoted_around_its_cells(self):
        inside = "Before.\n\n```{claim} 38\n```\n\nAfter.\n\n```{ledger}\n```\n"
        page = f":::{{admonition}} Title\n:collapsible: closed\n\n{inside}:::\n"
        (_, before), (_, equation), check, (_, after), again = downloads.tidy(page)
        assert (before, after) == ("> **Title**\n>\n> Before.", "> After.")
        assert equation.endswith("\\tag{38} $$")
        assert check == again
        assert 'for tag in ["38"]:' in check[1]

    def test_a_notebook_runs(self, tmp_path, monkeypatch):
        """In a kernel, as a reader runs it."""
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        made = nbformat.reads(downloads.notebook(SOURCES["why-sum-over-k"]), as_version=4)
        NotebookClient(
            made, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
        ).execute()
        printed = json.dumps([cell.get("outputs", []) for cell in made.cells])
        assert "(38) holds" in printed
        assert "softmax at z = (1, 2, 3)" in printed


class TestFaultsAreSeen:
    """A cell that fails makes its script fail, and a false claim is told."""

    def test_a_cell_that_fails(self, tmp_path):
        page = "# Page\n\n```{code-cell}\n1 / 0\n```\n"
        status, _, error = run(tmp_path, {"page": page})
        assert status == 1
        assert "ZeroDivisionError" in error

    def test_a_claim_that_is_false(self, tmp_path):
        page = """
```{code-cell}
from dataclasses import replace
from proofs.claims import CLAIMS
CLAIMS["BP1"] = replace(CLAIMS["BP1"], formula=lambda case, l: 2 * case.delta(l))
```

```{claim} BP1
```
"""
        status, said, error = run(tmp_path, {"page": page})
        assert status == 0, error
        assert "(BP1) (BP1) is false: left side" in said

    def test_a_page_that_needs_the_site(self, tmp_path):
        status, _, error = run(tmp_path, {"page": "```{code-cell}\nimport docutils\n```\n"})
        assert status == 1
        assert "docutils" in error
