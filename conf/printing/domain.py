"""What the pages say of the package, remembered until all of them are read."""

import os
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata


@dataclass
class Facts:
    """What a page has."""

    faults: list[str] = field(default_factory=list)
    """What is wrong with it, each with its place."""
    claims: list[tuple[str, str]] = field(default_factory=list)
    """The tags of the claims that have their place on it, each with the line where it stands."""
    refuted: list[str] = field(default_factory=list)
    """The claims whose wrong versions it prints."""
    whatifs: list[str] = field(default_factory=list)
    exercises: list[str] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)
    """What it lists of all pages, so that it is written anew when any of that has moved."""
    description: str = ""
    """What its head says about it."""
    places: list[dict[str, Any]] = field(default_factory=list)
    """What a search can find on it."""


class Proofs(Domain):
    """The facts of every page."""

    name = "proofs"
    label = "Proofs"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}, "listed": {}}
    data_version = 1

    @property
    def pages(self) -> dict[str, Facts]:
        """The facts by page."""
        return cast(dict[str, Facts], self.data["pages"])

    def clear_doc(self, docname: str) -> None:
        self.pages.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: Mapping[str, Any]) -> None:
        found = otherdata["pages"]
        self.pages.update({name: found[name] for name in docnames if name in found})


def pages(env: BuildEnvironment) -> dict[str, Facts]:
    """The facts of every page, the pages in the order of their names."""
    return dict(sorted(cast(Proofs, env.get_domain("proofs")).pages.items()))


def facts(env: BuildEnvironment, docname: str = "") -> Facts:
    """The facts of a page, of the one being read if none is named."""
    known = cast(Proofs, env.get_domain("proofs")).pages
    return known.setdefault(docname or env.docname, Facts())


def note(env: BuildEnvironment, docname: str, source: str | None, line: Any, text: str) -> None:
    """Remember what is wrong with a page, until all pages are read."""
    place = f"{os.path.relpath(source or env.doc2path(docname))}:{line or 1}"
    facts(env, docname).faults.append(f"{place}: {text}")


def lists(env: BuildEnvironment, what: str) -> list[str]:
    """The pages that list something of all pages."""
    return [name for name, its in pages(env).items() if what in its.lists]


def listing(what: str, on: Callable[[Facts], Iterable[str]]) -> Any:
    """An event handler: the pages that list what is `on` each page, if any of it has moved."""

    def outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
        listed = env.get_domain("proofs").data["listed"]
        before, listed[what] = listed.get(what), {p: [*on(its)] for p, its in pages(env).items()}
        return [] if listed[what] == before else lists(env, what)

    return outdated


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_domain(Proofs)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
