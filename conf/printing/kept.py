"""Verdicts, pictures and tables kept between builds from the very same sources, as cells are."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from proofs.claims import find
from proofs.lessons.pictures import PICTURES
from proofs.lessons.pictures.figures import Picture
from proofs.witnesses import verdict
from proofs.witnesses.checking import Rejection, Verdict, Witness

kept_in: Path | None = None
"""The folder of the build that runs, None if it keeps nothing."""


def settle(app: Sphinx, config: Config) -> None:
    """Know the folder also where there is no build at hand, as in a notebook's pictures."""
    global kept_in  # a process has one build at a time
    kept_in = Path(config.ledger_kept) if config.ledger_kept else None


def once(name: str, made: Callable[[], str]) -> str:
    """A text that follows from the sources alone; as it was kept, if it was made from these."""
    if kept_in is None:
        return made()
    file = kept_in / "texts" / name
    if not file.exists():
        keep(file, made())
    return file.read_text(encoding="utf-8")


def drawn(name: str) -> Picture:
    """A picture of the package, drawn once."""
    text = once(f"picture {name}", lambda: json.dumps(asdict(PICTURES[name]())))
    return Picture(**json.loads(text))


def reached(config: Config, tag: str) -> Verdict:
    """The verdict on a claim; as it was kept, if it held in a build from these very sources."""
    if not config.ledger_kept:
        return verdict(tag)
    file = Path(config.ledger_kept, tag)
    if file.exists():
        return read(tag, file.read_text(encoding="utf-8"))
    found = verdict(tag)
    if found.holds:
        keep(file, written(found))
    return found


def keep(file: Path, text: str) -> None:
    """Write a file of which readers that work side by side see all or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = file.with_name(f"{file.name}.{os.getpid()}")
    whole.write_text(text, encoding="utf-8")
    whole.replace(file)


def written(found: Verdict) -> str:
    """What the witnesses of a claim found, and what contradicts its wrong versions."""
    witnesses = {name: asdict(witness) for name, witness in found.witnesses.items()}
    rejections = [[r.rejected, r.detail] for r in found.rejections]
    return json.dumps({"witnesses": witnesses, "rejections": rejections})


def read(tag: str, text: str) -> Verdict:
    """The verdict that was written."""
    claim, said = find(tag), json.loads(text)
    found = {name: Witness(**its) for name, its in said["witnesses"].items()}
    pairs = zip(claim.refutations, said["rejections"], strict=True)
    rejections = tuple(Rejection(wrong, *its) for wrong, its in pairs)
    agreement = found.get("agreement")
    return Verdict(claim, found["symbolic"], found["measured"], agreement, rejections)


def setup(app: Sphinx) -> ExtensionMetadata:
    # The folder; its name bears the digest of everything that a verdict depends on.
    app.add_config_value("ledger_kept", "", "", [str])
    app.connect("config-inited", settle)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
