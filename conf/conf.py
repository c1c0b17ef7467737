"""Facts about the site; how they are used is Sphinx's business."""

import gc
import hashlib
import importlib.metadata
import os
import platform
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))  # for the local extension; Sphinx does not look beside conf.py

from printing import without_kernels  # noqa: E402

without_kernels()
# What is loaded and read stays until the end, and Python would look through all of it, again and
# again, for rings that nobody holds: a sixth of a build. There are few, so it may look seldom.
gc.set_threshold(50_000, 20, 100)


def digest() -> str:
    """Everything that can change the result of a cell or a claim, as one number."""
    package = [f for ending in ("*.py", "*.json") for f in (ROOT / "proofs").rglob(ending)]
    shown = (ROOT / "docs").glob("*.py")  # code that pages show and cells import
    ours = [*HERE.rglob("*.py"), *HERE.glob("templates/*"), HERE / "lock/lock.txt"]
    sources = [*package, *shown, *ours]
    state = hashlib.sha256(platform.python_version().encode())
    for source in sorted(sources):
        state.update(source.relative_to(ROOT).as_posix().encode() + source.read_bytes())
    return state.hexdigest()[:16]


SOURCES = digest()


def sources_of() -> str:
    """The day of the sources: that of the commit, or SOURCE_DATE_EPOCH; nothing without either."""
    command = ["git", "log", "-1", "--format=%ct", "--", "."]
    here = (ROOT / ".git").exists()  # or git would tell about a checkout that this lies in
    commit = subprocess.run(command, cwd=ROOT, capture_output=True, text=True) if here else None
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or (commit.stdout.strip() if commit else "")
    return time.strftime(", sources of %Y-%m-%d", time.gmtime(int(seconds))) if seconds else ""


project = "Backpropagation, proved"
author = "The backprop-proofs authors"
release = importlib.metadata.version("backprop-proofs")
copyright = f"2026, {author}. Version {release}{sources_of()}"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinxcontrib.bibtex",
    "printing",
]
nitpicky = True
# Other projects' indexes would have to be fetched from the network.
nitpick_ignore_regex = [
    ("py:.*", r"(collections|numpy|sympy|proofs\.\w+\.(Array|Place|Formula))\b.*")
]
autodoc_typehints = "none"  # shapes and meanings stand in the docstrings
autodoc_member_order = "bysource"
default_role = "code"  # what stands between backticks in a docstring

# MyST
myst_enable_extensions = [
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "fieldlist",
]
myst_heading_anchors = 3
myst_update_mathjax = False  # there is none

# Mathematics
html_math_renderer = "mathml"
math_numfig = False  # otherwise every tag becomes a serial number as soon as figures are numbered
math_eqref_format = "({number})"

# Sources
bibtex_bibfiles = ["records/references.bib"]
bibtex_default_style = "shorthand"
bibtex_cite_id = "source-{key}-{bibliography_count}"  # each list has an id for each source

# Cells run once per state of the sources, wherever they stand and however often the site is built.
nb_execution_mode = "cache"
nb_execution_cache_path = str(ROOT / "build" / "cache" / SOURCES)
ledger_kept = str(ROOT / "build" / "cache" / SOURCES / "ledger")  # as are the cells
nb_execution_show_tb = True  # under -W a failed cell stops the build; raising would hide which one
nb_execution_timeout = 120
nb_render_markdown_format = "myst"  # the default prints tables as raw pipes

# HTML
html_theme = "furo"
template_bridge = "printing.finish.Finished"
templates_path = ["templates"]
html_js_files = [("reach.js", {"defer": "defer"})]
html_domain_indices = False  # the search and the general index find modules too
html_title = project
html_static_path = ["static"]
html_css_files = ["proofs-math.css", "proofs.css"]
html_favicon = "static/favicon.svg"  # without one, browsers ask a server for it
html_copy_source = False
# Pages that were renamed or merged, and where their content is now.
moved = {
    "letters": "symbols",
    "notation": "symbols",
    "all-paths": "algorithm#all-paths",
    "what-softmax-ignores": "softmax",
    "log-likelihood": "softmax-costs",
    "what-they-say": "slopes",
    "one-line-wrong": "wrong-and-falling",
    "questions-chain-rule": "questions-sums",
    "questions-transpose": "questions-sums",
    "questions-shapes": "questions-sums",
    "questions-error": "questions-costs",
    "questions-softmax": "questions-costs",
    "questions-batch": "questions-checking",
}
html_last_updated_fmt = None  # that would be the day of the build
# Where the site will be, if that is known: some things are only allowed with a full address.
html_baseurl = os.environ.get("SITE_URL") or os.environ.get("READTHEDOCS_CANONICAL_URL", "")
if html_baseurl:
    html_baseurl = html_baseurl.rstrip("/") + "/"
    extensions += ["sphinx_sitemap", "sphinxext.opengraph"]
    sitemap_url_scheme = "{link}"
    ogp_site_url = html_baseurl
# Whoever publishes the PDF beside the site gives its name, and the first page links to it.
html_context = {
    "pdf": os.environ.get("SITE_PDF", ""),
    "math_font": b64encode((HERE / "proofs-math.woff2").read_bytes()).decode(),
}
pygments_dark_style = "a11y-high-contrast-dark"  # Furo's underlines imports as if they were links
copybutton_exclude = ".linenos, .gp, .go"  # prompts and outputs are not code

# Links that leave the site, which `nox -s links` asks for
linkcheck_anchors_ignore_for_url = [r"https://github\.com/"]  # a line of a file, found by a script
linkcheck_timeout = 15  # seconds
linkcheck_rate_limit_timeout = 60.0


def unexplained(
    _app: Sphinx, _what: str, _name: str, thing: object, _skip: bool, _options: object
) -> bool | None:
    """Leave out what nobody wrote: the note that Python puts on a field of a named tuple."""
    return True if (thing.__doc__ or "").startswith("Alias for field number") else None


def put_style_of_cells(app: Sphinx) -> None:
    """Copy it before pages are written, whose links have its checksum only if it is there.

    It would come last: a build over an earlier one would differ from a first one.
    """
    from myst_nb.sphinx_ext import add_global_html_resources  # without its kernels

    if app.builder.format == "html":
        Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
        add_global_html_resources(app, None)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", put_style_of_cells)
    app.connect("autodoc-skip-member", unexplained)
    # A change in the sources reaches every page, also in an incremental build.
    app.add_config_value("proofs_digest", SOURCES, "env", [str])
