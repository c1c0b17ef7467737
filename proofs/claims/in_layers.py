"""What symbols stand for in layers that the chapter does not have, in the words of each layer."""

import re

SUM = {r"\sum": "the sum over the index below it"}
OUT_AND_IN = {"z": "the output", "a": "the input", "w": "the kernel"}
PLACES = {
    "p": "a place of the output",
    "q": "a place of the kernel",
    "i": "a place of the input",
}
WINDOWS = {"p": "a window", "i": "a place of the input", "z": "the input"}
STATE = {"a": "the state", "u": "the weighted input of the next time"}
EXAMPLES = {"j": "an example of the batch", "k": "an example of the batch"}

HERE: dict[str, dict[str, str]] = {
    r"A-[SPOJ]|d[VPSQK].*": {"j": "a position", "k": "a position"},
    r"A-S|dQ|dK": {"i": "a number of a query or a key"},
    r"A-[PJ]|dS.*": {"i": "a position"},
    r"A-O|dV|dP": {"q": "a number of a value"},
    r"RoPE.*": {
        "j": "a pair",
        "z": "the pair before the turn, with u",
        "u": "the pair before the turn, with z",
        "a": "the pair after the turn, with o",
        "o": "the pair after the turn, with a",
    },
    r"N.*|RMS": {"j": "a number of the layer", "k": "a number of the layer"},
    r"BN|BN-[gb]": EXAMPLES | {"z": "one neuron, on each example"},
    r"BN-ig?": EXAMPLES | {"p": "a place of the image", "q": "a place of the image"},
    r"BN.*": {"a": "what comes out, scaled and shifted"},
    r"conv.*": OUT_AND_IN | PLACES,
    r"ch-.*": OUT_AND_IN | PLACES | {"j": "an output channel", "k": "an input channel"},
    r"img-.*": OUT_AND_IN | dict.fromkeys("ijpq", "a row or a column"),
    r"conv.*|ch-b|img-b": {"b": "the bias"},
    r"pool": WINDOWS | {"a": "the largest number of each window"},
    r"avg": WINDOWS | {"a": "the mean of each window"},
    r"emb": {"p": "a place of the text", "i": "a word", "k": "a column of the table"},
    r"res": {
        "j": "a number of the stream",
        "k": "a number of the stream",
        "z": "the stream",
        "a": "the stream after the block",
    },
    r"tie": {"p": "a place", "u": "the copy of the weight that a place reads"},
    r"BPTT.*": STATE,
    r"BPTT": {"o": "the output of the same time"},
    r"BPTT-w": {"p": "a time"},
    r"BPTT-T": {"a": "the state before a turn", "v": "the weights, as all later turns read them"},
    r"LSTM-.": {
        "c": "the cell",
        "o": "the output gate",
        "f": "the forget gate",
        "a": "the output",
        "u": "the cell of the next time",
        "z": "the weighted input of the gate",
    },
    r"SiLU.*|GLU-.": {"g": "the gate, the sigmoid of the number"},
    r"GLU-.": {"u": "the branch that is let through", "z": "the branch that gates"},
    r"GELU": {"g": "the share of a normal distribution below the number"},
    r"GELU-t": {"g": "that share, by tanh", "c": "a constant"},
    r"text": {
        "p": "a place of the text",
        "k": "a place of the text",
        "j": "a class",
        "g": "how much a place counts",
    },
    r"A-.|d[VPSQK].*|N.*|RMS|BN.*|conv.*|img.*|ch.*|pool|avg|emb|res|tie|BPTT.*|text": SUM,
}
"""For the claims whose tags match: what a symbol means there, by its LaTeX."""


def here(tag: str) -> dict[str, str]:
    """What symbols mean in the claim of a tag, where that is not what they mean in the chapter."""
    return {
        symbol: words
        for tags, its in HERE.items()
        if re.fullmatch(tags, tag)
        for symbol, words in its.items()
    }
