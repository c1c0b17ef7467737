"""What a wrong equation looks like: known wrong formulas, tried on the numbers that broke it.

A formula is named only where it gives, number for number, what came.
Where none does, what came is held against what was expected: a factor, a transpose, one neuron.
Where nothing fits, nothing is said.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from proofs.checker.factors import read
from proofs.checker.judging.bounded import clipped
from proofs.checker.judging.gradients_alone import other_orders
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.other_cost import smoothing_in_words, without_guard
from proofs.checker.judging.residuals import (
    CLOSE,
    NEARLY,
    Residual,
    close,
    of_each,
    sent_size,
    spread,
    unit_of,
)
from proofs.measuring.clock import tick
from proofs.measuring.rounding import of_cost
from proofs.network.activations import (
    ACTIVATIONS,
    Activation,
    linear,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, Cost, cross_entropy, quadratic
from proofs.network.fused import cost_of_z, fusible
from proofs.network.layers.smaller import below_by_tanh

LONE = (
    "it is 0: as if it had never been set, or as if softmax were taken of the one output, which is "
    "always 1 then (sigmoid is for one output, softmax for two)"
)

CLIPPED = (
    "delta is {}: what goes back from there is not the gradient of the cost; leave that out of the "
    "check, and clip nabla_b and nabla_w after the backward pass"
)

LOST = "the formula is right, but 1 - a has lost its digits where an output is close to 1"

DECAY = "check"
"""The page on costs that the checker has to be told."""


@dataclass(frozen=True)
class Diagnosis:
    """A misconception in a sentence, and the page that mends it."""

    says: str
    page: str = ""
    vague: bool = False
    """It says how the numbers differ and not by which formula: kept only if it fits everywhere."""
    terms: int = 0
    """How many sizes a factor is made of: of several factors that fit, the simplest is told."""
    needs: str = ""
    """The targets for which it would be right."""
    cases: tuple[str, ...] = ()
    """The networks that it fits, by name; () for all of them."""

    def __str__(self) -> str:
        return self.says


PAGES = {
    "forward z": "symbols",
    "forward a": "symbols",
    "BP1": "bp1",
    "BP2": "bp2",
    "BP3": "bp3-bp4",
    "BP4": "bp3-bp4",
}
"""The page that proves an equation."""

EASY = "a - y is not delta^L for this activation, this cost and these targets"
LABELS = "the target is taken for one label, y.argmax"
GUARDED = (
    "this belongs to the {} cost without a guard: the clip or the epsilon is in the cost, and "
    "not in the backward pass; take it out of the cost, or put its derivative into the pass"
)
NEEDS = {
    EASY: "delta^L is a - y: right for targets that sum to 1, as one-hot and soft ones do",
    LABELS: "the target is taken for one label: right for one-hot targets",
}
"""Right formulas for fewer targets than were given, and for which they are right."""

Guess = tuple[str, str, Array]
"""A misconception, the page that mends it, and what it makes of the numbers.

It may come in another shape, and may be right by chance: then it is not what was done.
"""


def diagnoses(r: Residual, n: Numbers) -> tuple[Diagnosis, ...]:
    """Everything that explains what came, or nothing."""
    tick("what it looks like", 0, 1)
    n = replace(n, eps=unit_of(n, r.equation, r.layer, r.expected))
    if not np.isfinite(r.came).all():
        return tuple(_not_finite(r, n))
    with np.errstate(all="ignore"):
        return tuple(dict.fromkeys(_matched(r, n)))


def _matched(r: Residual, n: Numbers) -> Iterator[Diagnosis]:
    ways = list(clipped(r))
    if r.equation in ("BP1", "BP2") and ways:
        yield from (Diagnosis(CLIPPED.format(how)) for how in ways)
        return
    # By its length alone one array may be scaled by whatever factor.
    at = [how for how in ways if how.startswith("clipped")] if r.came.size > 1 else []
    if r.equation in ("BP3", "BP4") and at:
        yield Diagnosis(f"it is {at[0]}: return it before that")
        return
    wrong = np.asarray((r.excess > 1).any(axis=1))
    every = np.full_like(wrong, True)
    named = _fitting(r, n, every) or [*_digits_lost(r, n), *_remainder(r, n)]
    named = named or list(_where(r, n))
    if named or wrong.all():
        yield from named or _nearly(r)
        return
    which = ", ".join(str(j + 1) for j in np.flatnonzero(wrong)[:3])
    more = "" if wrong.sum() <= 3 else ", ..."
    only = f"{wrong.sum()} of {len(wrong)} neurons are wrong, namely {which}{more}"
    some = _fitting(r, n, wrong) if several(r.expected[wrong]) else []
    for d in some or [Diagnosis("")]:
        yield replace(d, says=f"{only}: {d.says}".removesuffix(": "), vague=True)


def _fitting(r: Residual, n: Numbers, rows: Array) -> list[Diagnosis]:
    """The wrong formulas that give those rows of what came, then the factor that does.

    On a small network a formula may fit by chance where the factor fits on all networks.
    """
    found = [
        Diagnosis(says, page, needs=NEEDS.get(says, ""))
        for says, page, wrong in FORMULAS[r.equation](n, r.layer)  # one after the other
        if wrong.shape == r.came.shape
        and _same(r.came[rows], wrong[rows], n)
        and not _same(r.expected[rows], wrong[rows], n)  # here it is right
    ]
    return [*found, *_factor(r, n, rows)]


def _same(came: Array, wrong: Array, n: Numbers) -> bool:
    # A formula that gives nothing but 0 explains nothing.
    if came.shape != wrong.shape or not np.isfinite(wrong).all() or not wrong.any():
        return False
    return bool(abs(came - wrong).max() <= close(n.eps) * abs(came).max() or (came == wrong).all())


def _not_finite(r: Residual, n: Numbers) -> Iterator[Diagnosis]:
    sigma, z = n.network.sigma[r.layer], n.z[r.layer]
    if r.equation == "BP1" and np.minimum(sigma(z), 1 - sigma(z)).min() < n.eps:
        yield Diagnosis(
            "a number is divided by 0, or log(0) is taken, where an output has rounded to 0 or 1: "
            "use the form in which cost and activation have been put together",
            "stable-forms",
        )
    if r.equation in ("forward a", "BP1") and abs(z).max() > 80:
        shift = "subtract the largest z of each example first"
        way = shift if sigma is softmax else "take exp(-|z|)"
        single = ", as in single precision" * bool(abs(z).max() < np.log(np.finfo(float).max))
        yield Diagnosis(f"exp overflows at z = {abs(z).max():.0f}{single}: {way}", "stable-forms")


def _nearly(r: Residual) -> Iterator[Diagnosis]:
    """An epsilon in a denominator, a clip at 1e-7, digits lost."""
    if r.nearly:
        says = "nearly right: a small constant is added, as an epsilon is, or digits are lost"
        yield Diagnosis(says, "stable-forms")


def _where(r: Residual, n: Numbers) -> Iterator[Diagnosis]:
    """Exactly the entries that take one branch are wrong."""
    wrong = r.excess > 1
    told = (r.came != 0) | (r.expected != 0)  # 0 for 0 says nothing
    for says, branch in _branches(r, n):
        some = branch.shape == wrong.shape and 0 < wrong.sum() < told.sum()
        if some and np.array_equal(wrong, branch & told):
            yield Diagnosis(f"wrong exactly where {says}", PAGES[r.equation], vague=True)


def _branches(r: Residual, n: Numbers) -> Iterator[tuple[str, Array]]:
    l, z = r.layer, n.z[r.layer]
    yield "z < 0", z < 0
    yield "z > 0", z > 0
    if z.shape[0] == z.shape[1] > 2:
        says = "the neuron and the example have different numbers: something of each example has"
        yield f"{says} been broadcast along the neurons", ~np.eye(len(z), dtype=bool)
    if r.equation == "BP1":
        yield "y = 0", n.y == 0
        yield "y = 1", n.y == 1
    if r.equation == "BP2":
        back = n.network.w[l + 1].T @ n.delta[l + 1]
        yield "what comes back is negative", back < 0
        yield "what comes back is positive", back > 0


def _digits_lost(r: Residual, n: Numbers) -> Iterator[Diagnosis]:
    """BP1 as a product of two factors, where 1 - a is next to nothing."""
    sigma, cost = n.network.sigma[r.layer], n.network.cost
    if r.equation == "BP1" and fusible(cost, sigma):
        by_steps = sent_size(sigma, n.z[r.layer], of_cost(cost, sigma(n.z[r.layer]), n.y))
        if (r.distance <= spread(n, n.width(r.layer)) * by_steps).all():
            yield Diagnosis(f"{LOST}: use the form in which it has cancelled", "stable-forms")


# Where no formula fits: a factor, or something added.


def _factor(r: Residual, n: Numbers, rows: Array) -> Iterator[Diagnosis]:
    came, expected = r.came[rows], r.expected[rows]
    if not (came != 0).any():
        lone = r.equation == "BP1" and n.width(r.layer) == 1 and n.network.sigma[r.layer].local
        yield Diagnosis(LONE if lone else "it is 0, as if it had never been set", vague=True)
        return
    c = float((came * expected).sum() / (expected * expected).sum())
    if abs(c - 1) > NEARLY and _same(came, c * expected, n):
        yield from times(c, n, r.layer, r.equation)


def in_a_later_call(r: Residual, n: Numbers) -> tuple[Diagnosis, ...]:
    """What explains a residual of a second call, where the first was right: what that has left."""
    with np.errstate(all="ignore"):
        c = float((r.came * r.expected).sum() / (r.expected * r.expected).sum())
        if not _same(r.came, c * r.expected, n):
            return diagnoses(r, n)
    many = "twice" if abs(c - 2) < NEARLY else f"{c:.6g} times"
    return (Diagnosis(f"in the second call it is {many} as large", vague=True),)


def several(numbers: Array) -> bool:
    """Whether there are two numbers: one alone is some multiple of any other."""
    return bool((abs(numbers) > NEARLY * abs(numbers).max(initial=0)).sum() > 1)


def times(c: float, n: Numbers, l: int | None, equation: str) -> Iterator[Diagnosis]:
    """What a factor is made of, in words."""
    for says, terms in read(c, n, l, n.eps):
        if equation == "BP1" and says == "it is twice as large":
            says += ", like the derivative of a square without its 1/2"
        yield Diagnosis(says, PAGES.get(equation, "check"), vague=True, terms=terms)


def _remainder(r: Residual, n: Numbers) -> Iterator[Diagnosis]:
    """What came minus what was expected, where that is a multiple of something."""
    largest = max(abs(r.came).max(), abs(r.expected).max())
    yield from _other_targets(r, n)
    yield from _one_for_all_neurons(r, n)
    for says, page, array, counted in _added(r, n):
        left = r.came - counted * r.expected
        square = (array * array).sum()
        c = (left * array).sum() / square if square > 0 else 0.0
        off = abs(left - c * array).max()
        # Beside what is next to nothing, any multiple would be near.
        near = min(close(n.eps) * largest, NEARLY**0.5 * abs(left).max())
        if c and several(array) and off <= near:
            yield Diagnosis(says, page)


def _one_for_all_neurons(r: Residual, n: Numbers) -> Iterator[Diagnosis]:
    """BP2 through a layer that takes a mean off: the same number too much in each neuron."""
    off, largest = r.came - r.expected, max(abs(r.came).max(), abs(r.expected).max())
    inside = r.equation == "BP2" and not n.network.sigma[r.layer].local and len(off) > 2
    if inside and np.ptp(off, axis=0).max() <= close(n.eps) * largest < abs(off).max():
        says = (
            "it is off by one number in each example, the same for all neurons: a mean is "
            "subtracted twice, or not at all"
        )
        yield Diagnosis(says, "sum-over-examples")


def _other_targets(r: Residual, n: Numbers) -> Iterator[Diagnosis]:
    """BP1 with targets that are smoothed inside, or with weights that stand at y alone."""
    if r.equation != "BP1":
        return
    cost, sigma, z, y = n.network.cost, n.network.sigma[r.layer], n.z[r.layer], n.y
    off, largest = r.came - r.expected, max(abs(r.came).max(), abs(r.expected).max())
    for even in (1 / len(y), 1 / 2):
        move = of_each(cost_of_z(cost, sigma), z, np.full_like(y, even)) - r.expected
        e = (off * move).sum() / max((move * move).sum(), np.finfo(float).tiny)
        if NEARLY < e < 1 and abs(off - e * move).max() <= close(n.eps) * largest:
            of_all, of_others = smoothing_in_words(float(e), y)
            yield Diagnosis(of_all, DECAY)
            if even == 1 / len(y) < 1:
                yield Diagnosis(of_others, DECAY, vague=True)
            return
    least = close(n.eps) * largest
    if fusible(cost, sigma) and np.isin(y, (0, 1)).all() and abs(off).max() > least:
        apart = [np.ptp(o[t == 1]) for o, t in zip(off, y, strict=True) if t.any()]
        if max(*apart, abs(off[y == 0]).max(initial=0), 0.0) <= least:
            says = "only y is weighted, a - w y: the weight of a class belongs to all of a - y"
            yield Diagnosis(says, DECAY)


def _added(r: Residual, n: Numbers) -> Iterator[tuple[str, str, Array, int]]:
    """What people add or leave in, and how often the right term then counts."""
    l, w = r.layer, n.network.w
    if r.equation == "BP4":
        yield "a multiple of w is added, as weight decay does", DECAY, w[l], 1
        yield "a multiple of the sign of w is added, as L1 does", DECAY, np.sign(w[l]), 1
        says = "one constant is added to every weight's gradient, as reg * W.sum() is for reg * W"
        yield says, DECAY, np.ones_like(w[l]), 1
    if r.equation == "BP3":
        yield "a multiple of b is added, as weight decay does", DECAY, n.network.b[l], 1
        yield "one constant is added in every neuron", DECAY, np.ones_like(r.came), 1
    # Of one neuron with one behind it any other weight gives a multiple.
    some = r.equation == "BP2" and l + 1 in n.nabla_w and w[l + 1].size > 1
    if some and n.network.sigma[l].local:
        sent = n.nabla_w[l + 1].T @ n.delta[l + 1] * n.network.sigma[l].prime(n.z[l])
        says = f"the weights of layer {l + 1} were updated before delta was sent back through them"
        yield says, "bp2", sent, 1
        yield f"added twice, and {says}", "bp2", sent, 2


# Known wrong formulas, equation by equation.


def _forward_z(n: Numbers, l: int) -> Iterator[Guess]:
    w, b, a = n.network.w[l], n.network.b[l], n.a[l - 1]
    yield "the biases are missing", "symbols", w @ a
    yield "the biases are subtracted", "symbols", w @ a - b
    if n.m == len(b):
        says = "the biases, a row instead of a column, are spread along the examples"
        yield says, "symbols", w @ a + b.T
    if w.shape[0] == w.shape[1]:
        yield "w is transposed", "symbols", w.T @ a + b
    if l > 2:
        yield f"z of layer {l - 1} is passed on instead of a", "symbols", w @ n.z[l - 1] + b


def _forward_a(n: Numbers, l: int) -> Iterator[Guess]:
    sigma, z = n.network.sigma[l], n.z[l]
    if "z" not in n.given:
        yield from ((says, page, sigma(wrong)) for says, page, wrong in _forward_z(n, l))
    yield f"{sigma} is not applied", "symbols", z
    yield f"{sigma} is applied twice", "softmax" if sigma is softmax else "symbols", sigma(sigma(z))
    if sigma is softmax:
        yield from ((says, "softmax", wrong) for says, wrong in _other_axes(z))
    for other in _others(sigma):
        yield f"{other} is applied instead of {sigma}", "symbols", other(z)
    for name, untold in UNTOLD.items():
        yield f"it is {name}, and not {sigma}: tell the checker so", "check", untold(z)
    if sigma.local:
        yield "a was overwritten with sigma'(z)", "symbols", sigma.prime(z)
    if l == n.network.L:
        yield "a was overwritten with a - y: copy it before you subtract", "bp1", sigma(z) - n.y


def _other_axes(z: Array) -> Iterator[tuple[str, Array]]:
    """What softmax gives along another axis than the neurons, or along none."""
    yield "softmax is taken over the examples, not over the neurons", softmax(z.T).T
    for most in (z.max(), z.max(axis=0)):
        e = np.exp(z - most)
        yield "softmax is taken over the whole batch: its sum has no axis=0", e / e.sum()


SELU = 1.0507009873554805, 1.6732632423543772
"""Its scale, and how far it goes below 0 before that."""


def selu(z: Array, scale: float = SELU[0], deep: float = SELU[1]) -> Array:
    """SELU, by these constants."""
    return scale * np.where(z > 0, z, deep * (np.exp(np.minimum(z, 0)) - 1))


UNTOLD: dict[str, Callable[[Array], Array]] = {
    "SiLU, or swish": lambda z: z / (1 + np.exp(-z)),
    "Mish": lambda z: z * np.tanh(np.logaddexp(0, z)),
    "softsign": lambda z: z / (1 + np.abs(z)),
    "GELU": lambda z: z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2,
    "GELU by tanh": lambda z: z * below_by_tanh(z),
    "ELU": lambda z: selu(z, 1, 1),
    "SELU": selu,
}
"""Activations that the package does not have, and that people tell it as functions of their own."""


def _bp1(n: Numbers, l: int) -> Iterator[Guess]:
    sigma, z, y = n.network.sigma[l], n.z[l], n.y
    a = sigma(z)
    cost = n.network.cost
    g, easy = cost.gradient(a, y), a - cost.targets(y)
    if "z" not in n.given and n.off["a", l].any():  # its own outputs are not known
        made = cost_of_z(cost, sigma)
        yield from (
            (f"z^L: {says}", page, of_each(made, wrong, y))
            for says, page, wrong in _forward_z(n, l)
        )
    yield from (_of_a_slope if sigma.local else _of_a_jacobian)(n, l, g, easy)
    bare = without_guard(cost)
    right = of_each(cost_of_z(bare, sigma), z, y) if bare else np.zeros(0)
    if bare:
        yield GUARDED.format(bare), "check", right
    if not _same(easy, right, n):
        yield EASY, "softmax-costs", easy
    if len(y) > 1:
        label = np.eye(len(y))[:, y.argmax(axis=0)]
        yield LABELS, "softmax-costs", of_each(cost_of_z(cost, sigma), z, label)
    if cost is cross_entropy and sigma is sigmoid:
        says = "the second term of the cost has lost a minus: d/da of ln(1 - a) is -1/(1 - a)"
        yield says, "cross-entropy", -(y * (1 - a) + (1 - y) * a)
    if sigma is softmax:
        yield "softmax is applied a second time to its own outputs", "softmax", softmax(a) - y
        yield from ((says, "softmax", wrong - y) for says, wrong in _other_axes(z))
    yield from _of_other_costs(n, l, bare)


def _of_a_slope(n: Numbers, l: int, g: Array, easy: Array) -> Iterator[Guess]:
    """What people make of sigma'(z^L) with dC/da and a - y."""
    sigma, z = n.network.sigma[l], n.z[l]
    a = sigma(z)
    s = sigma.prime(z)
    yield "sigma'(z^L) is missing: this is dC/da", "bp1", g
    yield (
        "sigma'(z^L) is superfluous: with this cost it has cancelled",
        "cross-entropy",
        easy * s,
    )
    yield "sigma'(z^L) is multiplied in twice", "bp1", g * s * s
    yield "sigma' is taken at a^L instead of z^L", "bp1", g * sigma.prime(a)
    C = n.network.cost.value(a, n.y)
    yield "the cost itself stands where dC/da should", "bp1", C * s
    says = "the average cost itself stands where dC/da should"
    yield from ((says, "bp1", C.mean() / many * s) for many in (1, len(a)))
    for says, slope in _slopes(sigma, z, a):
        yield says, "bp1", g * slope


def _of_a_jacobian(n: Numbers, l: int, g: Array, easy: Array) -> Iterator[Guess]:
    """The same where the Jacobian of the activation is not diagonal."""
    sigma, z, cost = n.network.sigma[l], n.z[l], n.network.cost
    a = sigma(z)
    J = sigma.jacobian(z)
    diagonal = np.einsum("jjx->jx", J)
    cut = f"the {sigma} Jacobian was cut to its diagonal: the sum over k in (37) was dropped"
    yield cut, "why-sum-over-k", g * diagonal
    yield "the Jacobian of the activation is missing: this is dC/da", "bp1", g
    yield "the Jacobian has lost the sum over k: a * g alone", "why-sum-over-k", a * g
    yield (
        "the Jacobian of the activation is applied to a - y, which has it already",
        "bp1",
        (np.einsum("kx,kjx->jx", easy, J)),
    )
    if cost is not quadratic:
        yield (
            "a - y is multiplied by a slope a (1 - a) that has cancelled",
            "softmax-costs",
            easy * diagonal,
        )
    yield (
        "the sum in (37) runs over the wrong index of the Jacobian",
        "why-sum-over-k",
        (np.einsum("kx,jkx->jx", g, J)),
    )


def _of_other_costs(n: Numbers, l: int, bare: Cost | None) -> Iterator[Guess]:
    """delta^L of the targets of other examples, and of other costs."""
    sigma, z, y, cost = n.network.sigma[l], n.z[l], n.y, n.network.cost
    a = sigma(z)
    for says, other in other_orders(y):
        yield says, "bp1", of_each(cost_of_z(cost, sigma), z, other)
    if n.m > 1:
        mean = np.broadcast_to(y.mean(axis=1, keepdims=True), y.shape)
        says = "every example is held against the average target: check how the shapes broadcast"
        yield says, "bp1", of_each(cost_of_z(cost, sigma), z, mean)
        yield says, "bp1", a - mean
    for other_cost in COSTS.values():
        if other_cost not in (cost, bare):
            name = "" if str(other_cost) == other_cost.name else f" ({other_cost.name})"
            says = f"this belongs to the {other_cost} cost{name}"
            yield says, "bp1", of_each(cost_of_z(other_cost, sigma), z, y)


def _bp2_inside(n: Numbers, l: int, sent: Array) -> Iterator[Guess]:
    """Of an activation inside the network that is not local, as softmax."""
    J = n.network.sigma[l].jacobian(n.z[l])
    cut = (
        f"the {n.network.sigma[l]} Jacobian was cut to its diagonal: the other terms do not vanish"
    )
    yield cut, "softmax-inside", sent * np.einsum("jjx->jx", J)
    yield "the Jacobian of the activation is missing", "bp2", sent
    yield "the Jacobian has lost the sum over k: a * g alone", "softmax-inside", sent * n.a[l]
    turned = np.einsum("kx,jkx->jx", sent, J)
    yield "the Jacobian of the activation is not transposed", "bp2", turned


def _bp2(n: Numbers, l: int) -> Iterator[Guess]:
    L, sigma, z, y = n.network.L, n.network.sigma[l], n.z[l], n.y
    w, delta = n.network.w[l + 1], n.delta[l + 1]
    sent = w.T @ delta
    if not sigma.local:
        yield from _bp2_inside(n, l, sent)
        return
    s = sigma.prime(z)
    yield "sigma'(z^l) is missing", "bp2", sent
    yield "sigma'(z^l) is multiplied in twice", "bp2", sent * s * s
    says = "sigma' is taken at the error that comes back, which is not multiplied in"
    yield says, "bp2", sigma.prime(sent)
    yield "what is negative in the error is set to 0, not what is in z", "bp2", np.maximum(sent, 0)
    if not sigma.smooth and s.all():
        says = "where z < 0 the slope is alone: the error that comes back is not multiplied in"
        yield says, "bp2", np.where(z > 0, sent * s, s)
    yield "sigma' is taken at a^l instead of z^l", "bp2", sent * sigma.prime(n.a[l])
    for says, slope in _slopes(sigma, z, n.a[l]):
        yield says, "bp2", sent * slope
    if n.network.sigma[l + 1].local:
        behind = n.network.sigma[l + 1].prime(n.z[l + 1])
        yield "sigma' is inside the bracket, with delta^{l+1}", "bp2", w.T @ (delta * behind)
        if behind.shape == z.shape:
            says = f"sigma' is taken at z of layer {l + 1} instead of layer {l}"
            yield says, "bp2", sent * behind
            yield says, "bp2", sent * sigma.prime(n.z[l + 1])
    if l > 2 and n.z[l - 1].shape == z.shape:
        says = f"sigma' is taken at z of layer {l - 1} instead of layer {l}"
        yield says, "bp2", sent * sigma.prime(n.z[l - 1])
    if w.shape[0] == w.shape[1]:
        yield "w^{l+1} is not transposed", "bp2", w @ delta * s
    if np.linalg.cond(w) < CLOSE:
        inverse = np.linalg.pinv(w)
        yield "w^{l+1} is inverted instead of transposed", "bp2", inverse @ delta * s
    here = n.network.w[l]
    if here.shape[0] == len(delta) and here.shape[1] == len(z):
        yield f"w of layer {l} is used instead of w of layer {l + 1}", "bp2", here.T @ delta * s
    if s.shape[0] == s.shape[1]:
        yield "the Hadamard product has become a matrix product", "bp2", sent @ s
        yield "the Hadamard product has become a matrix product", "bp2", s @ sent
    if l == L - 1:
        a = n.network.sigma[L](n.z[L])
        yield "a^L is sent back instead of delta^L", "bp2", w.T @ a * s
        says = "a - y is sent back instead of delta^L"
        yield says, "bp2", w.T @ (a - y) * s
        yield (
            "dC/da is sent back instead of delta^L",
            "bp2",
            w.T @ n.network.cost.gradient(a, y) * s,
        )
    if L in n.delta and n.delta[L].shape == delta.shape:
        yield "delta^L is sent back instead of delta^{l+1}", "bp2", w.T @ n.delta[L] * s
    for k, which in ((-1, "last"), (0, "first")):
        says = f"only the {which} neuron k of the next layer is counted: = for +="
        yield says, "bp2", w[[k]].T @ delta[[k]] * s
        if len(w) > 2:
            some = np.arange(len(w)) != k % len(w)
            says = f"the {which} neuron k of the next layer is not counted"
            yield says, "bp2", w[some].T @ delta[some] * s
    yield "the terms are averaged over the neurons k instead of added", "bp2", sent * s / len(w)


def _bp3(n: Numbers, l: int) -> Iterator[Guess]:
    delta = n.delta[l]
    yield from ((says, "bp3-bp4", delta @ c[:, None]) for says, c in _uneven(n.m))
    if len(delta) > 1:  # the sum over one neuron is the neuron
        yield "it is averaged over the neurons", "bp3-bp4", np.full((len(delta), 1), delta.mean())
        says = "it is summed over the neurons too: axis=1 is missing"
        yield says, "bp3-bp4", np.full((len(delta), 1), delta.sum() / n.m)
        yield f"{says}, and the 1/m", "bp3-bp4", np.full((len(delta), 1), delta.sum())
    says = "it is averaged over the neurons, not over the examples"
    yield says, "bp3-bp4", delta.mean(axis=0)[:, None]
    if l in n.nabla_w:
        says = "it is summed from nabla_w, along the rows"
        yield says, "bp3-bp4", n.nabla_w[l].sum(axis=1, keepdims=True)
    yield "absolute values are averaged", "bp3-bp4", abs(delta).mean(axis=1, keepdims=True)
    yield from _elsewhere(n, l, lambda d, _: d.mean(axis=1, keepdims=True))


def _bp4(n: Numbers, l: int) -> Iterator[Guess]:
    delta, a = n.delta[l], n.a[l - 1]
    right = delta @ a.T / n.m
    yield "the outer product is transposed", "bp3-bp4", right.T
    yield "the outer product is transposed, and the average a sum", "bp3-bp4", n.m * right.T
    yield f"a of layer {l} is used instead of a of layer {l - 1}", "bp3-bp4", delta @ n.a[l].T / n.m
    mean = delta.mean(axis=1, keepdims=True)
    yield "the weight stands where the a that enters belongs", "bp3-bp4", mean * n.network.w[l]
    yield "a enters squared", "bp3-bp4", delta @ (a * a).T / n.m
    if l == 2:
        says = "x is normalised here, and not on the way forward"
        yield from ((says, "bp3-bp4", delta @ x.T / n.m) for x in _normalised(a))
    if l > 2:
        yield f"z of layer {l - 1} is used instead of its a", "bp3-bp4", delta @ n.z[l - 1].T / n.m
        says = f"a of layer {l - 2} is used instead of a of layer {l - 1}"
        yield says, "bp3-bp4", delta @ n.a[l - 2].T / n.m
    product = delta.mean(axis=1, keepdims=True) @ a.mean(axis=1, keepdims=True).T
    says = "the average of the products has become the product of the averages"
    yield says, "algorithm", product
    yield from ((says, "bp3-bp4", (delta * c) @ a.T) for says, c in _uneven(n.m))
    yield from _elsewhere(n, l, lambda d, a: d @ a.T / n.m)


def _uneven(m: int) -> Iterator[tuple[str, Array]]:
    """How often each example counts, where each should count 1/m times."""
    examples = np.arange(m)
    for x, which in ((0, "first"), (m - 1, "last")):
        yield f"only the {which} example is counted", np.where(examples == x, 1.0, 0)
        yield f"only the {which} example is counted, divided by m", (examples == x) / m
        if m > 2:
            yield f"the {which} example is not counted", (examples != x) / m
            says = f"the {which} example is not counted, and the sum is divided by m - 1"
            yield says, (examples != x) / (m - 1)
    if m > 1:
        says = "each example is averaged with what came before it, so that later ones count more"
        yield says, 0.5 ** (m - examples)


def _normalised(x: Array) -> Iterator[Array]:
    """x as people normalise it: over the inputs of an example, or an input over the examples."""
    for axis in (0, 1):
        off = x - x.mean(axis=axis, keepdims=True)
        low, high = (f(x, axis=axis, keepdims=True) for f in (np.min, np.max))
        yield from (x / abs(x).sum(axis=axis, keepdims=True), x / abs(x).max(axis, keepdims=True))
        yield x / np.linalg.norm(x, axis=axis, keepdims=True)
        yield from (off, off / x.std(axis=axis, keepdims=True), (x - low) / (high - low))


def _elsewhere(n: Numbers, l: int, gradient: Callable[[Array, Array], Array]) -> Iterator[Guess]:
    """The right formula, given something else than delta^l."""
    L, sigma, z, delta, a = n.network.L, n.network.sigma[l], n.z[l], n.delta[l], n.a[l - 1]
    if sigma.local:
        yield "sigma' is multiplied in once more", "bp3-bp4", gradient(delta * sigma.prime(z), a)
    if l == L:
        out = sigma(z)
        yield "a - y is used instead of delta^L", "bp3-bp4", gradient(out - n.y, a)
        g = n.network.cost.gradient(out, n.y)
        yield "dC/da is used instead of delta^L", "bp3-bp4", gradient(g, a)
    elif l + 1 in n.delta:
        sent = n.network.w[l + 1].T @ n.delta[l + 1]
        yield "sigma' is missing here, though delta has it", "bp3-bp4", gradient(sent, a)
    for other, of_other in n.delta.items():
        if other != l:
            says = f"delta of layer {other} is used instead of delta of layer {l}"
            yield says, "bp3-bp4", gradient(of_other, a)
            says = f"this belongs to layer {other}: the list is in another order"
            yield says, "bp3-bp4", gradient(of_other, n.a[other - 1])


def _slopes(sigma: Activation, z: Array, a: Array) -> Iterator[tuple[str, Array]]:
    """What people take for sigma'(z)."""
    silu = sigma not in ACTIVATIONS.values() and np.allclose(a, z * sigmoid(z))
    yield from _slopes_of_silu(z, a) if silu else ()
    for other in _others(sigma):
        # The slope of softplus is the sigmoid: told otherwise.
        if other.local and not (other is softplus and (silu or sigma is sigmoid)):
            yield f"the slope is that of {other}, the activation is {sigma}", other.prime(z)
    yield "sigma(a) is used for sigma'(z)", sigma(a)
    if sigma is not sigmoid:
        yield "a itself is used for sigma'", a
    else:
        yield "a alone is used for sigma' = a (1 - a)", a
        yield "1 - a alone is used for sigma' = a (1 - a)", 1 - a
    if sigma is tanh:
        yield "1 + a^2 is used for sigma' = 1 - a^2: that is the slope of tan", 1 + a * a
        yield "-a^2 is used for sigma' = 1 - a^2: the 1 is missing", -a * a
        yield "1 - a is used for sigma' = 1 - a^2: the square is missing", 1 - a
        yield "(1 - a)^2 is used for sigma' = 1 - a^2: the square is that of a alone", (1 - a) ** 2
    yield "a (1 - a) is used for sigma', which is that of the sigmoid alone", a * (1 - a)
    yield "1 - a^2 is used for sigma', which is that of tanh alone", 1 - a * a
    yield "z (1 - z) is used for sigma': in a (1 - a) the a is the activation", z * (1 - z)
    yield "1 - z^2 is used for sigma': in 1 - a^2 the a is the activation", 1 - z * z


def _slopes_of_silu(z: Array, a: Array) -> Iterator[tuple[str, Array]]:
    """What people leave out of its slope."""
    s, right = sigmoid(z), "the slope of SiLU is sigmoid(z) + z sigmoid'(z)"
    yield f"{right}: the second term is missing", s
    yield f"{right}: the first term is missing", z * s * (1 - s)
    yield f"{right}: a factor sigmoid(z) is missing in the second term", s + z * (1 - s)
    yield f"{right}: z is missing in the second term", s + s * (1 - s)
    yield f"{right}, or a + sigmoid(z) (1 - a): sigmoid(z) stands for that a", a + s * (1 - s)
    fraction = "1/2 + (z + sinh z) / (4 cosh^2(z/2))"
    # Without an exponential that overflows: sinh z / (4 cosh^2(z/2)) is tanh(z/2) / 2.
    yield (
        f"the slope of SiLU is {fraction}: the z stands before the fraction and not in it",
        0.5 + z + np.tanh(z / 2) / 2,
    )


def _others(sigma: Activation) -> list[Activation]:
    """Linear is left out: without an activation is another mistake."""
    return [other for other in ACTIVATIONS.values() if other not in (sigma, linear)]


FORMULAS: dict[str, Callable[[Numbers, int], Iterator[Guess]]] = {
    "forward z": _forward_z,
    "forward a": _forward_a,
    "BP1": _bp1,
    "BP2": _bp2,
    "BP3": _bp3,
    "BP4": _bp4,
}
