"""What the scripts share that ask a library: they run where nothing but that library is installed.

A question about a slope is an expression in x, evaluated as it stands and printed as it stands.
"""

import importlib.util
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

POINTS: dict[str, list[float]] = {}
"""The questions about slopes, each with the point where the slope is asked for."""

if not sys.stdin.isatty():
    POINTS.update(json.loads(sys.stdin.read() or "{}"))


def tell(question: str, answer: Any, how: str) -> None:
    """Print one answer as a line of JSON; what is not a finite number is printed as a word."""
    print(json.dumps({"question": question, "answer": plain(answer), "how": how}), flush=True)


def plain(answer: Any) -> Any:
    """An answer as JSON holds it: words, numbers of nine digits, lists; "inf" and "nan" are words."""
    if isinstance(answer, str | bool | int) or answer is None:
        return answer
    if hasattr(answer, "tolist"):
        return plain(answer.tolist())
    if isinstance(answer, list | tuple):
        return [plain(part) for part in answer]
    return float(f"{answer:.9g}") + 0.0 if math.isfinite(answer) else str(float(answer))


def attempt(do: Callable[[], Any]) -> Any:
    """What a call returns, or "refused: " and the kind of error that it raised."""
    try:
        return do()
    except Exception as error:
        return f"refused: {type(error).__name__}"


def slopes(
    gradient: Callable[[Callable[[Any], Any], list[float]], Any],
    expressions: Mapping[str, str],
    names: dict[str, Any],
) -> None:
    """Ask for the gradient of each expression in x at the point of its question."""
    for question, how in expressions.items():
        function = eval(f"lambda x: {how}", {"__name__": __name__, **names})
        tell(question, attempt(lambda f=function, at=POINTS[question]: gradient(f, at)), how)


def kernels(expressions: Mapping[str, str], source: str) -> Iterator[tuple[str, str, Any]]:
    """Each question and its expression, with a module made of it: some libraries read files."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (question, how) in enumerate(expressions.items()):
            file = Path(folder, f"kernel{number}.py")
            file.write_text(source.format(how=how), encoding="utf-8")
            spec = importlib.util.spec_from_file_location(file.stem, file)
            assert spec
            assert spec.loader
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            yield question, how, module
