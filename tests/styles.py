"""Correct backward passes in the many ways in which people write them.

A style takes a network, for its activations and its cost, and returns a function of weights,
biases, x and y: what it knows, by name, layer by layer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from textbook import NABLAS, Pass, by_a

from proofs.mistakes.catalogue import Backprop
from proofs.network import Network
from proofs.network.activations import linear, sigmoid, softmax
from proofs.network.arrays import Array
from proofs.network.costs import cross_entropy, log_likelihood, quadratic
from proofs.network.equations import backprop

Style = Callable[[Network], Backprop]

FUSED = {
    (softmax, log_likelihood): lambda a, y: a * y.sum(axis=0) - y,
    (sigmoid, cross_entropy): lambda a, y: a - y,
    (linear, quadratic): lambda a, y: a - y,
}
"""The error at the output where sigma' and the cost's denominator cancel."""


def _back(activation: Any, z: Array, rate: Array) -> Array:
    """From the rate of change by a to that by z."""
    if activation.local:
        return rate * activation.prime(z)
    return np.einsum("kx,kjx->jx", rate, activation.jacobian(z))


def matrices(network: Network, fused: bool = True, dtype: type = np.float64) -> Backprop:
    """Examples as columns; every number in one precision."""

    def columns(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, list[Array]]:
        w, b = ([np.asarray(v, dtype) for v in values] for values in (weights, biases))
        a, z, sigma = [np.asarray(x, dtype)], [], list(network.sigma.values())
        y = np.asarray(y, dtype)
        for wl, bl, activation in zip(w, b, sigma, strict=True):
            z.append(wl @ a[-1] + bl)
            a.append(activation(z[-1]).astype(dtype))
        cancelled = FUSED.get((sigma[-1], network.cost)) if fused else None
        if cancelled:
            error = cancelled(a[-1], y)
        else:
            error = _back(sigma[-1], z[-1], network.cost.gradient(a[-1], y))
        delta = [error.astype(dtype)]
        for wl, zl, activation in zip(w[:0:-1], z[-2::-1], sigma[-2::-1], strict=True):
            delta.insert(0, _back(activation, zl, wl.T @ delta[0]).astype(dtype))
        nabla_b = [d.mean(axis=1, keepdims=True) for d in delta]
        nabla_w = [d @ before.T / dtype(x.shape[1]) for d, before in zip(delta, a, strict=False)]
        return {"z": z, "a": a, "delta": delta, "nabla_b": nabla_b, "nabla_w": nabla_w}

    return columns


def with_error(error: Callable[[Array, Array, Array], Array]) -> Callable[..., Any]:
    """(nabla_b, nabla_w) of sigmoids, where delta^L is error(a^L, z^L, y), right or wrong."""
    return Pass(names=NABLAS, bp1=lambda s, l: error(s.a[l], s.z[l], s.y), bp2=by_a)


def unfused(network: Network) -> Backprop:
    """BP1 as the product of two factors, whatever cancels."""
    return matrices(network, fused=False)


def single(network: Network) -> Backprop:
    """In float32."""
    return matrices(network, dtype=np.float32)


def half(network: Network) -> Backprop:
    """In float16."""
    return matrices(network, dtype=np.float16)


def long_double(network: Network) -> Backprop:
    """In the longest floating-point numbers there are."""
    return matrices(network, dtype=np.longdouble)


def ours(network: Network) -> Backprop:
    """The package's own."""

    def run(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, dict[int, Array]]:
        net = network.with_arrays(weights, biases)
        gradients, forward = backprop(net, x, y)._asdict(), net.forward(x)._asdict()
        return {name: [of[l] for l in sorted(of)] for name, of in (gradients | forward).items()}

    return run


def example_by_example(network: Network) -> Backprop:
    """One column after the other, as in the book; the gradients are added up and divided."""
    one = matrices(network)

    def loop(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, list[Array]]:
        found = [one(weights, biases, x[:, [i]], y[:, [i]]) for i in range(x.shape[1])]

        def layers(name: str) -> Any:
            return zip(*(f[name] for f in found), strict=True)

        joined = {name: list(map(np.hstack, layers(name))) for name in ("z", "a", "delta")}
        added = {name: [sum(l) / len(found) for l in layers(name)] for name in NABLAS}
        return joined | added

    return loop


def rows(network: Network) -> Backprop:
    """Examples as rows inside, w.T for w; turned back at the end."""

    def run(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, list[Array]]:
        W, c = [w.T for w in weights], [b.T for b in biases]
        sigma, a, z = list(network.sigma.values()), [x.T], []
        for Wl, cl, activation in zip(W, c, sigma, strict=True):
            z.append(a[-1] @ Wl + cl)
            a.append(activation(z[-1].T).T)
        rate = network.cost.gradient(a[-1].T, y)
        delta = [_back(sigma[-1], z[-1].T, rate).T]
        for Wl, zl, activation in zip(W[:0:-1], z[-2::-1], sigma[-2::-1], strict=True):
            delta.insert(0, _back(activation, zl.T, (delta[0] @ Wl.T).T).T)
        nabla_w = [before.T @ d / len(d) for before, d in zip(a, delta, strict=False)]
        nabla_b = [d.mean(axis=0, keepdims=True) for d in delta]
        found = {"z": z, "a": a, "delta": delta, "nabla_b": nabla_b, "nabla_w": nabla_w}
        return {name: [v.T for v in values] for name, values in found.items()}

    return run


def bias_as_weight(network: Network) -> Backprop:
    """A bias is the weight of a neuron that is always 1."""
    plain = matrices(network)

    def run(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, list[Array]]:
        found = plain(weights, biases, x, y)
        with_one = [np.vstack([a, np.ones(x.shape[1])]) for a in found["a"]]
        nabla = [d @ a.T / x.shape[1] for d, a in zip(found["delta"], with_one, strict=False)]
        return found | {
            "nabla_w": [n[:, :-1] for n in nabla],
            "nabla_b": [n[:, -1:] for n in nabla],
        }

    return run


def jacobians(network: Network) -> Backprop:
    """Equation (35): every error is a product of Jacobians, multiplied from the left."""
    plain = matrices(network)

    def run(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, list[Array]]:
        found, sigma = plain(weights, biases, x, y), list(network.sigma.values())
        a, z, m = found["a"], found["z"], x.shape[1]
        rate, delta = network.cost.gradient(a[-1], y).T[:, None], []
        for l in range(len(weights))[::-1]:
            rate = rate @ sigma[l].jacobian(z[l]).transpose(2, 0, 1)
            delta.insert(0, rate[:, 0].T)
            rate = rate @ weights[l]
        nabla_b = [d @ np.ones((m, 1)) / m for d in delta]
        nabla_w = [d @ before.T / m for d, before in zip(delta, a, strict=False)]
        return {"z": z, "a": a, "delta": delta, "nabla_b": nabla_b, "nabla_w": nabla_w}

    return run


def buffers(network: Network) -> Backprop:
    """Results in arrays that the next call overwrites."""
    plain, kept = matrices(network), {}

    def run(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, list[Array]]:
        found = plain(weights, biases, x, y)
        for name, values in found.items():
            for l, value in enumerate(values):
                place = kept.setdefault((name, l, value.shape), np.empty_like(value))
                place[...] = value
                values[l] = place
        return found

    return run


def pushes(network: Network) -> Backprop:
    """No backward pass at all: every weight and bias is pushed by an imaginary step."""
    sigma, cost = list(network.sigma.values()), network.cost

    def total(weights: Any, biases: Any, x: Array, y: Array) -> complex:
        a = x
        for w, b, activation in zip(weights, biases, sigma, strict=True):
            a = activation(w @ a + b)
        return cost.value(a, y).mean()

    def run(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, list[Array]]:
        w, b = ([v.astype(complex) for v in values] for values in (weights, biases))
        found = {
            "nabla_b": [np.empty(v.shape) for v in b],
            "nabla_w": [np.empty(v.shape) for v in w],
        }
        for values, nabla in zip((b, w), found.values(), strict=True):
            for value, derivative in zip(values, nabla, strict=True):
                for place in np.ndindex(value.shape):
                    value[place] += 1j * 2.0**-70
                    derivative[place] = total(w, b, x, y).imag * 2.0**70
                    value[place] -= 1j * 2.0**-70
        return found

    return run


def column_order(network: Network) -> Backprop:
    """Arrays in Fortran's order, read-only, and views with gaps."""
    plain = matrices(network)

    def view(value: Array) -> Array:
        gaps = np.repeat(np.asfortranarray(value), 2, axis=0)[::2]
        gaps.flags.writeable = False
        return gaps

    def run(*given: Any) -> dict[str, list[Array]]:
        return {name: list(map(view, values)) for name, values in plain(*given).items()}

    return run


STYLES: dict[str, Style] = {
    f.__name__: f
    for f in (
        matrices,
        unfused,
        ours,
        example_by_example,
        rows,
        bias_as_weight,
        jacobians,
        buffers,
        pushes,
        column_order,
        single,
        long_double,
    )
}
"""Every way to compute; `half` only where half precision makes sense."""

Returned = Callable[[dict[str, list[Array]]], Any]


def _some(*names: str) -> Returned:
    return lambda found: {name: found[name] for name in names if name in found}


def _without_input(found: dict[str, list[Array]]) -> dict[str, list[Array]]:
    """Activations of the layers 2..L alone."""
    layers = len(found["nabla_b"])
    return {name: values[-layers:] for name, values in found.items()}


def _stacked(found: dict[str, list[Array]]) -> tuple[Any, Any]:
    """An array with an axis for the layers, where all layers are alike; else a list."""
    pair = []
    for name in NABLAS:
        alike = len({v.shape for v in found[name]}) == 1
        pair.append(np.stack(found[name]) if alike else found[name])
    return tuple(pair)


RETURNED: dict[str, Returned] = {
    "everything": lambda found: found,
    "without the input": _without_input,
    "a pair": lambda found: (found["nabla_b"], found["nabla_w"]),
    "a pair in a list": lambda found: [found["nabla_b"], found["nabla_w"]],
    "tuples": lambda found: tuple(tuple(found[name]) for name in NABLAS),
    "lists of numbers": lambda found: tuple([v.tolist() for v in found[name]] for name in NABLAS),
    "one array": _stacked,
    "gradients by name": _some(*NABLAS),
    "errors and gradients": _some("delta", *NABLAS),
    "z, errors and gradients": _some("z", "delta", *NABLAS),
    "activations and errors": _some("a", "delta"),
    "errors alone": _some("delta"),
    "weights' gradients alone": _some("nabla_w"),
}
"""Every way to hand the result back."""


def returning(style: Style, what: Returned) -> Style:
    """A style that hands its result back in another way."""

    def styled(network: Network) -> Backprop:
        run = style(network)
        return lambda *given: what(run(*given))

    return styled
