"""Gradients in another form than (nabla_b, nabla_w): which form it is, and what to return instead.

Arrays that are all there in another order are no broken equation.
"""

import re
from collections.abc import Coroutine, Generator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import Any

import numpy as np

Shape = tuple[int, ...]

FROM_PARAMS = (
    "return (nabla_b, nabla_w), each a list from layer 2 to L, or wrap the function in "
    "proofs.adapters.from_params, which knows dictionaries, rows and labels"
)

WEIGHTS_ALONE = (
    "this is the list nabla_w alone: return {'nabla_w': nabla_w} or (None, nabla_w), "
    "and nabla_b too if there are biases"
)

FROM_THE_LAST = "these lists run from layer L down to 2: return them from layer 2 to L, [::-1]"


FOLDED = (
    "each nabla_w has one {} more than its weights, the {}: the biases are folded into them; "
    "return (nabla_b, nabla_w), nabla_b being that {} and nabla_w the others"
)


def spelled(returned: Mapping[Any, Any]) -> dict[str, list[Any]] | None:
    """Gradients called dW1, db1, dW2, ... or with a W and b of any spelling, as lists by layer."""
    found: dict[str, dict[int, Any]] = {"nabla_w": {}, "nabla_b": {}}
    for key, value in returned.items():
        match = re.fullmatch(r"(?:d|grad|nabla)?_?([wWb])_?(\d+)", str(key))
        if match:
            found["nabla_b" if match[1] == "b" else "nabla_w"][int(match[2])] = value
    layers = sorted(found["nabla_w"])
    if not layers or sorted(found["nabla_b"]) not in (layers, []):
        return None
    return {name: [of[l] for l in layers] for name, of in found.items() if of}


MORE_AXES = (
    "nabla_w of layer {} has {} axes, being of shape {}: return arrays with two; a function that "
    "takes its biases with one axis, as b[:, None] does, is wrapped in "
    "proofs.adapters.from_params(f, flat=True)"
)


def another_form(returned: object, weights: list[Shape], biases: list[Shape]) -> str:
    """What was returned instead of (nabla_b, nabla_w), and what to do; "" if it may be that."""
    if returned is None:
        return (
            "expected (nabla_b, nabla_w), or a mapping with them, got None: a method that updates "
            "its weights and returns nothing is checked through proofs.adapters.from_model, a "
            "function that updates the two lists through from_update"
        )
    if isinstance(returned, Coroutine | Generator):
        returned.close()
        how = "async def" if isinstance(returned, Coroutine) else "yield"
        return (
            f"expected (nabla_b, nabla_w): a function with {how} does not return them when called"
        )
    if not isinstance(returned, Sequence) or isinstance(returned, str):
        return ""
    if hasattr(returned, "_asdict"):  # its names say which part is which
        return ""
    if len(returned) == 2 and sum(isinstance(part, Mapping) for part in returned) == 1:
        return f"it returned a dictionary and something else, a cost perhaps: {FROM_PARAMS}"
    try:
        return _of_lists([_shapes(member) for member in returned], weights, biases)
    except Exception:  # what it returned is an object with a will of its own
        return ""


def _of_lists(came: list[list[Shape]], weights: list[Shape], biases: list[Shape]) -> str:
    """What arrays of these shapes seem to be."""
    if came == [biases, weights]:
        return ""
    if came == [weights, biases]:
        return "these are (nabla_w, nabla_b): return the pair the other way round, nabla_b first"
    bw = [[b, w] for b, w in zip(biases, weights, strict=True)]
    for pairs, what in ((bw, "(nabla_b, nabla_w)"), ([p[::-1] for p in bw], "(nabla_w, nabla_b)")):
        if came in (pairs, pairs[::-1]):
            down = ", from the last one down" * (came != pairs)
            return (
                f"this is a pair {what} for each layer{down}: return two lists, nabla_b and nabla_w"
            )
    if in_a_row := _in_a_row(came, weights, biases):
        return in_a_row
    if came == [[shape] for shape in weights]:
        return WEIGHTS_ALONE
    if how := folded([shape for (shape, *_) in came], weights):
        return how
    if came in ([biases[::-1], weights[::-1]], *_half_turned(weights, biases)):
        return FROM_THE_LAST
    turned = [shape[::-1] for shape in weights]
    if len(came) == 2 and came[1] == turned != weights:
        return (
            "every nabla_w is transposed, (n_in, n_out): return nabla_w.T, or wrap the function in "
            "proofs.adapters.from_params(f, rows=True)"
        )
    return ""


def _in_a_row(came: list[list[Shape]], weights: list[Shape], biases: list[Shape]) -> str:
    """That all arrays are returned one by one, in which order, and what to return instead."""
    layers = range(len(weights))
    if len(layers) < 2 or [len(of) for of in came] != [1] * 2 * len(layers):
        return ""

    def fits(shape: Shape, kind: str, l: int, turned: bool) -> bool:
        if kind == "b":
            return np.prod(shape) == max(shape, default=1) == biases[l][0]
        return shape == (weights[l][::-1] if turned else weights[l])

    for turned, down, kinds in product((False, True), (False, True), ("wb", "bw")):
        order = layers[::-1] if down else layers
        w, b = "nabla_w.T" if turned else "nabla_w", "nabla_b"
        pair = (w, b) if kinds == "wb" else (b, w)
        last = ", from the last one down" * down
        for what, places in (
            (f"({pair[0]}, {pair[1]}) of one layer after the other{last}",
             [(kind, l) for l in order for kind in kinds]),
            (f"all {pair[0]}, then all {pair[1]}{last}",
             [(kind, l) for kind in kinds for l in order]),
        ):  # fmt: skip
            if all(fits(of[0], *at, turned) for of, at in zip(came, places, strict=True)):
                turn = ".T" * turned
                return f"these are {what}: return two lists, ([db1, ...], [dW1{turn}, ...])"
    return ""


def _half_turned(weights: list[Shape], biases: list[Shape]) -> list[list[list[Shape]]]:
    """One of the lists alone from layer L down, where its shapes show that."""
    turned = [biases[::-1], weights], [biases, weights[::-1]]
    return [one for one in turned if one != [biases, weights]]


def folded(came: Sequence[Shape], weights: Sequence[Shape]) -> str:
    """That biases are folded into arrays of these shapes, and what to return; "" if they are not.

    They are one column more, where a 1 is appended to each activation; some have it turned.
    """
    ways = [
        ("column", [(n, k + 1) for n, k in weights]),
        ("row", [(k + 1, n) for n, k in weights]),
    ]
    which = "first or the last"
    what = next((what for what, shapes in ways if list(came) == shapes), "")
    return FOLDED.format(what, which, what) if what else ""


def of_more_axes(letters: Mapping[str, Mapping[int, Any]], sizes: Sequence[int]) -> str:
    """That no gradient has its shape, and nabla_w more axes, as where b[:, None] adds one."""
    came = {l: getattr(w, "shape", None) for l, w in letters.get("nabla_w", {}).items()}
    more = all(isinstance(shape, tuple) and len(shape) > 2 for shape in came.values())
    given_b = zip(letters.get("nabla_b", {}).values(), sizes, strict=False)
    as_it_should = any(_shape(b) in ((n, 1), (1, n), (n,)) for b, n in given_b)
    if not came or not more or as_it_should:
        return ""
    l, shape = next(iter(came.items()))
    return MORE_AXES.format(l, len(shape or ()), shape)


def as_columns(nabla_b: Mapping[int, Any], sizes: Sequence[int]) -> dict[int, Any]:
    """nabla_b with each flat one, of shape (n,) or (1, n), as the column (n, 1) that it means.

    Of one neuron it may be a number.
    """
    flat = {l: ((n,), (1, n), *[()] * (n == 1)) for l, n in enumerate(sizes, start=2)}
    return {
        l: (np.array(b) if isinstance(b, list | tuple | float) else b).reshape((-1, 1))
        if _shape(b) in flat[l]
        else b
        for l, b in nabla_b.items()
    }


def _shape(b: Any) -> Any:
    """The shape of an array or of a list of numbers, None of anything else."""
    with suppress(ValueError):  # a list whose rows differ in length
        return np.shape(b) if isinstance(b, list | tuple | float) else getattr(b, "shape", None)


def _shapes(member: Any) -> list[Shape]:
    """The shapes of a list of arrays, or of one array."""
    if isinstance(member, Sequence) and not isinstance(member, str):
        return [tuple(np.shape(value)) for value in member]
    return [tuple(np.shape(member))]
