"""A function of the user's with other code, beside the one that keeps its own."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import getsource
from textwrap import dedent
from types import CodeType, FunctionType
from typing import Any


def parsed(f: FunctionType) -> ast.Module:
    """The source of a function as a tree, without its decorators."""
    tree = ast.parse(dedent(getsource(f)))
    (definition,) = tree.body
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list = []
    return tree


def compiled(f: FunctionType, tree: ast.Module) -> CodeType:
    """The code of a tree that stands for a function's; what is around the function is found."""
    around = f.__code__.co_freevars
    if around:
        outer = ast.parse(f"def outer({', '.join(around)}):\n    pass").body[0]
        assert isinstance(outer, ast.FunctionDef)
        outer.body, tree = tree.body, ast.Module([outer], [])
    codes = [compile(tree, f.__code__.co_filename, "exec")]
    for code in codes:
        if code.co_name == f.__name__:
            return code
        codes += [c for c in code.co_consts if isinstance(c, CodeType)]
    raise ValueError(f"{f.__name__} is not defined there")


def copied(f: FunctionType, code: CodeType, defaults: Any = None) -> FunctionType:
    """A function with other code, and all that is around it."""
    cells = dict(zip(f.__code__.co_freevars, f.__closure__ or (), strict=True))
    closure = tuple(cells[name] for name in code.co_freevars)
    made = FunctionType(code, f.__globals__, f.__name__, defaults or f.__defaults__, closure)
    made.__kwdefaults__ = f.__kwdefaults__
    return made


@contextmanager
def with_code_of(f: Any, other: Any) -> Iterator[None]:
    """While it runs, a function does what another one does, which has the same names around it."""
    if f is other:
        yield
        return
    before = f.__code__, f.__defaults__
    f.__code__, f.__defaults__ = other.__code__, other.__defaults__
    try:
        yield
    finally:
        f.__code__, f.__defaults__ = before
