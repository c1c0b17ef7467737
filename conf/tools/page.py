"""What `nox -s page -- NAME` runs: a page to be filled in, and its line in the contents."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SKELETON = """\
---
file_format: mystnb
kernelspec: {{name: python3, display_name: Python 3}}
myst:
  html_meta:
    description: TODO what a reader who searches for this page should read, in 40 to 200 characters.
---

# {title}

TODO The question, in a reader's words.

## By hand

TODO An instance with numbers that a pencil can follow, and a picture.

## In general

TODO The statement: name a claim with the claim directive, with CONTRIBUTING's help.

## Check yourself

```{{self-check}} TODO A question?
right (BP1): TODO the answer.
: TODO why it is right.
wrong (BP1) "no sigma'": TODO what people think, in their words.
: TODO why it is wrong.
```

```{{self-check}} TODO Another question?
right (BP1): TODO the answer.
: TODO why it is right.
wrong (BP1) "sigma' at a": TODO what people think, in their words.
: TODO why it is wrong.
```

```{{ledger}}
```
"""


def begin(name: str, docs: Path) -> Path:
    """The page of a name, written into a folder of pages; ValueError if it cannot be."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"{name!r} is no name of a page: small letters, digits and hyphens")
    page, index = docs / f"{name}.md", docs / "index.md"
    if page.exists():
        raise ValueError(f"{page} is there already")
    contents = index.read_text(encoding="utf-8")
    last = contents.rindex("```{toctree}")
    end = contents.index("\n```", last)
    title = name.replace("-", " ").capitalize()
    page.write_text(SKELETON.format(title=title), encoding="utf-8")
    index.write_text(f"{contents[:end]}\n{name}{contents[end:]}", encoding="utf-8")
    return page


def main(arguments: list[str]) -> int:
    """Begin the page that is named; the exit status."""
    if len(arguments) != 1:
        print("Which page? nox -s page -- NAME")
        return 1
    try:
        page = begin(arguments[0], ROOT / "docs")
    except ValueError as problem:
        print(problem)
        return 1
    print(
        f"{page.relative_to(ROOT)}: fill in what is marked TODO; `nox -s docs -- --serve` shows it"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
