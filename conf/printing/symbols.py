"""Where symbols are introduced: {symbol}`w^l_{jk}` names signs and says that they are new here."""

from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from proofs.claims.letters import LETTERS, sign_of, written


class IntroducedSymbol(SphinxRole):
    """{symbol}`LATEX`: inline mathematics whose signs are introduced right here, in words."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        # A sign as the list prints it is no relation, though it may hold one: [j = k].
        listed = any(self.text == sign.printed for sign in LETTERS)
        return [nodes.math("", self.text, introduces=names(self.text), proved=listed)], []


def names(latex: str) -> tuple[str, ...]:
    """The names of the signs in a formula, such as weight or error."""
    return tuple(sign.name for each in written(latex) if (sign := sign_of(each)))


def uses(env: BuildEnvironment, pages: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    """Every sign of every formula on the pages, in reading order.

    Its name, the page with the formula, and whether it is introduced there. What stands behind a
    fold, and in the table of all symbols, is read by those who ask for it; what a cell prints has
    letters of its own.
    """
    for page in pages:
        for math in env.get_doctree(page).findall(is_formula):
            assert isinstance(math, nodes.Element)
            new = math.get("introduces", ())
            yield from ((name, page, name in new) for name in names(math.astext()))


def is_formula(node: nodes.Node) -> bool:
    """Whether a node is a formula that everybody reads."""
    if not isinstance(node, nodes.math | nodes.math_block):
        return False
    parent = node.parent
    while parent is not None:
        classes = parent.get("classes", ())
        if parent.tagname == "fold" or {"cell_output", "crossed", "notation"} & {*classes}:
            return False
        parent = parent.parent
    return True


def too_early(env: BuildEnvironment, pages: Iterable[str]) -> list[str]:
    """The signs that a reader of the pages meets before they are introduced, a line for each."""
    known: set[str] = set()
    found: dict[str, str] = {}
    for name, page, new in uses(env, pages):
        if new:
            known.add(name)
        elif name not in known:
            found.setdefault(name, f"{page}: {name} is used before it is introduced")
    return list(found.values())


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_role("symbol", IntroducedSymbol())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
