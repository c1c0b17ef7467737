"""What the mutation run recorded, for the page that says how the site is proved."""

import hashlib
import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parent.parent
RECORD = ROOT / "conf" / "mutation.json"
COLUMNS = ("mutants", "claims", "tests", "build", "equivalent")


def sources(root: Path = ROOT) -> list[Path]:
    """The modules of the package, without the tests that it brings along."""
    files = sorted((root / "proofs").rglob("*.py"))
    return [file for file in files if not file.name.startswith("test_")]


def digest(root: Path = ROOT) -> str:
    """The sources of the package as one number."""
    state = hashlib.sha256()
    for file in sources(root):
        state.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return state.hexdigest()[:16]


def share(rows: list[dict[str, Any]]) -> float:
    """What share of the mutants that can be told from the original is killed."""
    killed = sum(int(row[judge]) for row in rows for judge in ("claims", "tests", "build"))
    return killed / max(1, sum(int(row["mutants"] - row["equivalent"]) for row in rows))


def percent(rows: list[dict[str, Any]]) -> str:
    """That share, rounded down: 100 % is all of them."""
    return f"{int(1000 * share(rows)) / 10:g} %"


def markdown(record: dict[str, Any], current: str) -> str:
    """The record as a page shows it."""
    rows = record["modules"]
    everything = {c: sum(row[c] for row in rows) for c in COLUMNS} | {"file": "all of these"}
    same = record["sources"] == current
    measured = {row["file"] for row in rows}
    names = (file.relative_to(ROOT).as_posix() for file in sources())
    missing = ", ".join(f"`{name}`" for name in names if name not in measured)
    return "\n".join(
        [
            "Measured on these very sources."
            if same
            else "Measured on an earlier version of the sources; the package has changed since.",
            "",
            "| Changed | Changes | By claims | By tests | By the build | Equivalent | Caught |",
            "|---|---|---|---|---|---|---|",
            *(
                f"| {row['file']} | {' | '.join(str(row[c]) for c in COLUMNS)} | {percent([row])} |"
                for row in [*rows, everything]
            ),
            "",
            *([f"Not measured yet: {missing}.", ""] if missing else []),
            *(
                [f"Short of the target: {', '.join(record['missed'])}.", ""]
                if record["missed"]
                else []
            ),
            *listed("Not caught", record["survivors"]),
            *listed("Equivalent: the same program in other words", record["equivalent"]),
        ]
    )


def listed(title: str, mutants: list[dict[str, Any]]) -> list[str]:
    """A list of mutants: where each is, what was changed, and the reason if there is one."""
    return [
        f"{title}: {'' if mutants else 'none.'}",
        "",
        *(
            f"- {m['file']}, line {m['line']}: {quoted(m['before'])} became {quoted(m['after'])}. "
            f"{m.get('reason', '')}"
            for m in mutants
        ),
        "",
    ]


def quoted(source: str) -> str:
    """A line of source as code."""
    return f"`` {source} ``" if source else "nothing"


class MutationScore(SphinxDirective):
    """```{mutation-score}: what share of deliberate mistakes is caught, and which are not."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(RECORD))
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        return [
            nodes.container(
                "", *self.parse_text_to_nodes(markdown(record, digest())), classes=["mutation"]
            )
        ]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("mutation-score", MutationScore)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
