"""What the search finds: sections with their words, equations by their numbers, public names.

`find.js` ranks these places, with synonyms, and shows an excerpt of each. Everything lies in a
script beside the pages, because pages on a disk may not ask for files.
"""

import json
import re
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

from printing.domain import facts, pages
from printing.folds import fold
from proofs.claims import CLAIMS

SILENT = (
    nodes.raw,
    nodes.comment,
    nodes.meta,
    addnodes.index,
    fold,
    nodes.literal_block,
    nodes.math_block,
)
"""What a search reads past: folds and listings would drown the pages; names and equations have
places anyway.
"""
SPOKEN = {
    r"\sigma'": "sigma prime ",
    r"\delta": "delta",
    r"\sigma": "sigma",
    r"\partial": "∂",
    r"\odot": "⊙",
}


ASKED = {
    "why-sum-over-k": [
        "why sum over k",
        "why does Nielsen sum over all output neurons",
        "sum over all output neurons",
    ],
    "transformer": [
        "attention backward",
        "attention gradient",
        "self-attention backpropagation",
        "gradient of softmax in attention",
        "flash attention backward",
        "causal mask gradient",
    ],
    "sum-over-examples": [
        "batchnorm backward",
        "batch normalization gradient",
        "layernorm backward",
        "layer normalization gradient",
        "rmsnorm backward",
        "gradient of gamma and beta",
    ],
    "one-weight": [
        "convolution backward",
        "conv1d gradient",
        "flip the kernel",
        "embedding gradient",
        "residual connection gradient",
        "skip connection backward",
        "weight tying",
        "weight sharing gradient",
    ],
    "through-time": ["rnn backward", "lstm backward"],
    "stable-forms": ["loss is nan", "softmax overflow", "log of zero"],
    "slopes": [
        "saturated sigmoid",
        "exploding gradient",
        "learning slowdown",
    ],
    "what-cannot-be-said": [
        "dropout backward",
        "batchnorm gradient check",
        "gradient check passes but batch norm wrong",
        "class weights gradient",
    ],
    "two-slopes": [
        "relu derivative at 0",
        "max tie gradient",
        "maxpool tie",
        "derivative at a kink",
    ],
    "what-checkers-let-pass": ["gradcheck passes but wrong"],
    "where-a-sum-stops": ["bfloat16 gradient too small", "float16 bias gradient"],
    "check": [
        "gradient wrong",
        "my gradient is wrong",
        "backprop wrong",
        "is my backward pass wrong",
        "how to check my backprop",
    ],
    "check-class": ["keras"],
    "softmax-costs": [
        "cross entropy vs log likelihood",
        "which cost with softmax",
        "one hot labels",
    ],
    "cross-entropy": ["difference between BCE and cross entropy", "log loss gradient"],
    "autograd": ["backprop from scratch numpy", "micrograd"],
    "bp3-bp4": ["gradient of loss with respect to weights"],
    "error": ["mean squared error gradient", "mse derivative"],
    "questions-checking": ["why is my gradient twice as large"],
    "symbols": [
        "what is delta",
        "what is sigma prime",
        "what does nabla mean",
        "kronecker delta",
        "notation",
    ],
    "algorithm": [
        "cost of backprop forward passes",
        "how expensive is backprop",
        "matrix form of backprop",
    ],
    "by-hand": ["backprop by hand", "worked example", "example with numbers"],
}
"""What people type who look for a page, in words that it does not use itself."""


class Findable(SphinxTransform):
    """Runs before the index is collected from a page."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        for index in self.document.findall(addnodes.index):
            if isinstance(title := index.previous_sibling(), nodes.title):
                # The words lead to the heading, which has a lasting address, not to "index-0".
                lead(index, title.parent["ids"][0])
        for equation in list(self.document.findall(nodes.math_block)):
            if tag := equation.get("label"):
                entry = ("single", f"({tag})", equation["ids"][0], "main", None)
                place = equation.parent
                place.insert(place.index(equation), addnodes.index(entries=[entry]))


def lead(index: addnodes.index, anchor: str) -> None:
    """Have words of the index lead to an anchor."""
    index["entries"] = [(kind, word, anchor, *rest) for kind, word, _, *rest in index["entries"]]


def remember(app: Sphinx, document: nodes.document) -> None:
    """Remember what can be found on a page when it is read; most pages are read once."""
    facts(app.env).places = list(places(app.env, document))


def places(env: BuildEnvironment, document: nodes.document) -> Iterator[dict[str, Any]]:
    """Every place on a page that can be found: its title, address, words and text."""
    page = env.docname
    top = env.titles[page].astext()
    for section in document.findall(nodes.section):
        title = "" if section.parent is document else section[0].astext()
        inside = [child for child in section.children[1:] if not isinstance(child, nodes.section)]
        yield {
            "page": page,
            "top": top,
            "title": title,
            "anchor": section["ids"][0] if title else "",
            "words": [word for child in inside for word in indexed(child)]
            + ([] if title else ASKED.get(page, [])),
            "text": " ".join(filter(None, map(said, inside))) or " ".join(believed(inside)),
            "listed": " ".join(filter(None, map(said, listed(inside)))),
        }
    for equation in document.findall(nodes.math_block):
        tag = equation.get("label")
        if claim := CLAIMS.get(tag):
            words = [f"equation {tag}", f"({tag})"]
            found = {"title": f"Equation ({tag}): {spoken(claim.title)}", "words": words}
            text = spoken(claim.reason)
            yield {"page": page, "top": top, "anchor": equation["ids"][0], "text": text} | found
    for name in document.findall(addnodes.desc_signature):
        if name["ids"]:
            text = said(name.parent[-1])
            found = {"title": name["fullname"], "words": [name["fullname"]]}
            yield {"page": page, "top": top, "anchor": name["ids"][0], "text": text} | found


def indexed(node: nodes.Node) -> Iterator[str]:
    """The words of the index in a part of a page, but for the numbers of equations."""
    for index in node.findall(addnodes.index):
        for _, word, *_ in index["entries"]:
            if not word.startswith("("):
                yield word.split("; ")[-1]


def said(node: nodes.Node) -> str:
    """The text of a part of a page, as it is read; mathematics in a line as words."""
    if isinstance(node, SILENT) or (isinstance(node, nodes.Element) and unread(node)):
        return ""
    if isinstance(node, addnodes.pending_xref) and node["reftype"] == "eq":
        return f"({node['reftarget']})"
    if isinstance(node, nodes.math):
        return spoken(f"${node.astext()}$")
    if isinstance(node, nodes.Text):
        return str(node)
    apart = "" if isinstance(node, nodes.TextElement) else " "
    text = re.sub(r"\s+", " ", apart.join(map(said, node.children)))
    return re.sub(r" (?=[.,;])", "", text)  # a source stood there


def believed(parts: Iterable[nodes.Node]) -> Iterator[str]:
    """The misconceptions that a table refutes: words, where a section has no others."""
    for part in parts:
        for cell in part.findall(nodes.container):
            if "misconception" in cell["classes"]:
                yield said(cell).strip()


def listed(parts: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    """What the cells of tables and of outputs hold: found, but an excerpt of it says nothing."""
    for part in parts:
        if not isinstance(part, nodes.Element) or isinstance(part, SILENT):
            continue
        yield from part.children if is_listing(part) else listed(part.children)


def is_listing(node: nodes.Element) -> bool:
    """Whether a node is a table or an output."""
    return isinstance(node, nodes.table) or bool({"cell_output", "found"} & {*node["classes"]})


def unread(node: nodes.Element) -> bool:
    """Whether an excerpt is better without it: a table, the key of a source, changed code."""
    cited = node.get("refdomain") == "cite"
    return cited or "mutation" in node["classes"] or is_listing(node)


def spoken(text: str) -> str:
    """Markdown in plain words, its symbols as one would type them."""
    for sign, word in SPOKEN.items():
        text = text.replace(sign, word)
    return re.sub(r"[\\{}$*`^]|\(\?\)", "", text)


def write(app: Sphinx, error: Exception | None) -> None:
    """Write all places beside the pages."""
    if error is None and app.builder.name == "html":
        every = [place for its in pages(app.env).values() for place in its.places]
        text = f"const PLACES = {json.dumps(every, ensure_ascii=False, separators=(',', ':'))};\n"
        Path(app.outdir, "_static", "places.js").write_text(text, encoding="utf-8")


class Unindexed(StandaloneHTMLBuilder):
    """Writes the pages without Sphinx's own index of their words, which nothing here asks."""

    def load_indexer(self, docnames: Set[str]) -> None:
        """There is none."""

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """`places` has read it."""

    def dump_search_index(self) -> None:
        """`write` does."""


UNUSED = ("proofs-math", "mystnb", "pygments", "copybutton", "clipboard", "legend")
"""Styles and scripts of formulas and code."""


def light(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """The page of the search has all places to load, and no formula or code."""
    if page == "search":
        for files in ("css_files", "script_files"):
            context[files] = [
                file
                for file in context[files]
                if not any(part in str(file.filename) for part in UNUSED)
            ]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_builder(Unindexed, override=True)
    app.add_transform(Findable)
    app.connect("html-page-context", light)
    app.connect("doctree-read", remember, priority=900)  # when the page has its title
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
