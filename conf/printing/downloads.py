"""Every page as a notebook and as a script, which run where the package is installed.

Cells stay as they are. Where the page prints claims, they are printed as LaTeX, with their reasons,
and checked again; what a page only shows, such as a graph, stays on the page.
"""

import base64
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pybtex.database import parse_file
from sphinx.application import Sphinx

from printing.by_hand import aligned, place
from printing.kept import drawn
from proofs.claims import CLAIMS
from proofs.claims.notation import latex
from proofs.lessons.by_hand import CASES, worked
from proofs.lessons.exercises import EXERCISES
from proofs.mistakes.catalogue import RECTANGULAR, textbook

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCES = ROOT / "conf/records/references.bib"
CODE = "'''"
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
BLOCK = re.compile(r"^(`{3,}|:{3,})\{([\w-]+)\} *(.*)\n((?:.*\n)*?)\1$", re.MULTILINE)
OPTION = re.compile(r"\A(:[\w-]+:.*\n)+\n?")
TARGET = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)
SHELL = re.compile(r"^!", re.MULTILINE)
INLINE = re.compile(r"\{claim\}`([^`]+)`")
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
ATTACHED = re.compile(r"!\[([^\]]*)\]\(attachment:([\w-]+)\.svg\)")
ROLES = [
    (re.compile(r"\{eq\}`([^`]+)`"), r"(\1)"),
    (re.compile(r"\{symbol\}`([^`]+)`"), r"$\1$"),
    (re.compile(r"\{[\w:]+\}`([^`]+)`"), r"`\1`"),
    (re.compile(r"\]\(([\w-]+)\.md(#[\w-]+)?\)"), r"](\1.ipynb)"),
]
Cell = tuple[str, str]
"""Its kind, "markdown" or "code", and its text."""


def cells(page: str) -> Iterator[Cell]:
    """The cells of a page, given its source."""
    return cells_of(TARGET.sub("", FRONT.sub("", page)), [])


def cells_of(page: str, printed: list[str]) -> Iterator[Cell]:
    """The cells of a page or of what stands in an admonition; `printed` are the claims so far."""
    end = 0
    for block in BLOCK.finditer(page):
        yield "markdown", page[end : block.start()]
        _, name, argument, body = block.groups()
        if name in ("claim", "derivation"):
            printed += argument.split()
        elif name in ("refutations", "ledger") and not argument:
            argument = " ".join(dict.fromkeys(printed))
        if name not in ("literalinclude", "worked"):  # their options say what is shown
            body = OPTION.sub("", body)
        if name == "container":
            yield from cells_of(body, printed)
        elif name == "admonition":
            yield from quoted(argument, cells_of(body, printed))
        else:
            yield from DIRECTIVES.get(name, nothing)(argument, body)
        end = block.end()
    yield "markdown", page[end:]


def nothing(argument: str, body: str) -> list[Cell]:
    """What cannot leave the page."""
    return []


def code(argument: str, body: str) -> list[Cell]:
    """A cell."""
    return [("code", body)]


def quoted(title: str, inside: Iterable[Cell]) -> Iterator[Cell]:
    """An admonition: its words as a quotation, and between them the cells that it shows."""
    above = f"**{title}**\n\n"
    for kind, text in inside:
        if kind == "markdown":
            lines = f"{above}{text.strip()}".strip().splitlines()
            yield kind, "\n".join(f"> {line}".rstrip() for line in lines)
            above = ""
        else:
            yield kind, text


def claims(argument: str, body: str) -> list[Cell]:
    """Claims, and the check of each."""
    lines = [equation(tag) for tag in argument.split()]
    return [("markdown", "\n\n".join(lines)), *checks(argument, body)]


def derivation(argument: str, body: str) -> list[Cell]:
    """The steps of a proof with their reasons, and the check of each."""
    steps = [f"{equation(tag)}\n\n{CLAIMS[tag].reason}" for tag in argument.split()]
    return [("markdown", "\n\n".join(steps)), *checks(argument, body)]


def equation(tag: str) -> str:
    """A claim as a displayed equation with its number."""
    return f"$$ {latex(CLAIMS[tag].statement)} \\tag{{{tag}}} $$"


def by_hand(argument: str, body: str) -> list[Cell]:
    """Equations with short numbers put in, worked out as on the page."""
    options = dict(re.findall(r"^:(\w+): *(.*)$", body, re.MULTILINE))
    case, at = CASES[options.get("case", "small")](), place(options.get("at", ""))
    done = [
        worked(CLAIMS[tag].statement, case, terms="terms" in options, **at)
        for tag in argument.split()
    ]
    return [("markdown", "\n\n".join(f"$$ {aligned(found)} $$" for found in done))]


def checks(argument: str, body: str) -> list[Cell]:
    """The verdict on claims."""
    tags = list(CLAIMS) if argument == "all" else argument.split()
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
    return [
        listed(inspect.getsource(shown)) for tag in argument.split() if (shown := CLAIMS[tag].shown)
    ]


def listed(text: str) -> Cell:
    """Code to read, which the package has."""
    return "markdown", f"```python\n{text.strip()}\n```"


def included(argument: str, body: str) -> list[Cell]:
    """A file of the pages, which the cells may import: it is written where they run.

    Of a file of the package, which is there, the part that the page shows is shown.
    """
    text = (DOCS / argument).read_text(encoding="utf-8")
    if "/" not in argument:
        write = f'Path({json.dumps(argument)}).write_text({CODE}{text}{CODE}, encoding="utf-8")'
        return [("code", f"from pathlib import Path\n\n{write}")]
    if named := re.search(r"^:pyobject: (\w+)$", body, re.MULTILINE):
        start = re.search(rf"^(?:@.*\n)*(?:def|class) {named[1]}\b", text, re.MULTILINE)
        assert start, f"{argument} has no {named[1]}"
        rest = re.search(r"\n(?=\S)(?!\))", text[start.end() :])
        text = text[start.start() : start.end() + rest.start() if rest else None]
    return [listed(text)]


def picture(argument: str, body: str) -> list[Cell]:
    """A picture, which a notebook holds itself."""
    alt = drawn(argument).alt.replace("[", "(").replace("]", ")")
    return [("markdown", f"![{alt}](attachment:{argument}.svg)")]


def answer(argument: str, body: str) -> list[Cell]:
    """The numbers that answer a question."""
    lines = ["from proofs.lessons.answers import ANSWERS", ""]
    lines += [
        f"for words, found in ANSWERS[{argument!r}]().items():",
        '    print(f"{words}: {found}")',
    ]
    return [("code", "\n".join(lines))]


def the_right_one(argument: str, body: str) -> list[Cell]:
    """The pass that the wrong lines are planted in."""
    return [listed(textbook(RECTANGULAR.lines()))]


def puzzles(argument: str, body: str) -> list[Cell]:
    """Reports to read: the code that makes each, and another cell with what is wrong."""
    found: list[Cell] = [("code", PUZZLES)]
    for n, name in enumerate(argument.split(), start=1):
        found.append(("markdown", f"**{n}.** Which line is wrong?"))
        found.append(("code", f"print(report({name!r}))"))
        found.append(("code", f"# What is wrong, when you have decided:\nprint(answer({name!r}))"))
    return found


PUZZLES = """from proofs import check_backprop
from proofs.mistakes.catalogue import WILD

WRONG = {wrong.name: wrong for wrong in WILD}


def report(name):
    case = WRONG[name].setting.case()
    return check_backprop(WRONG[name].backprop(), case.network, case.x, case.y)


def answer(name):
    wrong, right = WRONG[name], WRONG[name].setting.lines()
    changed = [f"- {line}\\n+ {right[place]}" for place, line in wrong.lines.items()]
    return "\\n".join([wrong.misconception, *changed])"""


def whatif(argument: str, body: str) -> list[Cell]:
    """A what-if as a loop over what a reader would choose."""
    return [("code", ONE_LINE_WRONG)] if argument == "one-line-wrong" else []


ONE_LINE_WRONG = """from proofs.lessons.whatifs import one_line_wrong

for slip in (one_line_wrong.RIGHT, *one_line_wrong.SLIPS):
    costs, grid = one_line_wrong.train(slip)
    off = [
        f"{equation} layer {l}"
        for equation, row in grid.items()
        for l, part in row.items()
        if part > one_line_wrong.ROUNDING
    ]
    print("The right pass" if slip == one_line_wrong.RIGHT else one_line_wrong.words(slip))
    print(f"  cost {costs[0]:.3f} -> {costs[-1]:.3f}, wrong: {', '.join(off) or 'nothing'}")"""


def exercise(argument: str, body: str) -> list[Cell]:
    """What is to be written, with its hint, and a stub to write it in."""
    found: list[Cell] = []
    for one in (EXERCISES[name] for name in argument.split()):
        found.append(("markdown", f"**`{one.name}`** ({one.source}). Hint: {one.hint}"))
        lines = ["from proofs.lessons.exercises import EXERCISES", "", one.stub.strip(), ""]
        check = f"# EXERCISES[{one.name!r}].check({one.name})  # says what is wrong with yours"
        found.append(("code", "\n".join([*lines, check])))
    return found


def question(argument: str, body: str) -> list[Cell]:
    """A question with its answers, each with the reason."""
    lines = [f"**{argument}**", ""]
    for line in filter(None, body.splitlines()):
        if line.startswith(": "):
            lines[-1] += f" {line[2:]}"
        else:
            kind, _, text = line.partition(": ")
            lines.append(f"- {text} *{'Right.' if kind.startswith('right') else 'Wrong.'}*")
    return [("markdown", "\n".join(lines))]


DIRECTIVES: dict[str, Callable[[str, str], list[Cell]]] = {
    "code-cell": code,
    "claim": claims,
    "derivation": derivation,
    "worked": by_hand,
    "ledger": checks,
    "refutations": refutations,
    "formula": formula,
    "literalinclude": included,
    "picture": picture,
    "answer": answer,
    "textbook": the_right_one,
    "puzzles": puzzles,
    "what-if": whatif,
    "exercise": exercise,
    "self-check": question,
}


@cache
def sources() -> dict[str, str]:
    """Every source by its key, as a link with the name that the pages cite it by."""
    entries = parse_file(str(SOURCES)).entries
    return {
        key: f"[{entry.fields['shorthand']}]({entry.fields['url']})"
        if "url" in entry.fields
        else entry.fields["shorthand"]
        for key, entry in entries.items()
    }


def cited(match: re.Match[str]) -> str:
    """The sources of a citation, named."""
    return ", ".join(sources()[key.strip()] for key in match[1].split(","))


def plain(text: str) -> str:
    """Markdown that any notebook understands."""
    text = CITED.sub(cited, text)
    text = INLINE.sub(lambda found: f"${latex(CLAIMS[found[1]].statement)}$", text)
    for role, words in ROLES:
        text = role.sub(words, text)
    return text.strip()


@cache
def tidy(page: str) -> tuple[Cell, ...]:
    """The cells with something in them, in words that need no Sphinx."""
    found = [
        (kind, plain(text) if kind == "markdown" else text.strip()) for kind, text in cells(page)
    ]
    return tuple((kind, text) for kind, text in found if text)


def getting(wheel: str, base: str) -> str:
    """How to get the package, said where a notebook or a script begins."""
    where = f"{base}_downloads/{wheel}" if base else wheel
    beside = "" if base else " (the file is beside this one on the site, and on its page *Package*)"
    return (
        f"To run this you need Python 3.11 or newer and the package: "
        f"`python -m pip install {where}`{beside}. Some cells also use matplotlib and scikit-learn."
    )


def notebook(page: str, start: str = "") -> str:
    """The page as a Jupyter notebook."""
    made = []
    for n, (kind, text) in enumerate([*[("markdown", start)] * bool(start), *tidy(page)]):
        if kind == "code":
            made.append(new_code_cell(text, id=f"cell-{n}"))
            continue
        cell = new_markdown_cell(text, id=f"cell-{n}")
        if found := ATTACHED.findall(text):
            cell["attachments"] = {f"{name}.svg": attached(name) for _, name in found}
        made.append(cell)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return str(nbformat.writes(new_notebook(cells=made, metadata=kernel))) + "\n"


def attached(name: str) -> dict[str, str]:
    """A picture as a notebook holds it."""
    svg = drawn(name).svg
    return {"image/svg+xml": base64.b64encode(svg.encode()).decode()}


def script(page: str, start: str = "") -> str:
    """The page as a Python script, in cells that editors know by their percent signs."""
    parts = [
        f"# %%\n{SHELL.sub('# in a shell: ', text)}"
        if kind == "code"
        else "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in in_words(text))
        for kind, text in (*[("markdown", start)] * bool(start), *tidy(page))
    ]
    return "\n\n".join(parts) + "\n"


def in_words(text: str) -> list[str]:
    """The lines of a text, its pictures described."""
    return ATTACHED.sub(
        lambda m: m[0].partition("](")[0].replace("![", "Picture: "), text
    ).splitlines()


def offer(app: Sphinx, name: str, _template: str, context: dict[str, Any], doctree: Any) -> None:
    """Write both beside the page, and tell its template."""
    if doctree is None or app.builder.format != "html":
        return
    page = Path(app.env.doc2path(name)).read_text(encoding="utf-8")
    folder = Path(app.outdir, "_downloads")
    folder.mkdir(exist_ok=True)
    start = getting(app.config.wheel, app.config.html_baseurl)
    for ending, form in {"ipynb": notebook, "py": script}.items():
        (folder / f"{name}.{ending}").write_text(form(page, start), encoding="utf-8")
    context.update(downloads=name, wheel=app.config.wheel)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", offer)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
