"""BP1, the error at the output, and the proof (36)-(39)."""

from sympy import HadamardProduct, Sum

from proofs.claims.claim import Claim, Refutation
from proofs.claims.hypotheses import elementwise, local, quadratic
from proofs.claims.notation import (
    C,
    Diagonal,
    Eq,
    L,
    Partial,
    a,
    column,
    delta,
    j,
    jacobian,
    k,
    over,
    sigma_prime,
    slopes,
    y,
    z,
)
from proofs.network.equations import bp1, bp1_full

_38 = Eq(delta(L)[j], Partial(C, a(L)[j]) * Partial(a(L)[j], z(L)[j]))
_BP1 = Eq(delta(L)[j], Partial(C, a(L)[j]) * sigma_prime(z(L)[j], L))

CLAIMS = (
    Claim(
        "36",
        "The definition, at the output",
        Eq(delta(L)[j], Partial(C, z(L)[j])),
        "The definition (29) of the error, for layer $L$.",
        by=("29",),
    ),
    Claim(
        "37",
        "The chain rule through every output",
        Eq(delta(L)[j], Sum(Partial(C, a(L)[k]) * Partial(a(L)[k], z(L)[j]), over(k, L))),
        "The chain rule (chain), with one route from $z_j$ to $C$ through each output $a_k$.",
        formula=lambda case, l: bp1_full(case.nabla_a, case.jacobian(l)),
        shown=bp1_full,
        after="36",
        by=("chain:a^L",),
    ),
    Claim(
        "38",
        "One term is left",
        _38,
        "Locality (local): every route but the one through $a_j$ contributes zero.",
        (local(L),),
        after="37",
        by=("local",),
        refutations=(
            Refutation(
                "(38) without locality",
                "The chain rule is a single product, so the sum in (37) is superfluous.",
                _38,
                (),
                "why-sum-over-k",
            ),
        ),
    ),
    Claim(
        "39",
        "The derivative of the activation",
        _BP1,
        r"How fast $a_j$ follows its own weighted input is the slope $\sigma'$, (J1).",
        (elementwise(L),),
        after="38",
        by=("J1",),
    ),
    Claim(
        "BP1",
        "The error at the output",
        _BP1,
        "This is the last line of the proof, (39).",
        (elementwise(L),),
        formula=lambda case, l: bp1(case.nabla_a, case.sigma_prime(l)),
        shown=bp1,
        after="39",
        refutations=(
            Refutation(
                "no sigma'",
                "The error at the output is the derivative of the cost, and nothing more.",
                Eq(delta(L)[j], Partial(C, a(L)[j])),
                (elementwise(L),),
                "bp1",
            ),
            Refutation(
                "sigma' at a",
                "The derivative of the activation function is taken at the activation.",
                Eq(delta(L)[j], Partial(C, a(L)[j]) * sigma_prime(a(L)[j], L)),
                (elementwise(L),),
                "bp1",
            ),
        ),
    ),
    Claim(
        "BP1a",
        "The error at the output, as columns",
        Eq(column("delta", L), HadamardProduct(column("nabla", L), slopes(L))),
        "Row $j$ of this equation is (BP1).",
        (elementwise(L),),
        formula=lambda case, l: bp1(case.nabla_a, case.sigma_prime(l)),
        shown=bp1,
        after="BP1",
    ),
    Claim(
        "33",
        "BP1 with a diagonal matrix",
        Eq(column("delta", L), Diagonal(slopes(L)) * column("nabla", L)),
        "A diagonal matrix times a column is their Hadamard product, so this is (BP1a).",
        (elementwise(L),),
        after="BP1a",
    ),
    Claim(
        "Q",
        "The gradient of the quadratic cost",
        Eq(Partial(C, a(L)[j]), a(L)[j] - y[j]),
        "Of the squares in the cost only that of $a_j$ changes; its factor 2 cancels the half.",
        (quadratic,),
        formula=lambda case, l: case.nabla_a,
    ),
    Claim(
        "30",
        "BP1 for the quadratic cost",
        Eq(column("delta", L), HadamardProduct(column("a", L) - column("y", L), slopes(L))),
        "The gradient (Q) of the quadratic cost, put into (BP1a).",
        (elementwise(L), quadratic),
        after="BP1a",
        by=("Q",),
        refutations=(
            Refutation(
                "a - y with the quadratic cost",
                "The error at the output is the output minus the target, whatever the cost.",
                Eq(delta(L)[j], a(L)[j] - y[j]),
                (elementwise(L), quadratic),
                "bp1",
            ),
        ),
    ),
    Claim(
        "J",
        "The error at the output for any activation",
        Eq(column("delta", L), jacobian(L).T * column("nabla", L)),
        "Row $j$ of this equation is (37): the sum over $k$ runs down column $j$ of the Jacobian.",
        formula=lambda case, l: bp1_full(case.nabla_a, case.jacobian(l)),
        shown=bp1_full,
        after="37",
        refutations=(
            Refutation(
                "the Jacobian without its transpose",
                "Sums over the row and over the column of the Jacobian are the same.",
                Eq(
                    delta(L)[j],
                    Sum(Partial(C, a(L)[k]) * Partial(a(L)[j], z(L)[k]), over(k, L)),
                ),
                (),
                "why-sum-over-k",
            ),
        ),
    ),
)
