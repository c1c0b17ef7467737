"""Every letter and sign of the site, once: what it is called, its shape, its place, its code.

The notation page, the explanation of each formula and the tests all read this list.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """A letter or sign of the book."""

    signs: dict[str, str]
    """How it is written in LaTeX, and how in plain text; several for the names of neurons."""
    printed: str
    """With the indices it usually carries, in LaTeX."""
    name: str
    """In a few words."""
    meaning: str
    """In a sentence, Markdown; (tag) refers to a claim."""
    shape: tuple[str, ...] | None = None
    """Rows and columns of the array for a whole layer; () for a number, None for what is none."""
    code: str = ""
    """In Python, where `forward` is `network.forward(x)` and `case` is `Case(network, x, y)`."""
    defined: str = ""
    """The tag of the claim that introduces it."""


NETWORK = (
    Sign(
        {"a": "a"},
        "a^l_j",
        "activation",
        "What neuron $j$ of layer $l$ puts out; $a^1$ is the input, $a^L$ the output.",
        ("n_l", "m"),
        "forward.a[l]",
        "a",
    ),
    Sign(
        {"z": "z"},
        "z^l_j",
        "weighted input",
        "What arrives at neuron $j$ of layer $l$, weighted and added up, with the bias.",
        ("n_l", "m"),
        "forward.z[l]",
        "z",
    ),
    Sign(
        {"w": "w"},
        "w^l_{jk}",
        "weight",
        "It leads to neuron $j$ of layer $l$ from neuron $k$ of the layer before.",
        ("n_l", "n_{l-1}"),
        "network.w[l]",
        "z",
    ),
    Sign(
        {"b": "b"},
        "b^l_j",
        "bias",
        "What neuron $j$ of layer $l$ adds of its own.",
        ("n_l", "1"),
        "network.b[l]",
        "z",
    ),
    Sign(
        {r"\sigma": "σ"},
        r"\sigma",
        "activation function",
        "It makes the activation of a neuron out of its weighted input.",
        code="network.sigma[l]",
        defined="a",
    ),
    Sign(
        {"'": "′"},
        r"\sigma'",
        "derivative of a function",
        "How fast the function grows at that place.",
        ("n_l", "m"),
        "network.sigma[l].prime(forward.z[l])",
        "J1",
    ),
    Sign(
        {r"\delta": "δ"},
        r"\delta^l_j",
        "error",
        "How fast the cost grows when the weighted input of neuron $j$ of layer $l$ does.",
        ("n_l", "m"),
        "backprop(network, x, y).delta[l]",
        "29",
    ),
    Sign(
        {"C": "C"},
        "C",
        "cost of one example",
        "How far the output is from the target; a function of the output. $C_x$ is that of $x$.",
        ("m",),
        "network.cost.value(forward.a[L], y)",
        "A2",
    ),
    Sign(
        {r"\overline": "‾"},
        r"\overline{C}",
        "average over the batch",
        "The cost of a batch is the average of the costs of its examples.",
        (),
        "network.average_cost(x, y)",
        "A1",
    ),
    Sign(
        {"y": "y"},
        "y_j",
        "target",
        "What output neuron $j$ should put out. In (chain) it is a second variable.",
        ("n_L", "m"),
        "y",
        "27",
    ),
    Sign(
        {"x": "x"},
        "x",
        "example",
        "One column of the batch; what it puts into layer 1. In (chain) it is a first variable.",
        ("n_1", "m"),
        "x",
        "A1",
    ),
    Sign(
        {"m": "m"},
        "m",
        "number of examples",
        "How many columns a batch has.",
        (),
        "x.shape[1]",
        "A1",
    ),
    Sign(
        {"n": "n"},
        "n_l",
        "number of neurons",
        "How wide layer $l$ is; $n$ alone is the width of any layer, or of a query.",
        (),
        "network.sizes[l - 1]",
    ),
    Sign(
        {"L": "L"},
        "L",
        "number of layers",
        "Also the number of the last layer, the output.",
        (),
        "network.L",
    ),
    Sign(
        {"l": "l"},
        "l",
        "a layer",
        "From 1, the input, to $L$, the output. A superscript is a layer, not a power.",
        (),
        "l",
    ),
    Sign(
        {"j": "j", "k": "k", "i": "i", "p": "p", "q": "q"},
        "j, k, i, p, q",
        "a neuron",
        "From 1 to the width of its layer; in code a row or column, counted from 0. "
        "In attention a position, in batch norm an example.",
    ),
)
"""Layers, neurons and the cost: what each page writes."""

DERIVATIVES = (
    Sign(
        {r"\partial": "∂"},
        r"\partial C / \partial z^l_j",
        "partial derivative",
        "How fast the numerator grows when only the denominator is pushed.",
        ("n_l", "m"),
        'case.partial(("C", L), ("z", l))',
        "29",
    ),
    Sign(
        {"d": "d"},
        "d f / d t",
        "derivative, dilation",
        "The same for a function of a single variable; in (ch-w) how far apart the numbers are "
        "that a kernel reads.",
        defined="chain",
    ),
    Sign(
        {r"\sum": "∑"},
        r"\sum_k",
        "sum",
        "Over all neurons $k$ of a layer; under an $x$, over all examples of the batch.",
        ("m",),
        "forward.a[l].sum(axis=0)",
        "37",
    ),
    Sign(
        {r"\nabla": "∇"},
        r"\nabla_a C",
        "gradient",
        "The column of the derivatives of the cost with respect to each output.",
        ("n_L", "m"),
        "network.cost.gradient(forward.a[L], y)",
        "BP1a",
    ),
    Sign(
        {r"\odot": "⊙"},
        r"\odot",
        "element-wise product",
        "Also called the Hadamard product: each entry times the entry in the same place.",
        ("n_l", "m"),
        "forward.a[l] * forward.z[l]",
        "BP1a",
    ),
    Sign(
        {r"\Sigma": "Σ"},
        r"\Sigma'(z^l)",
        "diagonal matrix of slopes",
        r"It has $\sigma'$ of each weighted input on its diagonal, and zeros elsewhere.",
        ("n_l", "n_l"),
        "np.diag(network.sigma[l].prime(forward.z[l])[:, 0])",
        "33",
    ),
    Sign(
        {"J": "J"},
        "J^l",
        "Jacobian of a layer",
        "Derivatives of activations with respect to weighted inputs: row $k$, column $j$.",
        ("n_l", "n_l", "m"),
        "network.sigma[l].jacobian(forward.z[l])",
        "J",
    ),
    Sign(
        {"T": "T"},
        "w^T",
        "transpose",
        "The matrix with rows and columns exchanged.",
        ("n_{l-1}", "n_l"),
        "network.w[l].T",
        "BP2",
    ),
    Sign(
        {"^{-1}": "⁻¹"},
        "w^{-1}",
        "inverse",
        "The matrix that undoes another; it stands in a wrong equation only.",
    ),
    Sign(
        {r"\Delta": "Δ"},
        r"\Delta w^l_{jk}",
        "small change",
        "Of the cost, an activation or a weight; small, but not infinitely so.",
        ("n_l", "n_{l-1}", "m"),
        'case.change(("C", L), ("w", l), 1e-3)',
        "47",
    ),
    Sign(
        {r"\approx": "≈"},
        r"\approx",
        "equal to first order",
        "What is left over shrinks faster than the step.",
        defined="47",
    ),
    Sign(
        {"[": "[ ]"},
        "[j = k]",
        "Kronecker delta",
        "A bracket with two indices is one if they are equal, and zero otherwise.",
        ("n_l", "n_l"),
        "np.eye(network.sizes[l - 1])",
        "local",
    ),
    Sign(
        {"f": "f", "t": "t"},
        "f, t",
        "a function, and what it depends on",
        "Any function of $x$ and $y$, which depend on $t$; used to say what the chain rule is. In "
        "an LSTM $f_j$ is the forget gate.",
        defined="chain",
    ),
)
"""How fast something changes, and how many such numbers are written at once."""

FUNCTIONS = (
    Sign(
        {"e": "e"},
        "e^z",
        "exponential",
        "The function that is its own derivative; always positive.",
        ("n_l", "m"),
        "np.exp(forward.z[l])",
        "78",
    ),
    Sign(
        {r"\ln": "ln"},
        r"\ln a_j",
        "natural logarithm",
        "The number whose exponential is $a_j$.",
        ("n_L", "m"),
        "np.log(forward.a[L])",
        "80",
    ),
    Sign(
        {r"\sqrt": "√"},
        r"\sqrt{n}",
        "square root",
        "The positive number whose square is given.",
        defined="A-S",
    ),
    Sign(
        {r"\cos": "cos", r"\sin": "sin"},
        r"\cos(\theta_j)",
        "cosine and sine",
        "Where a point is after a turn by the angle.",
        defined="RoPE",
    ),
    Sign(
        {r"\tanh": "tanh"},
        r"\tanh(c_j)",
        "hyperbolic tangent",
        "A curve from minus one to one, whose slope is one minus its square.",
        defined="LSTM-c",
    ),
    Sign(
        {r"\varphi": "φ"},
        r"\varphi_j",
        "bell curve",
        "The density of the standard normal distribution at a number.",
        defined="GELU",
    ),
    Sign(
        {"c": "c"},
        "c",
        "factor, one over the temperature",
        "What multiplies all weighted inputs of a softmax layer. In an LSTM $c_j$ is the cell; in "
        "(GELU-t) a constant.",
        defined="83",
    ),
    Sign(
        {r"\kappa": "κ"},
        r"\kappa",
        "a constant",
        "In (GELU-t) the square root of 2/π.",
        defined="GELU-t",
    ),
)
"""Functions of a number, and constants."""

ATTENTION = (
    Sign(
        {"Q": "Q"},
        "Q_{ji}",
        "query",
        "In attention, number $i$ of what position $j$ looks for.",
        defined="A-S",
    ),
    Sign(
        {"K": "K"},
        "K_{ki}",
        "key",
        "In attention, number $i$ of what position $k$ is found by.",
        defined="A-S",
    ),
    Sign(
        {"V": "V"},
        "V_{kq}",
        "value",
        "In attention, number $q$ of what position $k$ has to give.",
        defined="A-O",
    ),
    Sign(
        {"S": "S"},
        "S_{jk}",
        "score",
        "How well the query of position $j$ and the key of position $k$ agree.",
        defined="A-S",
    ),
    Sign(
        {"M": "M"},
        "M_{jk}",
        "mask",
        "In attention one where position $j$ may look at position $k$, in pooling one for a "
        "number that wins its window, in dropout what a number is multiplied by; zero elsewhere.",
        defined="A-P",
    ),
    Sign(
        {"P": "P"},
        "P_{jk}",
        "share, attention weight",
        "How much of the value of position $k$ position $j$ takes; a row adds up to one.",
        defined="A-P",
    ),
    Sign(
        {"O": "O"},
        "O_{jq}",
        "output of attention",
        "Number $q$ of all that position $j$ takes from the values.",
        defined="A-O",
    ),
    Sign(
        {r"\theta": "θ"},
        r"\theta_j",
        "angle",
        "How far a pair of numbers is turned at its position.",
        defined="RoPE",
    ),
)
"""Attention, and rotated positions."""

NORMALISATION = (
    Sign(
        {r"\mu": "μ"},
        r"\mu",
        "mean",
        "Of the numbers that are normalised together.",
        defined="N-mu",
    ),
    Sign(
        {"s": "s"},
        "s",
        "spread",
        "How far they lie from their mean: the root of the mean square, with a little added.",
        defined="N-s",
    ),
    Sign(
        {r"\varepsilon": "ε"},
        r"\varepsilon",
        "a small number",
        "It keeps the spread from zero, and is no variable.",
        defined="N-s",
    ),
    Sign(
        {r"\hat": "ˆ"},
        r"\hat{z}_j",
        "normalised",
        "Such that the mean is zero and the spread one.",
        defined="N-z",
    ),
    Sign(
        {r"\gamma": "γ"},
        r"\gamma_j",
        "scale",
        "The factor after a normalisation, which is learned.",
        defined="N-a",
    ),
    Sign(
        {r"\beta": "β"},
        r"\beta_j",
        "shift",
        "What is added after a normalisation, which is learned.",
        defined="N-a",
    ),
)
"""Batch norm, layer norm and RMSNorm."""

LAYERS = (
    Sign(
        {"r": "r"},
        "r",
        "stride",
        "How many places a kernel moves on from one output to the next.",
        defined="conv",
    ),
    Sign(
        {"E": "E"},
        "E_{ik}",
        "embedding",
        "Number $k$ of the row of a table that belongs to word $i$.",
        defined="emb",
    ),
    Sign(
        {"v": "v"},
        "v_p",
        "word",
        "Which word stands at place $p$, as the number of a row.",
        defined="emb",
    ),
    Sign(
        {"F": "F"},
        "F_k",
        "branch",
        "What a block adds to a residual stream.",
        defined="res",
    ),
    Sign(
        {"u": "u"},
        "u_{pjk}",
        "copy, next, or partner",
        "The copy of a shared weight that place $p$ reads; in (BPTT) the weighted input of the "
        "next time, in (LSTM-c) the next cell; elsewhere the second number of a pair.",
        defined="tie",
    ),
    Sign(
        {"g": "g"},
        "g_j",
        "gate, or weight of a place",
        "What $z_j$ is multiplied by: in SiLU its sigmoid, in GELU the share of a normal "
        "distribution that lies below it. $g_p$ says how much place $p$ of a text counts.",
        defined="SiLU",
    ),
    Sign(
        {"o": "o"},
        "o_j",
        "output at one time",
        "What a recurrent network puts out at that time; in an LSTM the output gate, in (RoPE) "
        "the second number of a turned pair.",
        defined="BPTT",
    ),
)
"""Convolution, text, time and gates."""

GROUPS = {
    "network": NETWORK,
    "derivatives": DERIVATIVES,
    "functions": FUNCTIONS,
    "attention": ATTENTION,
    "normalisation": NORMALISATION,
    "layers": LAYERS,
}
"""The signs as somebody looks for one, by the name that a page gives to print them."""

LETTERS = tuple(sign for signs in GROUPS.values() for sign in signs)
"""In the order of the notation page."""

_SIGN_OF = {latex: sign for sign in LETTERS for latex in sign.signs}

_WORDS = re.compile(r"\\(text|mathrm|operatorname|begin|end)\{[^}]*\}")
_WRITTEN = re.compile(r"\\[A-Za-z]+|\^\{-1\}|[A-Za-z']|\[(?=[^\]]*=)")
_LAYOUT = {r"\frac", r"\left", r"\right", r"\quad", r"\dots", r"\cdots", r"\ldots", r"\cdot"} | {
    r"\cancel",
    r"\le",
    r"\neq",
    r"\textstyle",
    r"\underbrace",
}


def written(latex: str) -> list[str]:
    """The letters and signs in a formula, each once, in the order in which they occur."""
    found = dict.fromkeys(_WRITTEN.findall(_WORDS.sub("", latex)))
    return [sign for sign in found if sign not in _LAYOUT]


def sign_of(latex: str) -> Sign | None:
    """The sign that is written so; None if the list does not have it."""
    return _SIGN_OF.get(latex)


def unknown(latex: str) -> list[str]:
    """The signs in a formula that the list does not have."""
    return [sign for sign in written(latex) if sign not in _SIGN_OF]
