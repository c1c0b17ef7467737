"""Models as people write them, an object and a call: their weights and gradients are found."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import count, pairwise, product
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.adapters.adapted import LEARNING_RATE, Adapted, UnreadError
from proofs.adapters.layers import RATE, RATES
from proofs.adapters.slots import Path
from proofs.measuring.leaves import is_array
from proofs.measuring.random_state import RandomState
from proofs.measuring.silence import silent
from proofs.network import Network
from proofs.network.activations import Activation, sigmoid
from proofs.network.arrays import Array
from proofs.network.costs import Cost, quadratic

ONE_AT_A_TIME = "step: it raises on several examples and takes one: say each=True"

STEPS_IN_A_ROW = (
    "its weights do not move as in one step, by a learning rate times gradients: give it one batch "
    "of all examples and one pass over it, or say each=True if it takes a step for each example"
)
"""Of a call that is several steps, of which no gradient can be read off."""

MOVED_ALIKE = (
    "each of its weights moves by {:.3g} times its learning rate, whatever the gradient is, as in "
    "a first step of Adam, RMSprop and Adagrad, or where gradients are clipped: return the "
    "gradients, or keep them, as in self.grads = grads"
)
"""Of an update that holds the signs of the gradients alone."""

FEW = 8
"""Fewer numbers than these may be alike by chance."""

Step = Callable[[Any, Any, Any], Any]
"""step(model, x, y): one backward pass, or one update, of the model on a batch."""


@dataclass(frozen=True)
class Places:
    """Where a model keeps its weights and biases, from layer 2 to L."""

    weights: tuple[Path, ...]
    biases: tuple[Path, ...]
    turned: bool
    """Whether weights are (n_in, n_out)."""
    folded: int | None = None
    """Which column of the weights holds the biases, if they have no place of their own."""
    moments: tuple[Path, ...] = ()
    """What an optimizer adds up beside them."""

    def read(self, get: Callable[[Path], Array]) -> dict[str, list[Array]]:
        """What `get` says of each place, in the book's shapes; biases where there are any."""
        w = [v[None] if v.ndim < 2 else v.T if self.turned else v for v in map(get, self.weights)]
        b = [get(path).reshape(-1, 1) for path in self.biases]
        if self.folded is not None:
            b = [v[:, [self.folded]] for v in w]
            w = [np.delete(v, self.folded, axis=1) for v in w]
        return {"nabla_w": w, "nabla_b": b} if b else {"nabla_w": w}

    def write(self, model: Any, weights: Sequence[Array], biases: Sequence[Array]) -> None:
        """Put weights and biases of the book's shapes where the model keeps its own."""
        for path, w, b in zip(self.weights, weights, biases, strict=True):
            if self.folded is not None:
                w = np.insert(w, self.folded % (w.shape[1] + 1), b.ravel(), axis=1)
            value = w.T if self.turned else w
            slots.write(model, path, value.reshape(slots.read(model, path).shape))
        for path, b in zip(self.biases, biases, strict=False):
            slots.write(model, path, b.reshape(slots.read(model, path).shape))


@dataclass(frozen=True)
class Form:
    """In which form a step takes its examples."""

    rows: bool
    labels: bool = False
    each: bool = False
    """Whether it takes one at a time."""
    like: Any = None
    """What they are to look like, a list of numbers or a foreign array; else they are NumPy's."""
    row: bool = False
    """Whether one example is an array of one row, or one column."""
    flat: bool = False
    """Whether targets of one output have no axis for it."""

    def given(self, x: Array, y: Array) -> tuple[Any, Any]:
        """A batch (n, m), or one example (n, 1), as the step takes it."""
        of_x, of_y = (x.T, y.T) if self.rows else (x, y)
        if self.labels or self.flat:
            of_y = y.argmax(axis=0) if self.labels else y[0]
        if self.each and self.rows and not self.row:
            of_x = of_x[0]
        if self.each and (of_x.ndim < 2 or of_y.ndim < 2) and not self.row:
            of_y = of_y[0]
        return slots.alike(of_x, self.like), slots.alike(of_y, self.like)


def from_model(
    model: Any,
    step: Step,
    activations: Activation | Sequence[Activation] = sigmoid,
    cost: Cost = quadratic,
    *,
    rows: bool | None = None,
    labels: bool | None = None,
    total: bool = False,
    each: bool = False,
    rate: float | None = None,
    folded: int | None = None,
    fixed_biases: bool = False,
    weights: Sequence[str] = (),
    biases: Sequence[str] = (),
) -> Adapted:
    """A model of any making, and `step(model, x, y)`, its backward pass or its update.

    The weights are found wherever the model keeps them, in attributes, dictionaries, layers or
    neurons, and which way they lie is read off their shapes; `weights` and `biases` name them where
    that fails. Say `folded=-1` (or 0) if the biases are the last (or first) column of the weights,
    `fixed_biases=True` if they are never updated. Where all are 0, others are drawn for the check.
    The gradients are those that `step` returns, by name or by shape; or that it leaves beside the
    weights (dW, W_grad); or else the change of the weights over the learning rate, which is set
    to 2**20 where the model has one by that name, and is `rate` elsewhere.
    Whether examples are rows, and targets whole-number labels, is found out by trying: say `rows`
    and `labels` where the step takes both. Say `total=True` if gradients are sums over the
    examples, `each=True` if the step takes one example.
    Raises ValueError if no weights fit each other, and at a call that gives no gradients; TypeError
    for a module.
    """
    slots.require_no_module("model", model)

    def found(by_rows: bool | None) -> Places:
        return find(model, by_rows, folded, weights, biases)

    def lying(places: Places, form: Form) -> Adapted:
        stepped = _Stepped(model, step, places, form, total, rate, fixed_biases)
        return Adapted(stepped.network(activations, cost), stepped.backprop)

    places = found(rows)
    by_rows = places.turned if rows is None else rows
    orders = [by_rows] if rows is not None else [by_rows, not by_rows]
    forms = list(_forms(model, places, orders, labels, each))
    # Weights go with columns and with rows, whichever way they lie: only the step tells.
    tried = ((places if f.rows == by_rows else found(f.rows), f) for f in forms)
    places, form = next(tried) if len(forms) == 1 else _fittest(tried, lying, each)
    if rows is None and not each and _takes_one(places, form, lying):
        raise ValueError(ONE_AT_A_TIME)
    if folded is None and _lie_the_other_way(lying(places, form)):
        places = replace(places, turned=not places.turned)
    return lying(places, form)


def _forms(
    model: Any, places: Places, orders: Sequence[bool], labels: bool | None, each: bool
) -> Iterator[Form]:
    """The forms in which a step may take its examples, the likeliest first."""
    last = places.read(lambda path: slots.read(model, path))["nabla_w"][-1]
    pattern = slots.pattern(model, places.weights[0])
    like = [None] if pattern is None else [pattern, None]
    row = [False, True] if each else [False]
    flat = [False, True] if len(last) == 1 and not labels else [False]
    wanted = [False] if len(last) == 1 else [False, True]
    for of_labels in wanted if labels is None else [labels]:
        for of in product(like, row, flat):
            yield from (Form(order, of_labels, each, *of) for order in orders)


@dataclass(frozen=True)
class _Stepped:
    """A model whose weights were found, and its step on a batch, as `from_model` says."""

    model: Any
    step: Step
    found: Places
    form: Form
    total: bool
    rate: float | None
    fixed_biases: bool

    @cached_property
    def own(self) -> Any:
        """One model for all calls, so that what one leaves behind is there at the next."""
        return deepcopy(self.model)

    @cached_property
    def tried(self) -> set[tuple[int, ...]]:
        """The shapes of x at which two learning rates have shown the same gradients."""
        return set()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the weights are, then where the biases are."""
        return (*self.found.weights, *self.found.biases)

    def network(self, activations: Activation | Sequence[Activation], cost: Cost) -> Network:
        """The book's network with the model's weights and biases."""
        start = self._weights_of(self.model)
        if not isinstance(activations, Activation) and len(activations) != len(self.found.weights):
            names = ", ".join(map(slots.dotted, self.found.weights))
            raise ValueError(
                f"activations: expected one, or one for each of its weights {names}, got "
                f"{len(activations)}; if these are not all, name them, as in weights=['W1', 'W2']"
            )
        b = start.get("nabla_b") or [np.zeros((len(w), 1)) for w in start["nabla_w"]]
        w, random = start["nabla_w"], np.random.default_rng(0)
        # As they are before any training; a missing + b would not show.
        if "nabla_b" in start and not any(v.any() for v in b):
            b = [random.standard_normal(v.shape) for v in b]
        if not any(v.any() for v in w):
            w = [random.standard_normal(v.shape) for v in w]
        return Network.from_arrays(w, b, activations, cost)

    def backprop(
        self, w: Sequence[Array], b: Sequence[Array], x: Array, y: Array
    ) -> dict[str, Any]:
        """The gradients of a batch, each example a column."""
        m, each = x.shape[1], self.form.each
        batches = [slice(n, n + 1) for n in range(m)] if each else [slice(m)]
        state = RandomState(self.step)
        came = [self._gradients(w, b, *self.form.given(x[:, n], y[:, n])) for n in batches]
        if self.rate and m > 1 and not each and (m,) not in self.tried:
            self.tried.add((m,))
            state.restore()
            self._require_no_row(came[0]["nabla_w"], w, b, x, y)
        over = m if self.total or each else 1
        kept = came[0].keys() - ({"nabla_b"} if self.fixed_biases else set())
        return {k: came[0][k] if k == LEARNING_RATE else _added(came, k, over) for k in kept}

    def _require_no_row(
        self, came: Sequence[Array], w: Sequence[Array], b: Sequence[Array], x: Array, y: Array
    ) -> None:
        """Raise ValueError for a call that takes a step for one example after the other."""
        assert self.rate is not None
        in_a_row = False
        with suppress(Exception), silent():  # it may take no single example
            moving, at_rest = (self._one_by_one(w, b, x, y, by) for by in (self.rate, 0))
            in_a_row = _is_row(came, moving, at_rest, w, self.rate)
        if in_a_row:
            raise UnreadError(STEPS_IN_A_ROW)

    def _one_by_one(
        self, w: Sequence[Array], b: Sequence[Array], x: Array, y: Array, by: float
    ) -> list[Array]:
        """The sum of what single examples give, where each moves the weights `by` times that."""
        now, came = {"nabla_w": list(w), "nabla_b": list(b)}, []
        for n in range(x.shape[1]):
            one = self.form.given(x[:, [n]], y[:, [n]])
            came.append(self._updated(now["nabla_w"], now["nabla_b"], *one, RATE))
            for name, moved in came[-1].items():
                now[name] = [v - by * g for v, g in zip(now[name], moved, strict=True)]
        return _added(came, "nabla_w", 1)

    def _gradients(self, w: Sequence[Array], b: Sequence[Array], x: Any, y: Any) -> dict[str, Any]:
        """The gradients that the step gives, or the change of the weights over the rate."""
        if self.rate is None:
            self.found.write(self.own, w, b)
            returned = self.step(self.own, x, y)
            _require_no_vector(returned, self._weights_of(self.own))
            at = slots.gradients(returned, self.own, self.paths)
            if len(at) == len(self.paths):
                came = self.found.read(lambda path: slots.read(*at[path]))
                if not _cleared(came, w, self._weights_of(self.own)):
                    return came
        state = RandomState(self.step)
        moved = self._updated(w, b, x, y, RATE)
        _require_sizes(moved)
        if self.rate is None and np.shape(x) not in self.tried:
            state.restore()
            self.tried.add(np.shape(x))
            small, unit = _small_rate(moved)
            _require_one_step(moved, self._updated(w, b, x, y, small), w, small, unit)
        return {**moved, LEARNING_RATE: self.rate or RATE}

    def _updated(
        self, w: Sequence[Array], b: Sequence[Array], x: Any, y: Any, by: float
    ) -> dict[str, list[Array]]:
        """How far an update moves the weights, over its learning rate, which is set to `by`."""
        at_rest = deepcopy(self.model)  # an update begins with its momentum at rest
        for path in self.found.moments:
            slots.write(at_rest, path, np.zeros(slots.read(at_rest, path).shape))
        self.found.write(at_rest, w, b)
        left = (
            slots.dotted(p) for p in slots.places(self.own, by_layer=True) if p not in self.paths
        )
        taken = self.rate or set_rate(at_rest, list(left), by)
        old = self._weights_of(at_rest)
        now = self.found.read(_updated(self.step(at_rest, x, y), at_rest, self.paths))
        return {k: [_moved(v, u) / taken for v, u in zip(old[k], now[k], strict=True)] for k in old}

    def _weights_of(self, model: Any) -> dict[str, list[Array]]:
        return self.found.read(lambda path: slots.read(model, path))


def _moved(before: Array, after: Array) -> Array:
    """How far weights moved, in single precision where they are kept in it."""
    with np.errstate(over="ignore"):
        single = after.astype(np.float32)
        if not np.array_equal(after, single):
            return before - after
        return (before.astype(np.float32) - after).astype(np.float32)


RAISES, RUNS, FITS = range(3)
"""How well a step takes a form of the data: it raises, it runs, and gives the right shapes."""


def _fittest(
    tried: Iterable[tuple[Places, Form]], lying: Callable[..., Adapted], each: bool
) -> tuple[Places, Form]:
    """The first form that fits; else one with which the step runs, whose message is of use."""
    found: dict[int, tuple[Places, Form]] = {}
    for of in tried:
        how = fit(lying(*of), each)
        found.setdefault(how, of)
        if how == FITS:
            break
    return found[max(found)]


def _takes_one(places: Places, form: Form, lying: Callable[..., Adapted]) -> bool:
    """Whether a step raises on several examples, and takes one in some form."""
    either = (False, True)
    forms = (replace(form, each=True, rows=r, row=row) for r, row in product(either, either))
    raises = fit(lying(places, form), False) == RAISES
    return raises and any(fit(lying(places, one), True) == FITS for one in forms)


def fit(adapted: Adapted, each: bool) -> int:
    """How well a backward pass takes columns."""
    w, b, sizes = adapted.network.weights, adapted.network.biases, adapted.network.sizes
    # No width of a layer, for then columns might pass for rows.
    m = 1 if each else next(n for n in count(2) if n not in sizes)
    try:
        with silent():
            came = adapted(w, b, np.ones((sizes[0], m)), np.eye(sizes[-1], m))
    except UnreadError:
        return RUNS
    except Exception:
        return RAISES
    shapes = {"nabla_w": [v.shape for v in w], "nabla_b": [v.shape for v in b]}
    right = all([np.shape(v) for v in came[k]] == shapes[k] for k in came.keys() & shapes.keys())
    return FITS if right else RUNS


def _lie_the_other_way(adapted: Adapted) -> bool:
    """Whether square weights lie the other way, where all widths are the same and no shape tells.

    All weights of layer 2 but w_12 are set to 0: what comes back depends on x_2 then, or, if they
    lie the other way, on x_1. What backward does with nabla_w, be it wrong, tells nothing here.
    """
    w, b, (n, *others) = adapted.network.weights, adapted.network.biases, adapted.network.sizes
    if n == 1 or set(others) != {n}:
        return False
    alone = np.eye(n, k=1) * np.eye(n, 1)
    x, pushes = np.random.default_rng(0).standard_normal((n, 1)), np.eye(n)

    def came(x: Array) -> list[Array]:
        found = adapted([alone, *w[1:]], b, x, np.eye(n, 1))
        return [*found.get("nabla_b", []), *found["nabla_w"][1:]]

    try:
        with silent():
            moved = [
                not all(map(np.array_equal, came(x), came(x + pushes[:, [k]]))) for k in (0, 1)
            ]
    except Exception:
        return False
    return moved == [True, False]


def _cleared(
    came: Mapping[str, Sequence[Array]], w: Sequence[Array], now: Mapping[str, Sequence[Array]]
) -> bool:
    """Whether gradients that are all 0 stand beside weights that a step has changed by others."""
    return not any(np.any(v) for of in came.values() for v in of) and not all(
        map(np.array_equal, w, now["nabla_w"])
    )


def find(
    model: Any,
    rows: bool | None = None,
    folded: int | None = None,
    weights: Sequence[str] = (),
    biases: Sequence[str] = (),
) -> Places:
    """The weights that fit each other, with the biases that fit them."""
    shapes = {p: shape for p, shape in slots.places(model, by_layer=True).items()
              if shape or slots.is_bias(p)}  # fmt: skip
    left = {path: shapes[path] for path in slots.without_companions(shapes)}
    moments = _moments(model, left)
    named = any(map(is_weights, left))
    data = [path for path in left if named and _is_data(slots.name(path))]
    left = {path: shape for path, shape in left.items() if path not in (*moments, *data)}
    for some in _matrices(left, _named(shapes, weights)):
        others = [p for p in left if p not in some and _is_vector(shapes[p])]
        # A plain number may be a bias, and may be the 1 that stands for one.
        for vectors in (others, [p for p in others if shapes[p]]):
            vectors = _named(shapes, biases) or sorted(vectors, key=_as_biases)
            fits = list(_fitting(some, vectors, shapes, bool(rows), folded))
            if fits:
                # Vectors that fit as biases are not left over; an hourglass fits either way, with
                # its biases the other way round.
                best = max(fits, key=lambda f: (bool(f.biases), f.biases == _sorted_as(vectors, f)))
                return replace(best, moments=moments)
    came = ", ".join(f"{slots.dotted(path)} {shape}" for path, shape in left.items())
    if folded is None and any(
        next(_fitting(some, [], shapes, bool(rows), -1), None)
        for some in _matrices(left, _named(shapes, weights))
    ):
        raise ValueError(
            f"model: its weights, {came}, fit each other with the biases among them: say folded=0 "
            "if those of the biases come first, folded=-1 if they come last"
        )
    raise ValueError(
        "model: expected weights that fit each other and biases that fit them, got "
        f"{came or 'no arrays'}; say which they are, as in "
        "weights=['W1', 'W2'], biases=['b1', 'b2']"
    )


def _moments(model: Any, left: Mapping[Path, tuple[int, ...]]) -> tuple[Path, ...]:
    """The moments of an optimizer, which have the form of the weights.

    They stand in a dictionary or a list of their own, which is called as moments are or holds
    nothing but 0, as they do before any training.
    """
    held: dict[Path, dict[Any, tuple[int, ...]]] = {}
    for path, shape in left.items():
        held.setdefault(path[:-1], {})[path[-1]] = shape

    def added_up(holder: Path) -> bool:
        zeros = not any(slots.read(model, (*holder, key)).any() for key in held[holder])
        return zeros or bool(_MOMENTS.fullmatch(slots.public(str(holder[-1]))))

    moments = {h for h in held if h and isinstance(h[-1], str) and ... not in h and added_up(h)}
    others = [of for holder, of in held.items() if holder not in moments]
    return tuple(p for p in left if p[:-1] in moments and held[p[:-1]] in others)


def _fitting(
    matrices: Sequence[Path],
    vectors: Sequence[Path],
    shapes: Mapping[Path, tuple[int, ...]],
    turned_first: bool,
    folded: int | None,
) -> Iterator[Places]:
    """Each order of the matrices in which they fit each other, with biases that fit them."""
    # Backwards and turned, a chain fits as well: the order as it stands comes first.
    for order in (matrices, sorted(matrices, key=slots.number), matrices[::-1]):
        for turned in (turned_first, not turned_first):
            sizes = [_size(shapes[p], turned) for p in order]
            if not _fit(sizes, 0 if folded is None else 1):
                continue
            beside = [(path, n) for path, (n, _) in zip(order, sizes, strict=True)]
            own = [] if folded is not None else _of_sizes(beside, vectors, shapes)
            if own is not None:
                yield Places(tuple(order), tuple(own), turned, folded)


def _sorted_as(vectors: Sequence[Path], places: Places) -> tuple[Path, ...]:
    """The biases in the order in which they were made."""
    return tuple(path for path in vectors if path in places.biases)


def _named(shapes: Mapping[Path, Any], names: Sequence[str]) -> list[Path]:
    """The paths that end in one of some names, in the order of these."""
    return [p for name in names for p in shapes
            if slots.name(p) == name or f".{slots.dotted(p)}".endswith(f".{name}")]  # fmt: skip


def _matrices(
    left: Mapping[Path, tuple[int, ...]], told: Sequence[Path]
) -> Iterator[Sequence[Path]]:
    """What may be the weights, the likeliest first.

    Those of one neuron, or for one input, are told from biases by their name, or by that of the
    others, as syn1 beside syn0; but w0 may be a bias.
    Data that a model keeps beside its weights are not called as weights are.
    """
    if told:
        yield told
        return
    two = [p for p, shape in left.items() if len(shape) == 2]
    wide = [p for p in two if not _is_vector(left[p])]
    last = [p for p, shape in left.items() if len(shape) == 1 and is_weights(p)]
    if not two and len(last) == 1:
        yield last  # those of one neuron
    if wide and len(last) == 1 and _is_last(last[0], len(two) + 1):
        yield [*two, *last]  # W2 beside W1, a vector for the one output
    alike = {_stem(p) for p in wide if _stem(p)}
    yield [p for p in two if p in wide or is_weights(p) or _stem(p) in alike]
    yield wide
    yield [p for p in two if is_weights(p)]
    yield [p for p in wide if is_weights(p)]
    yield two * (len(two) == 1)


_DATA = re.compile(r"(?i)_*([xyt]|inputs?|outputs?|targets?|labels?|data|([xy]|input|output)_.*)")
"""How people call the data that a model keeps beside its weights."""


def _is_data(name: str) -> bool:
    """Whether it is called as data are; output_weights are weights, and output_bias are biases."""
    learnt = re.search(r"(?i)weight|bias|theta|kernel", name)
    return bool(_DATA.fullmatch(name)) and not learnt


_MOMENTS = re.compile(r"(?i)[mvsg]|vel.*|v?mom.*|caches?|sq.*|exp_avg.*|state")
"""How people call what an optimizer adds up."""

_TALLY = re.compile(r"(?i)loss|cost|err|total|sum|acc|correct|count")
"""How people call what they add up: it comes after what may be a bias."""


def _as_biases(path: Path) -> tuple[bool, bool, int]:
    """The order in which vectors are taken for biases."""
    tally = bool(_TALLY.search(slots.name(path)))
    return tally, not slots.is_bias(path), slots.number(path)


def _is_last(path: Path, layers: int) -> bool:
    """Whether weights are called as those of this layer, w3, or have no number, as w."""
    return slots.number(path) == layers or not re.search(r"\d", slots.name(path))


def _is_vector(shape: tuple[int, ...]) -> bool:
    return len(shape) < 2 or (len(shape) == 2 and min(shape) == 1)


def is_weights(path: Path) -> bool:
    """Whether it is called as weights are."""
    bare = slots.public(slots.name(path))
    return bool(re.search(r"(?i)(^|\.)(w|theta|kernel|coef)[^.]*(\.\d+)*$|weight", bare))


def _stem(path: Path) -> str:
    """What stands before the number in a name that ends in one."""
    found = re.fullmatch(r"(.*\D)\d+", slots.name(path))
    return found[1] if found else ""


def _size(shape: tuple[int, ...], turned: bool) -> tuple[int, ...]:
    """How many numbers weights of a shape give, and how many they take."""
    return (1, *shape) if len(shape) < 2 else shape[::-1] if turned else shape


def _fit(sizes: Sequence[tuple[int, ...]], more: int) -> bool:
    """Whether each layer takes as many numbers as the one before gives, and `more`."""
    return bool(sizes) and all(k == n + more for (n, _), (_, k) in pairwise(sizes))


def _of_sizes(
    weights: Sequence[tuple[Path, int]],
    vectors: Sequence[Path],
    shapes: Mapping[Path, tuple[int, ...]],
) -> list[Path] | None:
    """A vector of each size, in their order, from the object of the weights where it has one; none
    at all if none fits; None if only some do."""
    found: list[Path] = []
    for path, n in weights:
        fitting = [p for p in vectors if p not in found and np.prod(shapes[p]) == n]
        found += [max(fitting, key=partial(slots.together, path))] if fitting else []
    return found if len(found) in (0, len(weights)) else None


# What a call computes.


def _added(came: Sequence[Mapping[str, Any]], name: str, over: int) -> list[Array]:
    """The sum of several calls' gradients, layer by layer, over a number."""
    return [sum(of) / over for of in zip(*(c[name] for c in came), strict=True)]


def _updated(returned: Any, model: Any, paths: Sequence[Path]) -> Callable[[Path], Array]:
    """How to read the updated weights: those that were returned, or those of the model."""
    new = slots.matching(returned, model, paths)
    if len(new) == len(paths):
        return lambda path: slots.read(returned, new[path])
    return lambda path: slots.read(model, path)


def _small_rate(moved: Mapping[str, Sequence[Array]]) -> tuple[float, float]:
    """A learning rate so small that steps in a row are nearly one, and by which part of itself a
    weight is rounded beside it."""
    if all(v.dtype == np.float32 for v in moved["nabla_w"]):
        return 2.0**-8, 1e-7
    return 1 / RATE, 1e-16


def _require_one_step(
    came: Mapping[str, Sequence[Array]],
    other: Mapping[str, Sequence[Array]],
    w: Sequence[Array],
    small: float,
    unit: float,
) -> None:
    """Raise ValueError if two learning rates, of which one is small, show other gradients.

    Steps in a row do that. Where one layer is updated before another is gone back through, what
    moves first moves as it should.
    """
    pairs = list(zip(came["nabla_w"], other["nabla_w"], strict=True))
    for (one, two), v in zip(pairs, w, strict=True):
        rounded = 1e-3 * abs(two).max() + 10 * unit / small * max(1.0, abs(v).max())
        if (abs(one - two) <= rounded).all():
            return
    if all(np.allclose(one * RATE, two * small, rtol=max(1e-9, 1e3 * unit)) for one, two in pairs):
        raise UnreadError(
            "its weights move alike whatever its learning rate is: say rate=1, or the number that "
            "stands in its update"
        )
    raise UnreadError(STEPS_IN_A_ROW)


def _require_sizes(moved: Mapping[str, Sequence[Array]]) -> None:
    """Raise ValueError where most weights of two layers or more move by one and the same length."""
    sizes = abs(np.concatenate([v.ravel() for of in moved.values() for v in of]))
    sizes = sizes[sizes > 0]
    if len(moved["nabla_w"]) < 2 or sizes.size < FEW:
        return
    if np.mean(abs(sizes - sizes.max()) < 1e-3 * sizes.max()) > 3 / 4:
        raise UnreadError(MOVED_ALIKE.format(sizes.max()))


def _is_row(
    came: Sequence[Array],
    moving: Sequence[Array],
    at_rest: Sequence[Array],
    w: Sequence[Array],
    rate: float,
) -> bool:
    """Whether what came is what steps in a row give, and no sum of what all give at one place."""
    told = False
    for one, row, plain, v in zip(came, moving, at_rest, w, strict=True):
        rounded = 1e-9 * abs(row).max() + 1e-14 * len(moving) * max(1.0, abs(v).max()) / rate
        if (abs(one - row) > rounded).any():
            return False
        told = told or bool((abs(row - plain) > 100 * rounded).any())
    return told


def _require_no_vector(returned: Any, start: Mapping[str, Sequence[Array]]) -> None:
    """Raise ValueError for one vector of all numbers, whose order nobody can know."""
    n = np.size(returned) if is_array(returned) and np.ndim(returned) < 3 else 0
    sizes = {name: sum(map(np.size, of)) for name, of in start.items()}
    held = {"all weights": sizes["nabla_w"], "all weights and biases": sum(sizes.values())}
    for what, size in held.items():
        if n == size > 1 and max(np.shape(returned)) == n and len(start["nabla_w"]) > 1:
            raise UnreadError(
                f"it returned a vector of {n} numbers, as many as {what}: return the matrices and "
                "biases that it is made of"
            )


def set_rate(model: Any, left: Sequence[str] = (), to: float = RATE) -> float:
    """Set the learning rate that a model keeps, by default to one that rounds nothing away.

    Raises ValueError where it keeps none, with the names of what is left beside the weights.
    """
    for name in RATES:
        holders = [x for x in slots.holders(model) if name in slots.numbers_of(x)]
        for holder in holders:
            slots.put(holder, slots.numbers_of(holder)[name], to)
        if holders:
            return to
    seen = f" (they have {', '.join(left)})" if left else ""
    raise UnreadError(
        f"it returned no gradients, and left none beside the weights{seen}: return them, or say "
        "rate=, the learning rate at which it updates the weights, rate=1 if it has none"
    )
