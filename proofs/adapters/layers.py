"""Layers that are not a pair of NumPy functions: what kind each is, and objects as such a pair.

An object has `forward` and `backward`, and keeps its parameters and their gradients itself.
"""

import copy
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from dis import get_instructions
from functools import lru_cache
from inspect import Parameter, Signature, signature, unwrap
from itertools import islice, pairwise
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from proofs.adapters.slots import shortened, undecorated
from proofs.measuring.complex_arrays import Complex
from proofs.measuring.leaves import copied, leaves, replaced
from proofs.measuring.random_state import RandomState
from proofs.measuring.rounded_steps import Rounded, rounded
from proofs.measuring.silence import silent
from proofs.measuring.tangents import Dual


def kind_of(layer: Any, inputs: tuple[Any, ...]) -> str:
    """What a layer is: "object", "Function", "torch", "custom_vjp", or "" for none of them."""
    if isinstance(layer, type):
        bases = {f"{base.__module__}.{base.__qualname__}" for base in layer.__mro__}
        return "Function" if "torch.autograd.function.Function" in bases else ""
    if not isinstance(layer, FunctionType):
        if _is_custom_vjp(layer):
            return "custom_vjp"
        if methods_of(type(layer)):
            return "object"
    return "torch" if callable(layer) and any(is_tensor(x) for x in inputs) else ""


def _is_custom_vjp(layer: Any) -> bool:
    homes = {kind.__module__.split(".")[0] for kind in type(layer).__mro__}
    return "jax" in homes and hasattr(layer, "fun")


def uncompiled(layer: Any) -> Any:
    """The function of `jax.custom_vjp` of which one is that `jax.jit` compiles; else itself."""
    inner = getattr(layer, "__wrapped__", None)
    return inner if inner is not None and _is_custom_vjp(inner) else layer


def is_tensor(x: Any) -> bool:
    """Whether it is a tensor of torch."""
    return type(x).__module__.split(".")[0] == "torch"


# Objects that keep their parameters and gradients as attributes.

METHODS = (
    ("forward", "backward"),
    ("forward", "backprop"),
    ("forward", "backward_pass"),
    ("forward_pass", "backward_pass"),
    ("fprop", "bprop"),
    ("forward_propagation", "backward_propagation"),
    ("forward_propagate", "backward_propagate"),
    ("__call__", "backward"),
)
"""How people call the two methods of a layer."""

SLOTS = (
    "{}: expected a layer whose attributes may be others for a while, got one that keeps them in "
    "__slots__; take that out of the class, or give forward and backward pass as functions"
)


def methods_of(kind: type) -> tuple[str, str] | None:
    """The names of a class's forward and backward pass, or None if it is no layer.

    Raises TypeError for a layer that keeps its attributes in slots.
    """
    own: set[str] = set().union(*map(vars, kind.__mro__))  # a class itself can be called, too
    every = (pair for pair in METHODS if own.issuperset(pair) and all(
        callable(getattr(kind, name)) for name in pair))  # fmt: skip
    found = next(every, None)
    if found and not kind.__dictoffset__:
        raise TypeError(SLOTS.format(kind.__name__))
    return found


def of_one_object(forward: Any, backward: Any) -> Any:
    """The layer that two methods are the passes of, the second of an error alone; None if of none.

    Where their names are not the usual ones, it is a copy that has them under the usual ones, too.
    """
    layer = getattr(forward, "__self__", None)
    bound = isinstance(forward, MethodType) and isinstance(backward, MethodType)
    if not bound or backward.__self__ is not layer or not hasattr(layer, "__dict__"):
        return None
    kind, passes = type(layer), (forward.__func__, backward.__func__)
    if methods_of(kind) == (passes[0].__name__, passes[1].__name__):
        return layer
    asked = [p for p in _declared(passes[1])[1:] if p.default is p.empty]
    if isinstance(layer, type) or len(asked) != 1:
        return None
    own = copy.copy(layer)
    own.__class__ = type(kind.__name__, (kind,), dict(zip(METHODS[0], passes, strict=True)))
    return own


def _methods(layer: Any) -> tuple[str, str]:
    found = methods_of(type(layer))
    assert found is not None
    return found


RATE = 2.0**20
"""A rate so large that a change of weights shows their gradient to the last digit."""
RATES = ("lr", "learning_rate", "learn_rate", "learningrate", "rate", "eta", "alpha", "step_size")
"""How people call a learning rate."""


def awake(layer: Any, inputs: Sequence[Any], how: Mapping[str, Any]) -> Any:
    """A layer that makes its parameters when it is first called, with those that it makes."""
    later = copy.deepcopy(layer)
    return woken(layer, later) if _called(later, inputs, how) else layer


def woken(layer: Any, later: Any) -> Any:
    """A layer as it was, or as it was `later` where only the call between made its parameters."""
    if set(parameters_of(later)) <= set(parameters_of(layer)):
        return layer
    _shorten(vars(later), vars(layer))
    return later


def set_anew(layer: Any, inputs: Sequence[Any], how: Mapping[str, Any]) -> set[str]:
    """The attributes that a forward pass makes of its inputs, which are no parameters.

    Other inputs make others of them; weights that it casts, clips or reshapes stay the same.
    """
    here, there = copy.deepcopy(layer), copy.deepcopy(layer)
    inputs = tuple(inputs)
    others = replaced(inputs, {at: x / 2 + 1 / 4 for at, x in leaves(inputs).items()})
    if not (_called(here, inputs, how) and _called(there, others, how)):
        return set()
    return {
        name
        for name, x in vars(here).items()
        if isinstance(x, np.ndarray) and not np.array_equal(x, vars(there).get(name))
    }


def changed(before: Mapping[str, Any], layer: Any) -> set[str]:
    """The attributes that are other things than before."""
    return {name for name, x in before.items() if vars(layer).get(name) is not x}


def _called(layer: Any, inputs: Sequence[Any], how: Mapping[str, Any]) -> bool:
    """Whether its forward pass takes the inputs; where not, that is told when it is judged."""
    return bool(_returned(layer, inputs, how))


def _returned(layer: Any, inputs: Sequence[Any], how: Mapping[str, Any]) -> tuple[Any, ...]:
    """What its forward pass returns, as the only item; nothing where it does not take the inputs.

    What is drawn at random is drawn again by the next call.
    """
    forward = getattr(layer, _methods(layer)[0])
    state = RandomState(forward)
    try:
        with silent():
            return (forward(*map(copied, inputs), **how),)
    except Exception:
        return ()
    finally:
        state.restore()


def unread(layer: Any, inputs: Sequence[Any], how: Mapping[str, Any]) -> set[str]:
    """The arrays that backward changes beside the weights, where it takes a learning rate: momenta.

    What forward returns is the same with others.
    """
    if not rate_of(layer):
        return set()

    def returned(others: dict[int, Any]) -> list[Any]:
        out = _returned(copy.deepcopy(layer, others), inputs, how)
        parts = out[0] if out and isinstance(out[0], tuple) else out
        return [
            np.array(part) for part in parts if isinstance(part, np.ndarray | np.generic | float)
        ]

    as_it_is = returned({})
    others = {name: returned({id(x): x / 2 + 1 / 4}) for name, x in parameters_of(layer).items()}
    same = {
        name
        for name, outs in others.items()
        if all(np.array_equal(*each) for each in zip(as_it_is, outs, strict=False))
    }
    return same if as_it_is and len(same) < len(others) else set()


def _shorten(now: dict[str, Any], then: dict[str, Any]) -> None:
    """Take out of lists what a call has added, and set back what it has begun to count."""
    for name, value in now.items():
        old = then.get(name)
        if isinstance(value, list):
            del value[len(old) if isinstance(old, list) else 0 :]
        elif isinstance(value, dict):
            _shorten(value, old if isinstance(old, dict) else {})
        elif isinstance(value, int) and name not in then:
            now[name] = 0


def as_given(state: Any, given: Iterable[Any], own: Iterable[Any]) -> Any:
    """An array of a layer's state, such as a buffer, that takes what the layer is given.

    That may carry tangents or a complex step, or be rounded at random; where the parameters are
    wider than its `own`, the whole layer is run in double precision.
    """
    given = [*given]
    if any(isinstance(x, Dual) for x in given):
        return Dual(state.astype(float))
    if any(isinstance(x, Complex) for x in given):
        return state.astype(complex).view(Complex)
    if noise := next((x.noise for x in given if isinstance(x, Rounded)), None):
        return rounded(state.astype(float), noise)
    wide, narrow = (max((np.finfo(x.dtype).eps for x in some if _is_float(x)), default=0)
                    for some in (given, own))  # fmt: skip
    return state.astype(float) if wide < narrow else state.copy("K")


def _is_float(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def _floats(layer: Any) -> list[Any]:
    """The arrays of floating-point numbers among a layer's attributes."""
    return [x for x in vars(layer).values() if _is_float(x)]


def parameters_of(layer: Any) -> dict[str, Any]:
    """The arrays among a layer's attributes that its backward pass has a gradient for, by name."""
    if is_frozen(layer):
        return {}
    arrays = {n: x for n, x in vars(layer).items() if _is_float(x)}
    rate = rate_of(layer)
    found = {
        n: x
        for n, x in arrays.items()
        if (not _is_gradient(layer, n) if rate else _gradient_name(layer, n))
    }
    held = _dictionary(layer, PARAMETERS + NAMED) or _listed(layer, PARAMETERS)
    found = {n: x for n, x in held.items() if isinstance(x, np.ndarray)} or found
    return found | {n: held[of] for n, (held, of, _) in _boxes(layer).items()}


def is_frozen(layer: Any) -> bool:
    """Whether an attribute of a layer says that its parameters stay as they are."""
    return any(vars(layer).get(name) is state for name, state in STATES.items())


STATES = {"trainable": False, "requires_grad": False, "learnable": False, "frozen": True,
          "freeze": True}  # fmt: skip
"""How people call that attribute, and what it is then."""


def _boxes(layer: Any) -> dict[str, tuple[dict[str, Any], str, str]]:
    """What keeps a parameter and its gradient together, by the attribute, and what it calls both.

    As an object Parameter(data) that has an attribute grad, or a dictionary of the two.
    """
    found = {}
    for name, box in vars(layer).items():
        alone = isinstance(box, dict)
        held = box if alone else {} if isinstance(box, type) else getattr(box, "__dict__", {})
        grad = next((n for n in ("grad", "gradient", "g")[: 2 if alone else 3] if n in held), None)
        of = next((n for n, x in held.items() if isinstance(x, np.ndarray) and n != grad), None)
        if grad and of and held[of].dtype.kind == "f" and methods_of(type(box)) is None:
            found[name] = (held, of, grad)
    return found


def without_gradient(layer: Any) -> Iterator[tuple[str, ...]]:
    """Where a layer keeps arrays for which it keeps no gradient, and that are none: the attribute,
    and the name in what that keeps.

    What its forward pass sets, an earlier call has left there.
    """
    if is_frozen(layer):
        return
    own, forward = parameters_of(layer), getattr(type(layer), _methods(layer)[0])
    left, grads = own.keys() | _set_by(forward), _grads(layer)
    for name, x in vars(layer).items():
        held = {} if _fills(forward) else _by_name(x) or {}
        within = {(name, key): y for key, y in held.items()} if held is not grads else {}
        for path, y in ({(name,): x} | within).items():
            known = name in left or any(y is each for each in own.values())
            if _is_float(y) and not known and not _is_gradient(layer, name):
                yield path


def plain_numbers(layer: Any) -> Iterator[str]:
    """The attributes that are numbers of Python and have a gradient, which is of another shape."""
    for name, x in vars(layer).items():
        if isinstance(x, float) and _gradient_name(layer, name) not in (None, name):
            yield name


def learnt_numbers(layer: Any, later: Any) -> list[str]:
    """The attributes that are numbers of Python and have a gradient that is one, too, in the layer
    as it is after a call.
    """
    grads = {name: vars(later).get(_gradient_name(layer, name)) for name in plain_numbers(layer)}
    return [n for n, g in grads.items() if isinstance(g, float | np.ndarray) and not np.ndim(g)]


def with_arrays(layer: Any, inputs: Sequence[Any], how: Mapping[str, Any]) -> Any:
    """A layer whose numbers of Python that it learns are arrays of one number; else itself."""
    if not [*plain_numbers(layer)]:
        return layer
    forward, backward, parameters = from_object(layer)
    try:
        with silent():
            *outs, called = forward(*map(copied, inputs), parameters, **how)
            backward(*(np.ones(np.shape(out)) for out in outs), called)
    except Exception:  # that is told when it is judged
        return layer
    own = copy.copy(layer)
    vars(own).update({n: np.array(vars(layer)[n]) for n in learnt_numbers(layer, called.layer)})
    return own


def from_object(
    layer: Any, without: Collection[str] = ()
) -> tuple[Callable[..., Any], Callable[..., Any], dict[str, Any]]:
    """forward(x, parameters), backward(delta, the layer as it then is), and the parameters.

    Gradients are read off attributes (dW, W_grad, grads["W"]); where backward takes a learning
    rate and changes the weights, off the change. `without` names attributes that only keep what a
    call before has left.
    """
    before, rate, names = copy.deepcopy(layer), rate_of(layer), _methods(layer)
    within = parameters_of(before)
    every = {n: x for n, x in parameters_of(layer).items() if n not in without}
    first = {id(x): n for n, x in reversed(every.items())}
    parameters = {n: x for n, x in every.items() if first[id(x)] == n}  # one may stand there twice

    def forward(*given: Any, **how: Any) -> Any:
        *x, values = given
        # Wherever the layer has one of them, it has the new one.
        memo: dict[int, Any] = {id(within[name]): value for name, value in values.items()}
        memo = {id(x): as_given(x, (*given[:-1], *values.values()), within.values())
                for x in _floats(before)} | memo  # fmt: skip
        own = copy.deepcopy(before, memo)
        out = getattr(own, names[0])(*x, **how)
        out, cache = without_cache(own, kept(own, OUTPUTS) if out is None else out)
        if isinstance(out, tuple) and not takes_delta(layer):
            out = next((part for part in out if np.ndim(part) == 0), out)  # beside its loss
        asked = len(_asked(layer, 1)) - hands_a_cache(layer)
        several = isinstance(out, tuple) and len(out) == asked > 1
        return (*(out if several else (out,)), Called(own, tuple(x), cache))

    def backward(*sent: Any) -> Any:
        at = next(n for n, x in enumerate(sent) if isinstance(x, Called))
        called, errors = sent[at], (*sent[:at], *sent[at + 1 :])
        given = errors if _asks_for_any(layer) else _in_order(layer, errors, called)
        if rate:
            return _by_its_updates(called.layer, given, rate, parameters)
        dx = getattr(called.layer, names[1])(*given)
        dx = kept(called.layer, SENT) if dx is None else dx
        gradients = _of_each(called.layer, parameters)
        return (*(dx if isinstance(dx, tuple | list) else (dx,)), gradients)

    own_names = list(signature(getattr(type(layer), names[0])).parameters.values())[1:]
    last = Parameter("parameters", Parameter.POSITIONAL_OR_KEYWORD)
    positional = [p.replace(default=p.empty) for p in own_names if p.kind is last.kind]
    if not positional and own_names:  # behind a decorator that takes anything
        positional = [Parameter("x", Parameter.POSITIONAL_OR_KEYWORD)]
    forward.__signature__ = Signature([*positional, last])  # type: ignore[attr-defined]
    forward.__wrapped__ = getattr(type(layer), names[0])  # type: ignore[attr-defined]
    backward.__wrapped__ = getattr(type(layer), names[1])  # type: ignore[attr-defined]
    return forward, backward, parameters


def _of_each(layer: Any, names: Iterable[str]) -> dict[str, Any]:
    """The gradients that a layer keeps for some parameters: where one stands twice, the sum."""
    of, found = parameters_of(layer), {}
    for name in names:
        alike = [n for n, x in of.items() if x is of.get(name)] or [name]
        kept = {id(g): g for g in (gradient_of(layer, n) for n in alike) if g is not None}
        if kept:
            found[name] = sum(kept.values()) if len(kept) > 1 else next(iter(kept.values()))
    return found


def _by_its_updates(own: Any, given: Sequence[Any], rate: str, parameters: Any) -> tuple[Any, ...]:
    """What comes back at a rate as people take it, and the gradients from a step at RATE."""
    first, same = copy.deepcopy((own, given))
    dx = getattr(first, _methods(first)[1])(*same, **{rate: 0.1})
    dx = kept(first, SENT) if dx is None else dx
    old = {name: np.array(x) for name, x in parameters_of(own).items() if name in parameters}
    getattr(own, _methods(own)[1])(*given, **{rate: RATE})
    new = parameters_of(own)
    moved = {name: (x - new[name]) / RATE for name, x in old.items()}
    return (*(dx if isinstance(dx, tuple | list) else (dx,)), moved)


@dataclass
class Called:
    """A layer after its forward pass, what it was given, and what it hands to its backward pass."""

    layer: Any
    given: tuple[Any, ...]
    cache: Any = None


OUTPUTS = ("output", "outputs", "out", "y")
SENT = ("dinputs", "dinput", "dx", "dX", "grad_input", "input_grad", "input_gradient")
"""Where a layer whose methods return nothing keeps its output, and what it sends back."""


def kept(layer: Any, names: Sequence[str]) -> Any:
    """What a layer keeps under the first of some names, or None."""
    return next((vars(layer)[name] for name in names if name in vars(layer)), None)


def keep(layer: Any, names: Sequence[str], value: Any) -> None:
    """Put another value where a layer keeps it."""
    name = next((name for name in names if name in vars(layer)), names[0])
    setattr(layer, name, value)


def takes_delta(layer: Any) -> bool:
    """Whether backward asks for the error of the output: a loss asks for nothing, or its inputs."""
    pairs = zip(_asked(layer, 1), asked_inputs(layer), strict=True)
    asks = any(n is None and name != rate_of(layer) for name, n in pairs)
    return asks or _asks_for_any(layer)


INPUTS = "x xs inp input inputs img image images data".split()
"""How people call the input of a layer that has one."""


CACHES = "ctx res residuals ca context memory tape".split()
"""How people call what a forward pass hands to its backward pass, but for cache and saved."""
HANDED = -1
"""Which input of forward that is: none of them."""


def is_cache(name: str) -> bool:
    """Whether an argument of backward is called as what forward hands to it."""
    return name.lower() in CACHES or any(word in name.lower() for word in ("cache", "saved"))


def hands_a_cache(layer: Any) -> bool:
    """Whether backward asks for what forward returns last, by its name."""
    return any(map(is_cache, _asked(layer, 1)))


def without_cache(layer: Any, returned: Any) -> tuple[Any, Any]:
    """What a layer's forward pass put out, and what it hands to its backward pass, if it does.

    One that is not returned is kept as an attribute.
    """
    if not hands_a_cache(layer):
        return returned, None
    if isinstance(returned, tuple) and len(returned) > 1:
        outs, cache = returned[:-1], returned[-1]
        return outs if len(outs) > 1 else outs[0], cache
    return returned, kept(layer, [name for name in vars(layer) if is_cache(name)])


def asked_inputs(layer: Any) -> list[int | None]:
    """Which input of forward each argument of backward is, by its name; None for an error.

    The only input may have another of its usual names, where backward asks for an error besides.
    What forward hands on is HANDED.
    """
    own, asked = _asked(layer, 0), _asked(layer, 1)
    found = [own.index(name) if name in own else HANDED if is_cache(name) else None
             for name in asked]  # fmt: skip
    usual = [n for n, name in enumerate(asked) if name.lower() in INPUTS]
    if len(own) == len(usual) == 1 < len(asked) and found == [None] * len(asked):
        found[usual[0]] = 0
    return found


def _in_order(layer: Any, errors: Sequence[Any], called: Called) -> list[Any]:
    """What backward asks for, as far as it is there: errors, what forward was given, its cache."""
    rest, found = iter(errors), list[Any]()
    for name, n in zip(_asked(layer, 1), asked_inputs(layer), strict=True):
        every = list(islice(rest, 1)) if n is None else (*called.given, called.cache)[n:][:1]
        if name == rate_of(layer) or not every:
            break
        found += every
    return found


def gives_a_loss(layer: Any) -> bool:
    """Whether backward asks for nothing but what forward was given, in that order, or its cache."""
    besides = [name for name in _asked(layer, 1) if not is_cache(name)]
    asked = [name for name in besides if name != rate_of(layer)]
    return asked == _asked(layer, 0)[: len(asked)]


@lru_cache(256)
def _declared(method: Any) -> list[Parameter]:
    """The arguments that a method declares, itself first."""
    return list(signature(method).parameters.values())


def _asks_for_any(layer: Any) -> bool:
    """Whether backward does not say what it asks for, as behind a decorator."""
    asked = _declared(getattr(type(layer), _methods(layer)[1]))
    return any(p.kind is Parameter.VAR_POSITIONAL for p in asked)


def _asked(layer: Any, which: int) -> list[str]:
    """The names of the arguments of forward (0) or backward (1)."""
    method = getattr(type(layer), _methods(layer)[which])
    declared = _declared(method)[1:]
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in declared if p.kind in positional]


def rate_of(layer: Any) -> str:
    """The name of backward's learning rate, if it takes one."""
    asked = _asked(layer, 1)[1:]
    return next((name for name in asked if name.lower() in RATES), "")


def _dictionary(layer: Any, names: Sequence[str]) -> dict[str, Any]:
    """The first of some attributes that is a dictionary, or an object that keeps arrays as
    attributes, as one; or an empty one."""
    for name in names:
        with suppress(Exception):  # a property that works only after a call
            if (x := _by_name(getattr(layer, name, None))) is not None:
                return x
    return {}


def _by_name(x: Any) -> dict[str, Any] | None:
    """What a dictionary, or an object that only keeps arrays, has by name; None of another."""
    if isinstance(x, dict) or not hasattr(x, "__dict__") or isinstance(x, type):
        return x if isinstance(x, dict) else None
    held: dict[str, Any] = vars(x)
    arrays = any(isinstance(y, np.ndarray | Dual) for y in held.values())
    return held if arrays and "grad" not in held and methods_of(type(x)) is None else None


PARAMETERS, GRADIENTS = ("params", "parameters"), ("grads", "gradients")
"""Under which names a layer keeps all of its parameters, and of its gradients."""
NAMED = ("param", "weights", "theta", "p")
OF_NAMED = ("grad", "gradient", "dparams", "d_params", "grad_params", "param_grads", "dweights",
            "grad_weights", "weight_grads", "weights_grad", "dtheta", "grad_theta")  # fmt: skip
"""Likewise, where that is a dictionary; g is one beside p, of the same keys."""


def _listed(layer: Any, names: Sequence[str]) -> dict[str, Any]:
    """The arrays of a layer that keeps its parameters and their gradients as two lists.

    Each by the attribute that the parameter has besides, or else by its place in the list.
    """
    held = vars(layer)
    of, grads = ([n for n in each if isinstance(held.get(n), list | tuple)]
                 for each in (PARAMETERS, GRADIENTS))  # fmt: skip
    code = getattr(getattr(type(layer), _methods(layer)[1]), "__code__", None)
    known = grads or (code and set(GRADIENTS) & set(code.co_names))
    if not of or not known or not all(isinstance(x, np.ndarray | Dual) for x in held[of[0]]):
        return {}
    besides = {id(x): name for name, x in held.items() if isinstance(x, np.ndarray | Dual)}
    called = [besides.get(id(x), f"{of[0]}[{n}]") for n, x in enumerate(held[of[0]])]
    wanted = next((held[n] for n in names if isinstance(held.get(n), list | tuple)), ())
    return dict(zip(called, wanted, strict=False))


def _grads(layer: Any) -> dict[str, Any]:
    """The dictionary in which a layer keeps its gradients, or an empty one."""
    held = vars(layer)
    p, g = (x if isinstance(x := held.get(name), dict) else {} for name in ("p", "g"))
    return _dictionary(layer, GRADIENTS + OF_NAMED) or (g if p and set(g) <= set(p) else {})


def _gradient_name(layer: Any, name: str) -> str | None:
    names = (name, *(s for s in shortened(name) if not hasattr(layer, s)))

    plain = {s if hasattr(layer, s.lstrip("_")) else s.lstrip("_") for s in names}

    def known(among: Iterable[str]) -> str | None:
        private = ((s, s.lstrip("_")) for s in among)
        return next((s for s, t in private if t not in plain and undecorated(t) in plain), None)

    spelt = known(vars(layer))
    if spelt or _grads(layer):
        return spelt or name
    kind: Any = type(layer)
    codes = _codes(kind, _methods(layer)[1])
    if spelt := known(name for code in codes for name in code.co_names):  # set in backward only
        return spelt
    if name in _set_by(getattr(type(layer), _methods(layer)[0])):
        return None  # by its forward pass: no parameter
    keys = {text for code in codes for text in _texts(code.co_consts)}  # of what it fills, returns
    return name if {name, f"d{name}"} & keys or _returns_more(layer, codes) else None


@lru_cache(256)
def _codes(kind: type, name: str) -> tuple[Any, ...]:
    """The code of a method and of those that it calls, of the classes above it too."""
    found: list[Any] = []
    waiting = [name]
    while waiting:
        called = waiting.pop(0)
        own = (getattr(vars(base).get(called), "__code__", None) for base in kind.__mro__)
        for code in filter(None, own):
            if code not in found:
                found.append(code)
                waiting += code.co_names
            if called not in code.co_names:  # as super().backward has it
                break
    return tuple(found)


def _returns_more(layer: Any, codes: Sequence[Any]) -> bool:
    """Whether backward returns more arrays in a row than forward was given: gradients, too."""
    return bool(codes) and _longest_row(codes[0]) > len(_asked(layer, 0))


@lru_cache(256)
def _longest_row(code: Any) -> int:
    """How many things a function returns in a row, at most."""
    steps = [*get_instructions(code)]
    ends = [a.arg or 0 for a, b in pairwise(steps) if (a.opname, b.opname) == ROW]
    return max(ends, default=0)


ROW = ("BUILD_TUPLE", "RETURN_VALUE")
"""How a function ends that returns several things in a row."""


@lru_cache(256)
def _set_by(method: Any) -> set[str]:
    """The attributes that a method sets."""
    steps = get_instructions(unwrap(method)) if isinstance(unwrap(method), FunctionType) else ()
    return {step.argval for step in steps if step.opname == "STORE_ATTR"}


@lru_cache(256)
def _fills(method: Any) -> bool:
    """Whether a method puts something into what is kept: a cache."""
    steps = get_instructions(unwrap(method)) if isinstance(unwrap(method), FunctionType) else ()
    return any(step.opname == "STORE_SUBSCR" for step in steps)


def _texts(constants: Iterable[Any]) -> Iterator[str]:
    """The texts among the constants of a function."""
    for x in constants:
        yield from _texts(x) if isinstance(x, tuple) else [x] if isinstance(x, str) else []


def _is_gradient(layer: Any, name: str) -> bool:
    return any(_gradient_name(layer, other) == name != other for other in vars(layer))


def _in(grads: Mapping[str, Any], name: str) -> Any:
    return grads.get(name, grads.get(f"d{name}"))


def gradient_of(layer: Any, name: str) -> Any:
    """The gradient that a layer keeps for a parameter, or None."""
    if name in (boxes := _boxes(layer)):
        held, _, grad = boxes[name]
        return held[grad]
    spelt = _gradient_name(layer, name)
    if (found := _in(_grads(layer), name)) is not None:
        return found
    if name in (listed := _listed(layer, GRADIENTS)):
        return listed[name]
    return getattr(layer, spelt) if spelt and spelt != name and hasattr(layer, spelt) else None


def put_gradients(layer: Any, gradients: Mapping[str, Any]) -> None:
    """Put others where a layer keeps the gradients of its parameters, if it keeps them."""
    listed, named = [*_listed(layer, PARAMETERS)], (*GRADIENTS, *OF_NAMED, "g")
    kept = next((x for n in named if (x := _by_name(vars(layer).get(n))) is not None), None)
    boxes = _boxes(layer)
    for name, value in gradients.items():
        spelt = _gradient_name(layer, name)
        if name in boxes:
            boxes[name][0][boxes[name][2]] = value
        elif kept is not None:
            kept[f"d{name}" if f"d{name}" in kept else name] = value
        elif spelt and spelt != name:
            setattr(layer, spelt, value)
    if listed and set(listed) == set(gradients):
        held = next((n for n in GRADIENTS if n in vars(layer)), GRADIENTS[0])
        setattr(layer, held, [gradients[name] for name in listed])


def without_gradients(layer: Any) -> None:
    """Set what a layer has added up so far to 0, so that one call shows its own share."""
    kept = _grads(layer)
    own = [name for name in vars(layer) if _is_gradient(layer, name)]
    places: list[tuple[Any, Any]] = [(vars(layer), name) for name in own]
    places += [(kept, name) for name in kept]
    places += [(held, grad) for held, _, grad in _boxes(layer).values()]
    for name in GRADIENTS:
        if isinstance(listed := vars(layer).get(name), list):
            places += [(listed, n) for n in range(len(listed))]
    for held, name in places:
        if isinstance(held[name], np.ndarray):
            held[name] = np.zeros_like(held[name])
