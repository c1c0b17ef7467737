"""What Sphinx's linkcheck found, told to people: dead links, and links that nobody could check."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NO_NETWORK = "No network"
REFUSING = ("stackexchange.com", "stackoverflow.com")
"""Hosts that answer programs with 403, whether the page is there or not."""

Link = dict[str, Any]
"""A line of linkcheck's output: filename, lineno, status, uri, info."""


def silent(link: Link) -> bool:
    """Whether nobody answered, not even with an error."""
    return link["status"] == "timeout" or "ConnectionPool(" in link["info"]


def refused(link: Link) -> bool:
    """Whether a host that answers no program did so here too."""
    host = urlsplit(link["uri"]).hostname or ""
    return host.endswith(REFUSING) and link["info"].startswith(("403 ", "429 "))


def told(found: list[Link]) -> tuple[str, list[Link]]:
    """A report on the links that leave the site, and those that are dead."""
    asked = [link for link in found if urlsplit(link["uri"]).scheme in ("http", "https")]
    wrong = [link for link in asked if link["status"] in ("broken", "timeout")]
    if asked and all(map(silent, asked)):
        return f"{NO_NETWORK}: nothing is known of {len(asked)} links, nobody answered.", []
    dead = [link for link in wrong if not refused(link)]
    unknown = [link for link in asked if refused(link) or link["status"] == "ignored"]
    lines = [f"dead: docs/{d['filename']}:{d['lineno']}: {d['uri']}: {d['info']}" for d in dead]
    for host, count in Counter(urlsplit(link["uri"]).hostname for link in unknown).items():
        lines.append(f"not known: {count} links to {host}, which answers no program")
    lines.append(f"{len(asked) - len(dead) - len(unknown)} of {len(asked)} links lead somewhere.")
    return "\n".join(lines), dead


def main(output: Path) -> int:
    """Print the report on an output of linkcheck; 1 if a link is dead."""
    found = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    report, dead = told(found)
    sys.stdout.write(report + "\n")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
