"""The source of a check, from the very files: what is claimed, what is run, and the test."""

import ast
import functools
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes

import proofs.claims.derivations
from printing.folds import folded
from proofs.claims.claim import Claim
from proofs.witnesses import test_claims

ROOT = Path(proofs.__file__).parent.parent


@functools.cache
def statements() -> dict[str, tuple[str, str]]:
    """By tag: the file that states a claim, and the statement with the names it uses."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(Path(proofs.claims.derivations.__file__).parent.glob("*.py")):
        text = file.read_bytes()
        lines, tree = text.splitlines(keepends=True), ast.parse(text)
        for node in ast.walk(tree):
            if tag := tag_of(node):
                claim = piece(lines, node).replace("\n    ", "\n")
                said = "\n".join([*named(lines, tree, node), claim])
                found.setdefault(tag, (file.relative_to(ROOT).as_posix(), said))
    return found


def piece(lines: list[bytes], node: Any) -> str:
    """The source of a part of a file; `ast.get_source_segment` splits the file each time."""
    own = lines[node.lineno - 1 : node.end_lineno]
    own[-1] = own[-1][: node.end_col_offset]
    own[0] = own[0][node.col_offset :]
    return b"".join(own).decode()


def tag_of(node: ast.AST) -> str:
    """The tag in Claim("tag", ...); empty if this is something else."""
    match node:
        case ast.Call(func=ast.Name(id="Claim"), args=[ast.Constant(value=str(tag)), *_]):
            return tag
    return ""


def named(lines: list[bytes], tree: ast.Module, claim: ast.AST) -> Iterator[str]:
    """The lines that give the private names in a claim their meaning."""
    used = {node.id for node in ast.walk(claim) if isinstance(node, ast.Name)}
    for line in tree.body:
        match line:
            case ast.Assign(targets=[ast.Name(id=name)]) if name.startswith("_") and name in used:
                yield piece(lines, line)


def source_note(claim: Claim) -> nodes.Element:
    """The source behind one line that can be opened."""
    run = f"python -m proofs --claim {claim.tag}"
    return folded(
        "The source of this check",
        *shown(*statements().get(claim.tag, ("", ""))),
        *(function(claim.shown) if claim.shown else ()),
        *function(test_claims.test_claim_holds),
        nodes.paragraph("", "", nodes.Text("Run it: "), nodes.literal("", run)),
        kind="source",
    )


def function(code: Callable[..., Any]) -> Iterator[nodes.Element]:
    """A function, under the name of its file."""
    return shown(f"{code.__module__.replace('.', '/')}.py", inspect.getsource(code))


def shown(file: str, text: str) -> Iterator[nodes.Element]:
    """A piece of a file, under its name."""
    yield nodes.paragraph("", "", nodes.literal("", file))
    yield nodes.literal_block(text, text, language="python")
