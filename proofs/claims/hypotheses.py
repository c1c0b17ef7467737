"""The hypotheses that the claims name."""

from functools import cache
from typing import Any

from sympy import Add, Dummy, Function, Mul, Rational, Sum, cancel, exp, log, sympify, together

from proofs.claims.algebra import index, normal, replaced, total, unspecified
from proofs.claims.claim import Hypothesis
from proofs.claims.notation import Average, C, L, a, i, j, k, p, q, sigma, y, z
from proofs.network import activations, costs
from proofs.network.costs import Cost


def _layer_is(layer: Any, test: Any) -> Any:
    return lambda case, at: test(case.network.sigma[int(layer.xreplace(at))])


@cache
def local(layer: Any) -> Hypothesis:
    """Each a_k is a function of z_k alone, perhaps a different one for each k."""
    f = unspecified("f")
    return Hypothesis(
        "locality",
        f"Locality: each $a^{{{layer}}}_k$ depends on its own $z^{{{layer}}}_k$ alone.",
        _layer_is(layer, lambda sigma: sigma.local),
        {a(layer).label: lambda k: f(k, z(layer)[k])},
    )


@cache
def elementwise(layer: Any) -> Hypothesis:
    """One function sigma is applied to each weighted input; it has a derivative there."""
    return Hypothesis(
        "elementwise activation",
        rf"One function $\sigma$, differentiable, is applied to each $z^{{{layer}}}_k$ by itself.",
        _layer_is(layer, lambda sigma: sigma.local),
        {a(layer).label: lambda k: sigma(z(layer)[k], layer)},
    )


@cache
def softmax(layer: Any) -> Hypothesis:
    """The activations of the layer are the softmax of its weighted inputs."""
    return Hypothesis(
        "softmax",
        f"Layer ${layer}$ is softmax: exponentials of the weighted inputs, divided by their sum.",
        _layer_is(layer, lambda sigma: sigma is activations.softmax),
        {a(layer).label: lambda k: exp(z(layer)[k]) / total(lambda i: exp(z(layer)[i]), layer)},
    )


def over_one_denominator(expr: Any) -> Any:
    """The expression with its fractions added up, inside logarithms, sums and averages too."""
    expr = normal(replaced(expr, lambda e: log(together(e.args[0])) if e.func is log else None))
    name, bodies = index(), dict[Any, list[Any]]()
    for term in Add.make_args(expr):
        frame, body = _opened(term, name)
        bodies.setdefault(frame, []).append(body)
    return Add(*(_closed(frame, _cancelled(Add(*terms))) for frame, terms in bodies.items()))


def _opened(term: Any, name: Any) -> tuple[Any, Any]:
    """What a term sums over the `name`d index or averages, all its factors within, and how."""
    for f in Mul.make_args(term):
        if isinstance(f, Average):
            return Average, term / f * f.args[0]
        if isinstance(f, Sum) and len(f.limits) == 1:
            [(i, first, last)] = f.limits
            return (name, first, last), term / f * f.function.xreplace({i: name})
    return None, term


def _cancelled(expr: Any) -> Any:
    """The fraction in lowest terms, each sum, exponential and other function a letter to it."""
    letters: dict[Any, Any] = {}

    def letter(e: Any) -> Any:
        if isinstance(e, exp):
            number, exponent = e.args[0].as_coeff_Mul()
            return letters.setdefault(exp(exponent), Dummy()) ** number
        return letters.setdefault(e, Dummy()) if isinstance(e, Sum | Function) else None

    return cancel(replaced(expr, letter)).xreplace({name: e for e, name in letters.items()})


def _closed(frame: Any, body: Any) -> Any:
    if body == 0 or frame is None:
        return body
    return Average(body) if frame is Average else Sum(body, frame)


@cache
def sigmoid(layer: Any) -> Hypothesis:
    """The activations of the layer are the sigmoids of its weighted inputs, equation (3)."""
    return Hypothesis(
        "sigmoid",
        f"Layer ${layer}$ is sigmoid.",
        _layer_is(layer, lambda sigma: sigma is activations.sigmoid),
        {a(layer).label: lambda k: exp(z(layer)[k]) / (1 + exp(z(layer)[k]))},
        over_one_denominator,
    )


@cache
def tanh(layer: Any) -> Hypothesis:
    """The activations of the layer are the hyperbolic tangents of its weighted inputs."""
    return Hypothesis(
        "tanh",
        f"Layer ${layer}$ is tanh.",
        _layer_is(layer, lambda sigma: sigma is activations.tanh),
        {a(layer).label: lambda k: 1 - 2 / (1 + exp(2 * z(layer)[k]))},
        over_one_denominator,
    )


@cache
def linear(layer: Any) -> Hypothesis:
    """The activations of the layer are its weighted inputs."""
    return Hypothesis(
        "linear",
        f"Layer ${layer}$ is linear: its activations are its weighted inputs.",
        _layer_is(layer, lambda sigma: sigma is activations.linear),
        {a(layer).label: lambda k: z(layer)[k]},
    )


def _cost_is(cost: Cost) -> Any:
    return lambda case, at: case.network.cost is cost


quadratic = Hypothesis(
    "quadratic cost",
    "The cost is quadratic: half the squared distance of output and target.",
    _cost_is(costs.quadratic),
    {C: lambda: Rational(1, 2) * total(lambda i: (a(L)[i] - y[i]) ** 2, L)},
)
log_likelihood = Hypothesis(
    "log-likelihood cost",
    "The cost is the categorical cross-entropy (the book's log-likelihood): "
    "minus the sum of the targets times the logarithms of the "
    "outputs.",
    _cost_is(costs.log_likelihood),
    {C: lambda: -total(lambda i: y[i] * log(a(L)[i]), L)},
)
cross_entropy = Hypothesis(
    "cross-entropy cost",
    "The cost is the binary cross-entropy, one per output: each output has its own target.",
    _cost_is(costs.cross_entropy),
    {C: lambda: -total(lambda i: y[i] * log(a(L)[i]) + (1 - y[i]) * log(1 - a(L)[i]), L)},
    over_one_denominator,
)
targets_sum_to_1 = Hypothesis(
    "targets sum to 1",
    "The targets $y_k$ of each example sum to 1, as one-hot targets do.",
    lambda case, at: bool(abs(case.y.sum(axis=0) - 1).max() < 1e-9),
    reduce=lambda expr: expr.xreplace({normal(total(lambda i: y[i], L)): 1}),
)


def square(*layers: Any) -> Hypothesis:
    """The layers have one width: what a wrong index needs to be computable at all."""

    def one_width(case: Any, at: Any) -> bool:
        sizes = [0, *case.network.sizes]
        return len({sizes[int(layer.xreplace(at))] for layer in layers}) == 1

    named = ", ".join(f"${layer}$" for layer in layers[:-1]) + f" and ${layers[-1]}$"
    text = f"Layers {named} have the same width, so that shapes fit."
    return Hypothesis("one width", text, one_width)


def _with_one_neuron(expr: Any) -> Any:
    """The expression where every layer has a single neuron, number 0."""
    return normal(_first_terms(expr).xreplace(dict.fromkeys((i, j, k, p, q), sympify(0))))


def _first_terms(expr: Any) -> Any:
    return replaced(expr, lambda e: _first_term(e) if isinstance(e, Sum) else None)


def _first_term(e: Any) -> Any:
    return _first_terms(e.function).xreplace({n: sympify(0) for n, *_ in e.limits})


single_path = Hypothesis(
    "one neuron a layer",
    "Every layer has one neuron, so that there is one path.",
    lambda case, at: max(case.network.sizes) == 1,
    reduce=_with_one_neuron,
)
