"""Cells and gates, as in an LSTM, and the weights that all times share."""

from typing import Any

import numpy as np
from sympy import Sum, Symbol, exp, tanh

from proofs.claims.algebra import added, any_cost
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.hypotheses import over_one_denominator
from proofs.claims.notation import Eq, along, dC, j, k, p, part
from proofs.measuring.layer_case import LayerCase, Step, backward_of, drawn, half_squares, made_of
from proofs.network.layers import cells
from proofs.network.layers.cells import (
    cell_backward,
    gate_backward,
    over_time_backward,
    through_time_backward,
)
from proofs.network.layers.smaller import gate

n, N, P = map(Symbol, "nNP")
"""The axes: the numbers of a state, those of the state before, and the times."""
c, f, o, z, a, u, v = (part(letter, n) for letter in "cfozauv")


LSTM = (
    Step("f", ("z",), gate),
    Step("u", ("f", "c", "v"), cells.next_cell),
    Step("a", ("o", "c"), lambda o, c: o * np.tanh(c)),
    Step("then", ("u",), np.tanh),
    Step("both", ("a", "then"), lambda a, then: np.stack(np.broadcast_arrays(a, then), axis=-2)),
    half_squares("both", 2),
)
cell = Hypothesis(
    "cell",
    "A cell $c$ is read twice: by the output $a$ of its time, tanh of the cell times the output "
    "gate $o$, and by the cell $u$ of the next time, which keeps the share $f$ of it. The cost is "
    "any function of both, and so of all later times.",
    made_of(LSTM),
    {
        a.label: lambda j: o[j] * tanh(c[j]),
        u.label: lambda j: f[j] * c[j] + v[j],
        **any_cost(a, u),
    },
)
gated = Hypothesis(
    "gate of a cell",
    "The gate $f$ is the sigmoid of its weighted input $z$, and the next cell $u$ keeps that share "
    "of the cell $c$; the cost is any function of the next cell.",
    made_of(LSTM),
    {
        f.label: lambda j: exp(z[j]) / (1 + exp(z[j])),
        u.label: lambda j: f[j] * c[j] + v[j],
        **any_cost(u),
    },
    over_one_denominator,
)
_CASES = (
    LayerCase(
        "a cell of 4",
        LSTM,
        drawn(z=(4,), c=(4,), v=(4,), o=(4,), y=(2, 4)),
        sizes={"n": 4},
    ),
)
_CELL: dict[str, Any] = {"hypotheses": (cell,), "cases": _CASES}
_GATED: dict[str, Any] = {"hypotheses": (gated,), "cases": _CASES}

w, states, inputs = part("w", n, N), part("a", P, N), part("u", P, n)
TIMES = (Step("u", ("w", "a"), cells.over_time), half_squares("u", 2))
times = Hypothesis(
    "weights in time",
    "At each time $p$ the same weights read the state $a_p$ of the time before, and $u_p$ is what "
    "they give; the cost is any function of all $u$.",
    made_of(TIMES),
    {inputs.label: lambda p, k: added(lambda j: w[k, j] * states[p, j], N), **any_cost(inputs)},
)
_TIMES: dict[str, Any] = {
    "hypotheses": (times,),
    "cases": (
        LayerCase(
            "4 times with states of 3",
            TIMES,
            drawn(w=(3, 2), a=(4, 2), y=(4, 3)),
            sizes={"n": 3, "N": 2, "P": 4},
        ),
    ),
}

# The whole loop: one turn of it, and whatever comes after with the same weights.

matrix, before, following, same = part("w", n, n), part("a", n), part("u", n), part("v", n, n)
x = part("x", n)
LOOP = (
    Step("u", ("w", "a", "x"), cells.turn),
    Step("v", ("w",), np.copy),
    Step("o", ("u", "v", "i"), cells.states),
    half_squares("o", 2),
)
loop = Hypothesis(
    "loop",
    "One turn of the loop makes of the state $a$ the weighted input $u$ of the next state. All "
    "later turns read the same weights, here called $v$, so the cost is any function of $u$ and "
    "$v$. At the last turn it no longer depends on $v$, and every earlier turn is followed by "
    "this one: so the equation adds up the gradient of a loop of any length.",
    made_of(LOOP),
    {
        following.label: lambda k: added(lambda j: matrix[k, j] * before[j], n) + x[k],
        same.label: lambda k, j: matrix[k, j],
        **any_cost(following, same),
    },
)


def _loop(times: int, width: int) -> LayerCase:
    given = drawn(w=(width, width), a=(width,), x=(width,), i=(times - 1, width), y=(times, width))
    name = f"{times} times with states of {width}"
    return LayerCase(name, LOOP, given, sizes={"n": width})


_LOOP: dict[str, Any] = {"hypotheses": (loop,), "cases": (_loop(2, 4), _loop(6, 3))}

CLAIMS = (
    Claim(
        "BPTT-T",
        "The loop of backpropagation through time",
        Eq(dC(matrix[k, j]), dC(following[k]) * before[j] + dC(same[k, j])),
        "The weights have two readers: this turn of the loop, and all that come after. Each turn "
        "adds its share, state in times error out, to what the later ones have added up.",
        formula=backward_of(through_time_backward, "do", "w", "a", "o"),
        shown=through_time_backward,
        refutations=(
            Refutation(
                "each turn sets the gradient",
                "Each turn computes the gradient of the weights, and the last one to do so is the "
                "one that counts.",
                Eq(dC(matrix[k, j]), dC(following[k]) * before[j]),
                (loop,),
                "through-time",
            ),
            Refutation(
                "the first turn forgotten",
                "The first state was not computed with the weights, so there is nothing to add.",
                Eq(dC(matrix[k, j]), dC(same[k, j])),
                (loop,),
                "through-time",
            ),
            Refutation(
                "the turns averaged",
                "There is one matrix, however long the text is, so its gradient is an average.",
                Eq(2 * dC(matrix[k, j]), dC(following[k]) * before[j] + dC(same[k, j])),
                (loop,),
                "through-time",
            ),
        ),
        **_LOOP,
    ),
    Claim(
        "BPTT-w",
        "The gradient of weights in time",
        Eq(dC(w[k, j]), Sum(dC(inputs[p, k]) * states[p, j], along(p, P))),
        "State in times error out at each time, and the sum over all times.",
        formula=backward_of(over_time_backward, "du", "a"),
        shown=over_time_backward,
        refutations=(
            Refutation(
                "the gradient of one time",
                "Each time sets the gradient of the weights, so it is that of the one set last.",
                Eq(dC(w[k, j]), dC(inputs[0, k]) * states[0, j]),
                (times,),
                "through-time",
            ),
        ),
        **_TIMES,
    ),
    Claim(
        "LSTM-c",
        "The error of a cell",
        Eq(dC(c[j]), dC(a[j]) * o[j] * (1 - tanh(c[j]) ** 2) + dC(u[j]) * f[j]),
        "The cell has two readers: its output, through tanh, and the next cell, which keeps a "
        "share of it without any slope.",
        formula=backward_of(cell_backward, "da", "du", "c", "o", "f"),
        shown=cell_backward,
        refutations=(
            Refutation(
                "the path through the forget gate lost",
                "A cell is there for its output.",
                Eq(dC(c[j]), dC(a[j]) * o[j] * (1 - tanh(c[j]) ** 2)),
                (cell,),
                "through-time",
            ),
            Refutation(
                "the cell passed on whole",
                "The cell is a conveyor belt: the error goes back along it unchanged.",
                Eq(dC(c[j]), dC(a[j]) * o[j] * (1 - tanh(c[j]) ** 2) + dC(u[j])),
                (cell,),
                "through-time",
            ),
            Refutation(
                "no tanh between cell and output",
                "The output is a share of the cell.",
                Eq(dC(c[j]), dC(a[j]) * o[j] + dC(u[j]) * f[j]),
                (cell,),
                "through-time",
            ),
        ),
        **_CELL,
    ),
    Claim(
        "LSTM-f",
        "The error of a gate",
        Eq(dC(z[j]), dC(u[j]) * c[j] * f[j] * (1 - f[j])),
        "The gate multiplies the cell, so it gets the error times the cell, and then the slope of "
        "the sigmoid.",
        formula=backward_of(gate_backward, "du", "c", "f"),
        shown=gate_backward,
        refutations=(
            Refutation(
                "the slope of tanh at a gate",
                "An LSTM is made of tanh, whose slope is one minus the square.",
                Eq(dC(z[j]), dC(u[j]) * c[j] * (1 - f[j] ** 2)),
                (gated,),
                "through-time",
            ),
            Refutation(
                "the gate times the next cell",
                "The gate belongs to the cell that it makes.",
                Eq(dC(z[j]), dC(u[j]) * u[j] * f[j] * (1 - f[j])),
                (gated,),
                "through-time",
            ),
        ),
        **_GATED,
    ),
)
