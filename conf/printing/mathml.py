"""Mathematics for HTML: LaTeX becomes MathML while the site is built, so pages need no script."""

import re
from html import escape
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.nodes import get_node_line, get_node_source
from sphinx.writers.html5 import HTML5Translator

from printing.legend import explained

logger = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)

FIXES = [
    # An upright letter comes with a space before it, which would part it from its prime.
    (r"<mrow><mspace/>(<mi[^>]*>[^<]*</mi>)</mrow>", r"\1"),
    # The font's prime is already small and raised, so a superscript would shrink it twice.
    (
        r"<msup>(<mi[^>]*>[^<]*</mi>)<mo>([′″‴])</mo></msup>",
        r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>',
    ),
    # Firefox strikes out what Chromium leaves as it is; the style does it in either.
    (r"<menclose[^>]*>", '<mrow class="struck">'),
    (r"</menclose>", "</mrow>"),
    # Two fractions beside each other would be read as one: their bars touch.
    (r"</mfrac><mfrac", '</mfrac><mspace width="0.17em"></mspace><mfrac'),
    # Firefox draws these as large as a sum.
    (r"<mo([^>]*)>([⊙⊗⊕])</mo>", r'<mo\1 largeop="false">\2</mo>'),
]

LONG, LONGEST = 40, 39
"""An equation of more symbols is set smaller on a phone, where it would be cut off; and still
smaller if more than the second number of them stand beside each other."""


def mathml(latex: str, *, block: bool) -> str:
    """Translate LaTeX to MathML Core, or raise `LatexError`."""
    result = converter.convert_with_local_state(latex.strip(), displaystyle=block)
    for pattern, replacement in FIXES:
        result = re.sub(pattern, replacement, result)
    return result


def render(node: nodes.Element, *, block: bool) -> str:
    """Translate a node; wrong LaTeX is an error that names its page and line."""
    try:
        return mathml(node.astext(), block=block)
    except LatexError as error:
        # An inline node has no line of its own.
        place = f"{get_node_source(node)}:{get_node_line(node)}"
        reason = str(error).partition(": ")[2]  # what stands before it is a position
        logger.error("bad math %r: %s", node.astext(), reason, location=place)
        return f"<code>{escape(node.astext())}</code>"


def description(node: nodes.Element) -> str:
    """The attribute that says what the letters of a formula mean; the style shows it."""
    words = explained(node)
    return f' aria-description="{escape(words)}"' if words else ""


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    after = node.get("after", "")
    # The keyboard stops at a formula to read what its letters mean, so that it needs a role.
    stop = f' tabindex="0" role="group"{legend}' if (legend := description(node)) else ""
    self.body.append(f'<span class="math"{stop}>{render(node, block=False)}{after}</span>')
    raise nodes.SkipNode


def keep_punctuation(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Move a comma or full stop into the formula before it, or it may start a line alone."""
    if app.builder.format != "html":
        return
    for node in list(doctree.findall(nodes.math)):
        follower = node.next_node(descend=False, siblings=True)
        if isinstance(follower, nodes.Text) and follower[:1] in tuple(".,;:?!)"):
            node["after"] = follower[:1]
            # Two texts with the same letters are equal, so that `replace` might take another one.
            place = node.parent.index(node) + 1
            node.parent[place] = nodes.Text(follower[1:])


def beside(part: ElementTree.Element) -> int:
    """How many symbols of a formula stand beside each other: of a fraction, its longer half."""
    inner = [beside(child) for child in part]
    if part.tag.endswith("mfrac"):
        return max(inner)
    return len(part.text or "") + sum(inner)


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    number = node.get("number")
    tag = f" ({number})" if number else ""
    # Furo wraps the node in a container that bears the same ids, and an id may stand only once.
    ids = [] if node["ids"] == node.parent["ids"] else node["ids"]
    self.body.append(self.starttag(nodes.Element(), "div", CLASS="math", IDS=ids))
    # A wide equation scrolls in its own box, which the keyboard can reach.
    stop = f'role="group" tabindex="0" aria-label="Equation{tag}"{description(node)}'
    shown = render(node, block=True)
    long = " long" if len(re.sub("<[^>]*>", "", shown)) > LONG else ""
    if long and beside(ElementTree.fromstring(re.sub(r"&\w+;", "", shown))) > LONGEST:
        long += " longest"
    self.body.append(f'<div class="equation{long}" {stop}>{shown}</div>')
    if number:
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", keep_punctuation)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
