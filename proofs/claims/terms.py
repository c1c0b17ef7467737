"""The terms of a formula: what each symbol in it means, and the shape that it has right there.

The w^{l+1} of BP2 stands transposed, so its shape there is n_l x n_{l+1}, whatever a weight matrix
of layer l looks like in general.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from proofs.claims.in_layers import here
from proofs.claims.letters import Sign, sign_of, written

_LAYERED = re.compile(
    r"(?P<symbol>\\sigma'\(z|\\Sigma'\(z|\\delta|[azwbJ])\^"
    r"(?:\{(?:x,)?(?P<layer>[lL\d]+(?: ?[+-] ?\d)?)\}|(?P<alone>[lL\d]))"
    r"(?P<index>_\{?\w+\}?)?(?P<transposed>\)\^\{?T)?"
)
_LAYER = re.compile(r"([lL\d]+)(?: ([+-]) (\d))?")
_MADE_OF = {r"\sigma'(z": "'", r"\Sigma'(z": r"\Sigma"}


@dataclass(frozen=True)
class Term:
    """A symbol with a layer, as it stands in a formula."""

    sign: Sign
    layer: str
    """Such as l + 1."""
    transposed: bool
    entry: bool
    """Whether it stands with the index of a neuron, so that it is one entry of the array."""

    @property
    def shape(self) -> tuple[str, ...]:
        """Rows and columns of its array in this formula, such as n_l and n_{l+1}."""
        sizes = [self._size(size) for size in self.sign.shape or ()]
        return (sizes[1], sizes[0], *sizes[2:]) if self.transposed else tuple(sizes)

    @property
    def code(self) -> str:
        """The array in Python."""
        code = self.sign.code.replace("[l]", f"[{self.layer}]")
        turned = ".swapaxes(0, 1)" if len(self.shape) > 2 else ".T"
        return code + turned if self.transposed else code

    def _size(self, size: str) -> str:
        """The width of this layer or of the one before, given that of layer l or l - 1."""
        if size == "n_l":
            return f"n_{{{self.layer}}}"
        return f"n_{{{shifted(self.layer, -1)}}}" if size == "n_{l-1}" else size


def spaced(layer: str) -> str:
    """The layer as Python is written: l + 1 for l+1."""
    return re.sub(r" ?([+-]) ?", r" \1 ", layer)


def shifted(layer: str, by: int) -> str:
    """The layer that many further on."""
    match = _LAYER.fullmatch(layer)
    assert match, layer
    base, sign, offset = match.groups()
    if base.isdigit():
        return str(int(base) + by)
    sum_ = int(f"{sign or '+'}{offset or 0}") + by
    return base if sum_ == 0 else f"{base} {'+' if sum_ > 0 else '-'} {abs(sum_)}"


def terms(latex: str) -> Iterator[Term]:
    """The symbols of a formula that belong to a layer, each once for each layer it stands at."""
    found: dict[tuple[str, str, bool], Term] = {}
    for match in _LAYERED.finditer(latex):
        symbol, layer = match["symbol"], spaced(match["layer"] or match["alone"])
        sign = sign_of(_MADE_OF.get(symbol, symbol))
        assert sign, symbol
        term = Term(sign, layer, bool(match["transposed"]), bool(match["index"]))
        found.setdefault((sign.name, layer, term.transposed), term)
    yield from found.values()


def legend(latex: str, tag: str = "") -> list[tuple[Sign, str, list[Term]]]:
    """Each sign in a formula with its plain text, and the terms of the formula that it makes.

    In the claim of a tag a sign may stand for something of its own, which is its name then.
    """
    means = here(tag)
    names: dict[str, list[str]] = {}
    signs: dict[str, Sign] = {}
    for each in written(latex):
        if sign := sign_of(each):
            if each in means:
                plain = {each: sign.signs[each]}
                sign = Sign(plain, each, means[each], "")
            signs[sign.name] = sign
            names.setdefault(sign.name, []).append(sign.signs[each])
    of: dict[str, list[Term]] = {}
    for term in terms(latex):
        of.setdefault(term.sign.name, []).append(term)
    return [(signs[name], ", ".join(text), of.get(name, [])) for name, text in names.items()]
