"""The package as a wheel, beside the pages: the notebooks and scripts need it."""

import os
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from hatchling.build import build_wheel
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

ROOT = Path(__file__).parents[2]
DAY = "1577836800"
"""What a file in the wheel bears as its time, so that the same sources make the same bytes."""


def wheel(folder: Path) -> str:
    """Build the package into a folder as a wheel; its name."""
    fixed = patch.dict(os.environ, SOURCE_DATE_EPOCH=DAY)
    with fixed, chdir(ROOT), redirect_stdout(StringIO()):
        return str(build_wheel(str(folder)))


def build(app: Sphinx) -> None:
    """Put the wheel where the pages link to it; a site without a project has none."""
    if app.builder.format == "html" and (ROOT / "pyproject.toml").exists():
        folder = Path(app.outdir, "_downloads").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        app.config.wheel = wheel(folder)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("wheel", "", "", [str])
    app.connect("builder-inited", build)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
