"""The guard: no equation, relation or computed number on a page is typed by hand."""

import re
from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing.domain import note

RELATION = re.compile(
    r"[=<>≤≥≈≠≡∼∝∈]|\\(approx|cong|coloneqq|doteq|equiv|geq?|geqslant|gg|gt|in|leq?|leqslant|ll|lt"
    r"|neq?|propto|sim|simeq)\b"
)
CELL = re.compile(r"^(`{3,})\{code-cell\}.*?^\1", re.MULTILINE | re.DOTALL)
TYPED_IN_CELL = re.compile(
    r"\b(HTML|Latex|Markdown|Math)\(|\\\\?(frac|sum|partial|sigma|delta|nabla)\b"
)
COMPUTED = re.compile(r"\d\.\d{3,}")


def guard(app: Sphinx, doctree: nodes.document) -> None:
    """Note every equation, relation or computed number that was typed by hand."""
    for node, problem in typed_by_hand(doctree):
        place = next((n for n in (node, *parents(node)) if n.line), node)
        note(app.env, app.env.docname, place.source, place.line, problem)


def typed_by_hand(doctree: nodes.document) -> Iterable[tuple[nodes.Node, str]]:
    """What no claim and no cell vouches for, with the reason why it may not stand on a page."""
    for block in doctree.findall(nodes.math_block):
        if not block.get("proved") and not inside(block, "cell_output"):
            yield block, "a displayed equation is typed by hand; print a claim with ```{claim} TAG"
    for math in doctree.findall(nodes.math):
        if not math.get("proved") and RELATION.search(math.astext()):
            yield math, f"the relation ${math.astext()}$ is typed by hand; use {{claim}}`TAG`"
    for raw in doctree.findall(nodes.raw):
        if "<math" in raw.astext():
            yield raw, "a displayed equation is typed by hand; print a claim with ```{claim} TAG"
    for text in doctree.findall(nodes.Text):
        if COMPUTED.search(text) and not any(map(is_computed, parents(text))):
            problem = "is typed by hand; let a cell compute it"
            yield text, f"the number in {text.strip()!r} {problem}"


def is_computed(node: nodes.Element) -> bool:
    """Whether what stands in a node is code, an output, or what a directive of ours printed."""
    code = (nodes.FixedTextElement, nodes.literal, nodes.reference, addnodes.desc_signature)
    return isinstance(node, code) or node.get("proved") or "cell_output" in node.get("classes", ())


def parents(node: nodes.Node) -> Sequence[nodes.Element]:
    """The nodes that a node stands in, innermost first."""
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def inside(node: nodes.Node, kind: str) -> bool:
    """Whether a node stands in a container of a class."""
    return any(kind in parent.get("classes", ()) for parent in parents(node))


def guard_cells(app: Sphinx, docname: str, content: list[str]) -> None:
    """Note every cell that types an equation, also one whose input the page hides."""
    for cell in CELL.finditer(content[0]):
        found = TYPED_IN_CELL.search(cell[0])
        if found:
            line = content[0].count("\n", 0, cell.start() + found.start()) + 1
            problem = "a cell types an equation by hand; print what the package returns"
            note(app.env, docname, None, line, problem)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("source-read", guard_cells)
    app.connect("doctree-read", guard)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
