"""What Sphinx and Furo leave out of a page; every page passes here on its way to the disk."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemBytecodeCache
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.jinja2glue import BuiltinTemplateLoader

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # Furo's variables, and the pictures' attributes
        "img-src 'self' data:",
        "font-src data:",  # the mathematics' one stands in a style sheet
        "connect-src 'self'",  # the excerpts of the search
        "form-action 'self'",
        "base-uri 'none'",
    ]
)
"""What a browser may load for a page: what lies beside it, and no script in the page."""

LENS = '<svg viewBox="0 0 24 24"><circle cx="10" cy="10" r="6.5"/><path d="M15 15l6 6"/></svg>'


def after_slashes(address: re.Match[str]) -> str:
    """An address that may go on in the next line after each of its slashes but the first two."""
    return re.sub(r"(?<=[^:/]/)", "<wbr>", address[0])


FIXES: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    # No script stands in the page; the one that picks the theme moves to a file.
    (
        r"<script>\s*document\.body\.dataset\.theme = [^<]*</script>",
        '<script src="{theme}"></script>',
    ),
    (
        r'<meta charset="utf-8">',
        rf'\g<0><meta http-equiv="Content-Security-Policy" content="{POLICY}">',
    ),
    # Docutils says what the theme has said.
    (r'<meta name="viewport" content="width=device-width, initial-scale=1" />', ""),
    # A heading has a level, and two landmarks of one kind have names.
    (r'(<p class="caption" role="heading")>', r'\1 aria-level="2">'),
    (r'<aside class="sidebar-drawer"', r'\g<0> aria-label="All pages"'),
    (r'<aside class="toc-drawer[^"]*"', r'\g<0> aria-label="On this page"'),
    (r'aria-label="Toggle navigation of ', 'aria-label="Pages below '),
    # The way back up, which comes when a reader scrolls up, stands in a landmark too.
    (
        r'<a href="#" class="back-to-top[^"]*">[\s\S]*?</a>',
        r'<nav aria-label="To the top">\g<0></nav>',
    ),
    # Roles that docutils gives to boxes which may not have them.
    (r' role="(list|listitem|doc-biblioentry)"', ""),
    (r'<button class="theme-toggle"', r'\g<0> type="button"'),
    # The search can be started without the enter key.
    (
        r'<input type="hidden" name="area" value="default">',
        r'\g<0><button type="submit" class="search-start">Go</button>',
    ),
    # On a phone the box is in the menu, which is shut: a link in the bar above leads to another.
    (
        r'<div class="header-right">',
        rf'\g<0><a class="search-link" href="{{search}}" aria-label="Search">{LENS}</a>',
    ),
    # An option of a command is one thing, though it begins with what a line may end with.
    (r'<span class="pre">(--?[\w-]+)</span>', r'<span class="pre unbroken">\1</span>'),
    # An address, and the name of a repository, may go on in the next line after a slash.
    (r"(?<=>)https?://[^<]+(?=<)|GitHub, [\w.-]+/(?=[\w.-]+)", after_slashes),
    # What may scroll sideways can be reached by the keyboard; reach.js takes back what fits.
    (r'<pre(?=[ >])|<div class="(?:table-wrapper[^"]*|backprop-report)"', r'\g<0> tabindex="0"'),
]

UNBROKEN = re.compile(
    r"\b[a-z] = -?\d+(?:\.\d+)?\b|\b\d[\d.]*e-\d+|\b\d(?:-\d+){2,}|\b[a-z] [-−] [a-z]\b"
)
"""What is one thing to a reader, but two to a browser at the end of a line: 1e-16, 3-5-4-2, j = 2,
a − y."""


LINES = re.compile(r'<(p|summary|h\d|div class="title")>.*?</(?:p|summary|h\d|div)>', re.DOTALL)
"""Where they stand: in paragraphs, folds, headings and the names of the pages beside this one."""


def unbroken(paragraph: re.Match[str]) -> str:
    """A paragraph in which such things stay on one line."""
    between_tags = r"[^<>]+(?=<)"
    keep = r'<span class="unbroken">\g<0></span>'
    return re.sub(between_tags, lambda text: UNBROKEN.sub(keep, text[0]), paragraph[0])


def breakable(code: re.Match[str]) -> str:
    """Long code in the text, which may go on in the next line before a dot or a bracket.

    The name of a module ends in a dot, and what it holds may go on in the next line too.
    """
    parts = re.split(r"(?<=[\w\])])(?=\.[A-Za-z_]{2}|\()|(?<=\w\.)$", code[1])
    return "<wbr>".join(part and f'<span class="pre">{part}</span>' for part in parts)


class Finished(BuiltinTemplateLoader):
    """Sphinx's templates, with the fixes."""

    def init(self, builder: Builder, *rest: Any, **options: Any) -> None:
        super().init(builder, *rest, **options)
        self.base = builder.config.html_baseurl
        # Every process that writes pages would compile the templates anew.
        compiled = Path(builder.config.nb_execution_cache_path, "templates")
        compiled.mkdir(parents=True, exist_ok=True)
        self.environment.bytecode_cache = FileSystemBytecodeCache(str(compiled))

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]
        html = super().render(template, context)
        if not template.endswith(".html"):
            return html
        for pattern, replacement in FIXES:
            html = re.sub(pattern, replacement, html)
        html = LINES.sub(unbroken, html)
        html = re.sub(r'<span class="pre">([^<]{16,})</span>', breakable, html)
        html = html.replace("{theme}", context["pathto"]("_static/theme.js", 1))
        html = html.replace("{search}", context["pathto"]("search"))
        return rooted(html, self.base) if context["pagename"] == "404" else html


def rooted(html: str, base: str) -> str:
    """The page with addresses from the root of the host, as it is shown under any address.

    Without a host they stay as they are, and the page works where it lies.
    """
    root = urlsplit(base).path
    return re.sub(r'\b(href|src|action)="(?!#|/|\w+:)', rf'\1="{root}', html) if root else html


def setup(app: Sphinx) -> dict[str, Any]:
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
