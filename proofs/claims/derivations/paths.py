"""The big picture, (46)-(53): small steps, and the derivative as a sum over all paths.

The book writes dots for the layers in between; here l = L-2, so that two layers lie between the
weight and the output, and every sum is written out.
"""

import numpy as np
from sympy import Sum

from proofs.claims.claim import Claim, Refutation
from proofs.claims.hypotheses import local, single_path
from proofs.claims.notation import (
    Approx,
    C,
    Change,
    Eq,
    L,
    Partial,
    Step,
    a,
    delta,
    j,
    k,
    l,
    over,
    p,
    q,
    w,
)
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import sigmoid, tanh
from proofs.network.arrays import Array
from proofs.network.costs import cross_entropy

_w = w(l)[j, k]
_v = w(L - 2)[j, k]
_first = Partial(a(L - 2)[j], _v)
_edges = (Partial(C, a(L)[p]), Partial(a(L)[p], a(L - 1)[q]), Partial(a(L - 1)[q], a(L - 2)[j]))
_path = _edges[0] * _edges[1] * _edges[2] * _first
_all_paths = Sum(Sum(_path, over(p, L)), over(q, L - 1))


def sum_over_paths(case: Case, l: int) -> Array:
    """dC/dw^l_jk, l = L-2, adding up one path after the other: (53) as a loop.

    Returns shape (n_l, n_{l-1}, m).
    """
    L, l = case.depth, case.depth - 2
    to_output = case.partial(("a", L), ("a", L - 1))
    to_middle = case.partial(("a", L - 1), ("a", l))
    into = case.sigma_prime(l)[:, None] * case.value("a", l - 1)[None]
    total = np.zeros_like(into)
    for last in range(case.network.sizes[L - 1]):
        for middle in range(case.network.sizes[L - 2]):
            rate = case.nabla_a[last] * to_output[last, middle] * to_middle[middle]
            total += rate[:, None] * into
    return total


def _chains() -> tuple[Case, ...]:
    random = np.random.default_rng(0)
    networks = [Network([1] * n, [tanh] * (n - 2) + [sigmoid], cross_entropy, n) for n in (4, 5, 6)]
    return tuple(
        Case(net, random.standard_normal((1, 3)), random.uniform(0.1, 0.9, (1, 3)))
        for net in networks
    )


CLAIMS = (
    Claim(
        "46",
        "The finite difference",
        Approx(Partial(C, _w), Change(C, _w) / Step(_w)),
        "The definition of a derivative, before the limit: it needs a forward pass for each "
        "weight, and its error shrinks no faster than the step.",
        order=1,
    ),
    Claim(
        "47",
        "A small change of a weight changes the cost",
        Approx(Change(C, _w), Partial(C, _w) * Step(_w)),
        "What a derivative is: the rate at which the cost follows.",
        order=2,
    ),
    Claim(
        "48",
        "First the neuron that the weight leads to",
        Approx(Change(a(l)[j], _w), Partial(a(l)[j], _w) * Step(_w)),
        "The same for the first activation that notices.",
        order=2,
    ),
    Claim(
        "49",
        "Then each neuron of the next layer",
        Approx(Change(a(l + 1)[q], _w), Partial(a(l + 1)[q], a(l)[j]) * Change(a(l)[j], _w)),
        "In its own layer the weight moves $a^l_j$ alone, by locality, and that moves $a_q$.",
        (local(l),),
        order=2,
        refutations=(
            Refutation(
                "one neuron moves, whatever the activation",
                "A weight moves the one neuron it leads to, also in a softmax layer.",
                Eq(
                    Partial(a(l + 1)[q], _w),
                    Partial(a(l + 1)[q], a(l)[j]) * Partial(a(l)[j], _w),
                ),
                (),
                "algorithm",
            ),
        ),
    ),
    Claim(
        "50",
        "The two rates, multiplied",
        Approx(
            Change(a(l + 1)[q], _w),
            Partial(a(l + 1)[q], a(l)[j]) * Partial(a(l)[j], _w) * Step(_w),
        ),
        "(48), put into (49).",
        (local(l),),
        order=2,
        after="49",
        by=("48",),
    ),
    Claim(
        "51",
        "One path, from the weight to the cost",
        Approx(Change(C, _v), _path * Step(_v)),
        "Each neuron on the path passes the change on at its own rate; the rates multiply.",
        (single_path,),
        order=2,
        cases=_chains(),
    ),
    Claim(
        "52",
        "All paths, added up",
        Approx(Change(C, _v), _all_paths * Step(_v)),
        "There is a path through every choice of a neuron $q$ and a neuron $p$ between the weight "
        "and the cost, and to first order their contributions add.",
        (local(L - 2),),
        order=2,
        refutations=(
            Refutation(
                "one path stands for all",
                "The change travels along one path.",
                Eq(Partial(C, _v), Sum(_path.subs(q, 0), over(p, L))),
                (local(L - 2),),
                "algorithm",
            ),
        ),
    ),
    Claim(
        "53",
        "The derivative is the sum over all paths",
        Eq(Partial(C, _v), _all_paths),
        "Divide (52) by the step, and let it go to zero.",
        (local(L - 2),),
        formula=sum_over_paths,
        shown=sum_over_paths,
    ),
    Claim(
        "53-1",
        "Layer by layer",
        Eq(
            Partial(C, _v),
            Sum(Sum(_edges[0] * _edges[1], over(p, L)) * _edges[2], over(q, L - 1)) * _first,
        ),
        "What does not depend on $p$ comes before the sum over $p$: the paths that share arrows "
        "are added once. That is all that backpropagation saves.",
        (local(L - 2),),
        after="53",
    ),
    Claim(
        "53-2",
        "The inner sum is BP2 for activations",
        Eq(
            Partial(C, a(l)[j]),
            Sum(Partial(C, a(l + 1)[q]) * Partial(a(l + 1)[q], a(l)[j]), over(q, l + 1)),
        ),
        "The chain rule (chain) through the activations of the next layer; applied to each layer "
        "in turn it is the sum in (53-1), from the inside out.",
        by=("chain:a^l+1",),
    ),
    Claim(
        "53-3",
        "From activations to weighted inputs",
        Eq(Partial(C, a(l)[j]), Sum(w(l + 1)[k, j] * delta(l + 1)[k], over(k, l + 1))),
        "The same through the weighted inputs of the next layer, where the rate is a weight (za) "
        "and what arrives is the error (29): the sum in (45), before its last factor.",
        by=("chain:z^l+1", "za", "-29"),
    ),
)
