"""Weighs pages beside the same pages with MathJax from the disk, and records both.

`nox -s weight` builds those and fetches MathJax into the folder that this is given.
"""

import json
import shutil
import sys
from pathlib import Path

from chromium import chromium
from conftest import ROOT
from playwright.sync_api import Browser
from serving import served
from weigh import weighed

RECORD = ROOT / "conf/records/weight.json"
PAGES = ("index", "why-sum-over-k", "bp2")


def put_mathjax(packages: Path, static: Path) -> str:
    """Copy MathJax and its font to where the pages look for them; its version."""
    shutil.copytree(packages / "mathjax", static / "mathjax", dirs_exist_ok=True)
    font = packages / "@mathjax/mathjax-newcm-font"
    shutil.copytree(font, static / font.name, dirs_exist_ok=True)
    # Without this the font would come from a CDN.
    settings = {"output": {"fontPath": "[mathjax]/../%%FONT%%-font"}}
    script = static / "mathjax/tex-chtml.js"
    text = f"window.MathJax = {json.dumps(settings)};\n{script.read_text(encoding='utf-8')}"
    script.write_text(text, encoding="utf-8")
    about = json.loads((packages / "mathjax/package.json").read_text(encoding="utf-8"))
    return str(about["version"])


def measured(browser: Browser, html: Path, *, mathjax: bool) -> dict[str, dict[str, int]]:
    """What each page weighs at first, how much of that is for speech, and after the home page."""
    found = {}
    with served(html) as address:
        [home] = weighed(browser, f"{address}/index.html", mathjax=mathjax)
        for name in PAGES:
            [visit] = weighed(browser, f"{address}/{name}.html", mathjax=mathjax)
            found[name] = {"first": visit.first, "further": visit.further(home)}
            if mathjax:
                found[name]["speech"] = visit.of("/mathjax/sre/")
    return found


def main(folder: Path) -> None:
    """Measure, record, and print the record."""
    version = put_mathjax(folder / "node_modules", folder / "html/_static")
    with chromium() as browser:
        ours = measured(browser, ROOT / "build/html", mathjax=False)
        theirs = measured(browser, folder / "html", mathjax=True)
    pages = {name: {"MathML": ours[name], "MathJax": theirs[name]} for name in PAGES}
    record = {"version": version, "pages": pages}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(RECORD.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
