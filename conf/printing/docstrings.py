"""Docstrings on the page: code as code, symbols as symbols, equations as links."""

import re

from sphinx.application import Sphinx
from sphinx.errors import PycodeError
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.typing import ExtensionMetadata

from proofs.claims import CLAIMS

GREEK = {"delta": "δ", "sigma": "σ", "nabla": "∇"}
PLACE = r"(?:\{[^}]+\}|out\b|[a-zA-Z]{1,2}(?![a-zA-Z0-9])|\d(?!\w))"
PARTS = re.compile(
    rf"""(?P<kept>`[^`]+`|^(?:>>>|\.\.\.|:|[ ]).*$)
    |(?P<code>\b\w+(?:\[[^\]]+\])+|\b[a-zA-Z]\w+\(\)|\b(?!n_out\b)[a-z]\w*_\w{{3,}}\b)
    |\((?P<tag>BP\d\w?|\d\d)\)
    |(?P<over>\bd(?=[A-Za-z](?:[\^_]\S+)?/d)|(?<=/)d(?=[a-z](?:_|\b)))
    |(?P<base>\b(?:delta|sigma|nabla)|(?<![A-Za-z0-9.])[a-zA-Z]|(?<=d)[a-zA-Z])
        (?P<places>(?:[\^_]{PLACE})+|(?<=ta)(?!\w)|(?<=ma)(?!\w))""",
    re.VERBOSE | re.MULTILINE,
)
"""What is not left as it is: what is code already, code, an equation, a derivative, a symbol."""


def readable(text: str) -> str:
    """A docstring in reStructuredText that shows what its plain text means."""
    as_code = re.sub(r"(?<!:):\n\n(?= {4}\w)", "::\n\n", text)  # indented lines after a colon
    # A prime would become the end of a quotation.
    return re.sub(r"(?<=σ)'|(?<=\bf)'(?=\()", "′", PARTS.sub(_shown, as_code))


def _shown(found: re.Match[str]) -> str:
    if found["kept"]:
        return found[0]
    if found["code"]:
        return f"``{found['code']}``"
    if found["tag"]:
        return f":eq:`{found['tag']}`" if found["tag"] in CLAIMS else found[0]
    if found["over"]:
        return "∂"
    return _symbol(found["base"], found["places"])


def _symbol(base: str, places: str) -> str:
    """Its letter, with what stands above and below it."""
    letter = GREEK.get(base, f"*{base}*")
    marks = re.findall(rf"([\^_])({PLACE})", places)
    roles = [f"\\ :{'sup' if m == '^' else 'sub'}:`{p.strip('{}')}`" for m, p in marks]
    return f"\\ {letter}{''.join(roles)}\\ " if roles else letter


def on_the_page(
    _app: Sphinx, _what: str, _name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """Sphinx takes the lines as they are left here."""
    lines[:] = readable("\n".join(lines)).split("\n")


def in_short(
    _app: Sphinx, _what: str, _name: str, _thing: object, _options: object, given: str, back: str
) -> tuple[str, str] | None:
    """A default says its name: a lambda has none, and of a table there would be all of it."""
    given = re.sub(r"<function .*?<lambda>>|(?<==)\{.+\}", "...", given or "")
    return (re.sub(r"<(?:built-in )?function (\w+)>", r"\1", given), back) if given else None


READ = ModuleAnalyzer.for_module


def ours(name: str) -> ModuleAnalyzer:
    """The sources of a module of the package, in which Sphinx looks for comments on names.

    Of a class it would read those of all that it inherits from, SymPy's and Python's too, and
    print nothing of them.
    """
    if name.partition(".")[0] != "proofs":
        raise PycodeError(f"{name} is not documented here")
    return READ(name)


def setup(app: Sphinx) -> ExtensionMetadata:
    ModuleAnalyzer.for_module = staticmethod(ours)  # type: ignore[assignment]
    app.connect("autodoc-process-docstring", on_the_page)
    app.connect("autodoc-process-signature", in_short)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
