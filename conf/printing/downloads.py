"""Every page as a notebook and as a script, which run wherever the package is installed.

Cells stay as they are. Where the page prints claims, they are printed as LaTeX and checked again;
what a page only shows, such as a graph, stays on the page.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx

from proofs.claims import CLAIMS
from proofs.claims.notation import latex

DOCS = Path(__file__).parents[2] / "docs"
CODE = "'''"
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
BLOCK = re.compile(r"^(`{3,}|:{3,})\{([\w-]+)\} *(.*)\n((?:.*\n)*?)\1$", re.MULTILINE)
OPTION = re.compile(r"\A(:[\w-]+:.*\n)+\n?")
TARGET = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)
SHELL = re.compile(r"^!", re.MULTILINE)
INLINE = re.compile(r"\{claim\}`([^`]+)`")
ROLES = [
    (re.compile(r"\{eq\}`([^`]+)`"), r"(\1)"),
    (re.compile(r"\{cite(?::\w+)?\}`([^`]+)`"), r"[\1]"),
    (re.compile(r"\{[\w:]+\}`([^`]+)`"), r"`\1`"),
    (re.compile(r"\]\(([\w-]+)\.md(#[\w-]+)?\)"), r"](\1.ipynb)"),
]
Cell = tuple[str, str]
"""Its kind, "markdown" or "code", and its text."""


def cells(page: str) -> Iterator[Cell]:
    """The cells of a page, given its source."""
    page = TARGET.sub("", FRONT.sub("", page))
    end = 0
    for block in BLOCK.finditer(page):
        yield "markdown", page[end : block.start()]
        _, name, argument, body = block.groups()
        yield from DIRECTIVES.get(name, nothing)(argument, OPTION.sub("", body))
        end = block.end()
    yield "markdown", page[end:]


def nothing(argument: str, body: str) -> list[Cell]:
    """What cannot leave the page."""
    return []


def code(argument: str, body: str) -> list[Cell]:
    """A cell."""
    return [("code", body)]


def words(argument: str, body: str) -> list[Cell]:
    """An admonition, as a quotation."""
    lines = [f"**{argument}**", "", *body.splitlines()]
    return [("markdown", "\n".join(f"> {line}".rstrip() for line in lines))]


def claims(argument: str, body: str) -> list[Cell]:
    """Claims, and the check of each."""
    tags = argument.split()
    lines = [f"$$ {latex(CLAIMS[tag].statement)} \\tag{{{tag}}} $$" for tag in tags]
    return [("markdown", "\n\n".join(lines)), *checks(argument, body)]


def checks(argument: str, body: str) -> list[Cell]:
    """The verdict on claims."""
    tags = argument.split() or list(CLAIMS)
    loop = f"for tag in {json.dumps(tags)}:"
    shown = '    print(f"({tag})", "holds" if verdict(tag).holds else verdict(tag).objection)'
    return [("code", f"from proofs import verdict\n\n{loop}\n{shown}")]


def refutations(argument: str, body: str) -> list[Cell]:
    """What contradicts the wrong equations."""
    loop = f"for tag in {json.dumps(argument.split())}:\n    for wrong in verdict(tag).rejections:"
    shown = '        print(f"({tag})", wrong.refutation.misconception, wrong.detail, sep="\\n  ")'
    return [("code", f"from proofs import verdict\n\n{loop}\n{shown}")]


def formula(argument: str, body: str) -> list[Cell]:
    """The source of a formula."""
    shown = "    print(inspect.getsource(CLAIMS[tag].shown))"
    loop = f"for tag in {json.dumps(argument.split())}:\n{shown}"
    return [("code", f"import inspect\n\nfrom proofs.claims import CLAIMS\n\n{loop}")]


def included(argument: str, body: str) -> list[Cell]:
    """A file of the pages, which the cells may import: it is written where they run."""
    if "/" in argument:
        return []  # part of the package, which is there
    text = (DOCS / argument).read_text(encoding="utf-8")
    write = f'Path({json.dumps(argument)}).write_text({CODE}{text}{CODE}, encoding="utf-8")'
    return [("code", f"from pathlib import Path\n\n{write}")]


DIRECTIVES = {
    "code-cell": code,
    "admonition": words,
    "claim": claims,
    "derivation": claims,
    "ledger": checks,
    "refutations": refutations,
    "formula": formula,
    "literalinclude": included,
}


def plain(text: str) -> str:
    """Markdown that any notebook understands."""
    text = INLINE.sub(lambda found: f"${latex(CLAIMS[found[1]].statement)}$", text)
    for role, words in ROLES:
        text = role.sub(words, text)
    return text.strip()


def tidy(page: str) -> list[Cell]:
    """The cells with something in them, in words that need no Sphinx."""
    found = [
        (kind, plain(text) if kind == "markdown" else text.strip()) for kind, text in cells(page)
    ]
    return [(kind, text) for kind, text in found if text]


def notebook(page: str) -> str:
    """The page as a Jupyter notebook."""
    new: dict[str, Any] = {"code": new_code_cell, "markdown": new_markdown_cell}
    made = [new[kind](text, id=f"cell-{n}") for n, (kind, text) in enumerate(tidy(page))]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return str(nbformat.writes(new_notebook(cells=made, metadata=kernel))) + "\n"


def script(page: str) -> str:
    """The page as a Python script, in cells that editors know by their percent signs."""
    parts = [
        f"# %%\n{SHELL.sub('# in a shell: ', text)}"
        if kind == "code"
        else "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in text.splitlines())
        for kind, text in tidy(page)
    ]
    return "\n\n".join(parts) + "\n"


def offer(app: Sphinx, name: str, _template: str, context: dict[str, Any], doctree: Any) -> None:
    """Write both beside the page, and tell its template."""
    if doctree is None or app.builder.format != "html":
        return
    page = Path(app.env.doc2path(name)).read_text(encoding="utf-8")
    folder = Path(app.outdir, "_downloads")
    folder.mkdir(exist_ok=True)
    for ending, form in {"ipynb": notebook, "py": script}.items():
        (folder / f"{name}.{ending}").write_text(form(page), encoding="utf-8")
    context["downloads"] = name


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", offer)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
