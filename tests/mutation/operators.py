"""What is changed on purpose: cosmic-ray's operators, and those that a mathematician misses."""

import ast
import re
from collections.abc import Iterable, Iterator
from copy import copy
from itertools import accumulate
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from judges import Mutant
from parso.python.tree import Name

BINARY = "Add_Sub Sub_Add Mul_Div Mul_Add Div_Mul Pow_Mul FloorDiv_Mul Mod_Mul"
COMPARED = (
    "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt"
)
OTHERS = (
    "AddNot ExceptionReplacer NumberReplacer RemoveDecorator ReplaceAndWithOr ReplaceOrWithAnd "
    "ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceBreakWithContinue ReplaceContinueWithBreak "
    "ReplaceUnaryOperator_Delete_Not ReplaceUnaryOperator_Delete_USub ZeroIterationForLoop"
)
OF_COSMIC_RAY = [
    *(f"core/ReplaceBinaryOperator_{name}" for name in BINARY.split()),
    *(f"core/ReplaceComparisonOperator_{name}" for name in COMPARED.split()),
    *(f"core/{name}" for name in OTHERS.split()),
]

LETTER = {"j": "k", "k": "j", "i": "j", "p": "q", "q": "p", "l": "L", "L": "l"}
FOLD = {"mean": "sum", "sum": "mean", "max": "min", "min": "max", "all": "any", "any": "all"}
INK = "Number|Binary|NoFactor"
"""What is not changed where something is drawn: where the ink stands is for the eye to judge."""
WRAPPERS = {"Average", "DiagMatrix", "Sum", "abs", "exp", "log"}


def code(node: Any) -> str:
    """The source of a node in one line."""
    return " ".join(node.get_code(include_prefix=False).split())


class Rewrite(Operator):
    """An operator that says what else could stand in the place of a node."""

    def others(self, node: Any) -> Iterable[str]:
        """What to write instead of the node, one text for each mutant."""
        raise NotImplementedError

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        for _ in self.others(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        text = list(self.others(node))[index]
        return Name(text, node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


def is_value(node: Any) -> bool:
    """Whether a node is a name that is read: no target, argument name, import or attribute."""
    if node.type != "name" or node.is_definition(include_setitem=False):
        return False
    if node.parent.type == "argument" and node.parent.children[1] == "=":
        return node is node.parent.children[2]
    return node.get_previous_leaf() != "." and "import" not in node.parent.type


class OtherLetter(Rewrite):
    """j for k, k for j, p for q, L for l; only letters that the module has."""

    def __init__(self, known: set[str]) -> None:
        self.known = known

    def others(self, node: Any) -> Iterable[str]:
        return {LETTER.get(node.value, "")} & self.known if is_value(node) else []


class OtherLayer(Rewrite):
    """The layer before, where a letter's layer is l, L or `layer`."""

    def others(self, node: Any) -> Iterable[str]:
        alone = node.get_next_leaf() in (")", "]") and node.get_previous_leaf() in ("(", "[")
        if alone and is_value(node) and node.value in ("l", "L", "layer"):
            yield f"{node.value} - 1"


class NoTranspose(Rewrite):
    """The matrix for its transpose, the transpose for its inverse."""

    def others(self, node: Any) -> Iterable[str]:
        return {".T": [""], ".I": ["", ".T"]}.get(code(node), []) if node.type == "trailer" else []


class NoFactor(Rewrite):
    """A product without one of its factors, a sum without one of its terms, a base for a power."""

    def others(self, node: Any) -> Iterable[str]:
        if node.type == "power" and node.children[-2] == "**":
            yield "".join(map(code, node.children[:-2]))
        if node.type in ("term", "arith_expr"):
            parts = list(map(code, node.children))
            if parts[1] in ("*", "@", "+", "-"):
                yield " ".join(parts[1:] if parts[1] == "-" else parts[2:])
            for n in range(1, len(parts), 2):
                yield " ".join(parts[:n] + parts[n + 2 :])


class OtherProduct(Rewrite):
    """The product entry by entry for the matrix product."""

    def others(self, node: Any) -> Iterable[str]:
        is_product = node.type == "operator" and node.value == "@"
        return ["*"] if is_product and node.parent.type == "term" else []


class OtherFold(Rewrite):
    """The sum for the average, the smallest for the largest, some for all."""

    def others(self, node: Any) -> Iterable[str]:
        if node.type != "name" or node.value not in FOLD or node.get_next_leaf() != "(":
            return []
        builtin_sum = node.value == "sum" and node.get_previous_leaf() != "."
        return [] if builtin_sum or node.is_definition() else [FOLD[node.value]]


class NoCall(Rewrite):
    """The argument for what is made of it: no average, no sum, no diagonal matrix."""

    def others(self, node: Any) -> Iterable[str]:
        if node.type in ("atom_expr", "power") and code(node.children[-2]) in WRAPPERS:
            (_, inside, _) = node.children[-1].children
            yield f"({code(inside.children[0] if inside.type == 'arglist' else inside)})"


class NoElement(Rewrite):
    """A tuple without one of its elements: a hypothesis, a rewriting, a refutation, a claim."""

    def others(self, node: Any) -> Iterable[str]:
        if node.type == "atom" and node.children[0] == "(" and len(node.children) == 3:
            inside = node.children[1]
            if inside.type == "testlist_comp" and inside.children[1] == ",":
                elements = list(map(code, inside.children[::2]))
                for n in range(len(elements)):
                    yield f"({''.join(f'{e}, ' for e in elements[:n] + elements[n + 1 :])})"


class NoKeyword(Rewrite):
    """A claim without something that is given by keyword."""

    def others(self, node: Any) -> Iterable[str]:
        if node.type == "arglist" and len(node.children) > 5:
            arguments = [c for c in node.children if c != ","]
            for n, argument in enumerate(arguments):
                if argument.type == "argument":
                    yield ", ".join(map(code, arguments[:n] + arguments[n + 1 :]))


class OtherTag(Rewrite):
    """Another tag for a claim, the line before, a rewriting, or a reference in a reason."""

    def __init__(self, tags: list[str]) -> None:
        self.tags = tags

    def others(self, node: Any) -> Iterable[str]:
        places = ("argument", "arglist", "testlist_comp", "strings")
        if node.type != "string" or node.parent.type not in places:
            return
        text = ast.literal_eval(node.value)
        keyword = node.parent if node.parent.type == "argument" else node.parent.parent.parent
        if keyword.type == "argument" and code(keyword.children[0]) in ("after", "by"):
            yield from map(repr, self._instead(text))
        elif text in self.tags and node is node.parent.children[0]:
            yield repr(text + "-")
        else:
            for found in re.finditer(r"\(([\w-]+)\)", node.value):
                if found[1] in self.tags:
                    start, end = found.span(1)
                    yield node.value[:start] + self._other(found[1]) + node.value[end:]

    def _instead(self, text: str) -> list[str]:
        if text.startswith("chain:"):
            return [f"chain:{'az'['za'.index(text[6])]}{text[7:]}", f"{text}+1"]
        if text == "differentiate":
            return []
        return [self._other(text.lstrip("-")), text[1:] if text.startswith("-") else f"-{text}"]

    def _other(self, tag: str) -> str:
        return self.tags[self.tags.index(tag) - 1]


def mutants(root: Path, path: str) -> list[Mutant]:
    """Every mutant of a module: one place changed by one operator."""
    source = (root / path).read_text(encoding="utf-8")
    tree = ast.parse(source)
    seen, ignored = {ast.dump(tree)}, _ignored(tree)
    operators, drawn = _operators(root, path, tree), _drawn(path, tree)
    starts = list(accumulate(map(len, source.splitlines(keepends=True)), initial=0))
    found = []
    for node in ast_nodes(get_ast(source)):
        if any(start <= node.start_pos < end for start, end in ignored):
            continue
        (first, before), (last, after) = node.get_start_pos_of_prefix(), node.end_pos
        is_ink = any(start <= node.start_pos < end for start, end in drawn)
        for operator in operators:
            if is_ink and re.search(INK, type(operator).__name__):
                continue
            for n, ((line, _), _) in enumerate(list(operator.mutation_positions(node))):
                start, end = starts[first - 1] + before, starts[last - 1] + after
                changed = source[:start] + _mutated(node, operator, n) + source[end:]
                try:
                    form = ast.dump(ast.parse(changed))
                except SyntaxError:
                    continue
                if form not in seen:
                    seen.add(form)
                    found.append(Mutant(path, line, *_difference(source, changed), changed))
    return sorted(found, key=lambda m: (m.line, m.before, m.after))


def _operators(root: Path, path: str, tree: ast.Module) -> list[Any]:
    nodes = list(ast.walk(tree))
    known = {n.asname or n.name for n in nodes if isinstance(n, ast.alias)}
    known |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    known |= {n.arg for n in nodes if isinstance(n, ast.arg)}
    own = [OtherLayer(), NoTranspose(), NoFactor(), OtherProduct(), OtherFold(), NoCall()]
    operators = [*(get_operator(name)() for name in OF_COSMIC_RAY), OtherLetter(known), *own]
    if "derivations/" not in path:
        return operators
    files = sorted((root / "proofs/claims/derivations").glob("*.py"))
    claims = "".join(file.read_text(encoding="utf-8") for file in files)
    tags = re.findall(r"^    Claim\(\s+\"([^\"]+)\"", claims, re.MULTILINE)
    return [*operators, NoElement(), NoKeyword(), OtherTag(tags)]


def _mutated(node: Any, operator: Any, n: int) -> str:
    """The source of the node after the n-th mutation; the node is left as it was."""
    near = [node, *getattr(node, "children", [])]
    parts = [(part, name) for part in near for name in ("value", "children") if hasattr(part, name)]
    state = [(part, name, copy(getattr(part, name))) for part, name in parts]
    new = operator.mutate(node, n)
    text = new.get_code() if new else ""
    for part, name, was in state:
        setattr(part, name, was)
    return text


def _ignored(tree: ast.Module) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a change is nobody's concern at run time.

    Annotations, imports for types alone, and the word of `zip` that two lists are of one length.
    """
    nodes: list[Any] = []
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            nodes += [getattr(node, name)] if getattr(node, name, None) else []
        if isinstance(node, ast.keyword) and node.arg == "strict":
            nodes.append(node.value)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes.append(node)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith("Callable"):
            nodes.append(node)
    return [_span(node) for node in nodes]


def _drawn(path: str, tree: ast.Module) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """What draws: everything in figures, elsewhere the functions that have a sheet."""

    def draws(node: ast.stmt) -> bool:
        words = re.findall(r"\w+", ast.unparse(node))
        return isinstance(node, ast.FunctionDef) and "sheet" in words

    return [_span(node) for node in tree.body if path.endswith("figures.py") or draws(node)]


def _span(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _difference(old: str, new: str) -> tuple[str, str]:
    """The lines that differ, each side in one line."""
    before, after = old.splitlines(), new.splitlines()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return " ".join(" ".join(before).split()), " ".join(" ".join(after).split())
