"""Docstrings are plain text in a terminal; on the page they are set."""

import pytest
from printing.docstrings import in_short, readable


def plain(text):
    """Without the escapes that keep marks of reStructuredText apart."""
    return readable(text).replace("\\ ", "")


class TestReadable:
    """Symbols are set as symbols, code as code, and an equation is a link."""

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("delta^L is the error", "δ:sup:`L` is the error"),
            ("the weight w^l_jk", "the weight *w*:sup:`l`:sub:`jk`"),
            ("shape (n_l, n_{l-1})", "shape (*n*:sub:`l`, *n*:sub:`l-1`)"),
            ("dC_x/da_j", "∂*C*:sub:`x`/∂*a*:sub:`j`"),
            ("sigma'(z^l)", "σ′(*z*:sup:`l`)"),
            ("f'(v) it isn't", "f′(v) it isn't"),
            ("weights (n_in, n_out)", "weights (*n*:sub:`in`, *n*:sub:`out`)"),
            ("keyed as w[l][j, k]", "keyed as ``w[l][j, k]``"),
            ("First.\n\nThen a_k.", "First.\n\nThen *a*:sub:`k`."),
            ("equation (BP2), not (99)", "equation :eq:`BP2`, not (99)"),
            ("As here:\n\n    f(x)\n\nIt is", "As here::\n\n    f(x)\n\nIt is"),
            ("As here::\n\n    f(x)", "As here::\n\n    f(x)"),
        ],
    )
    def test_set(self, text, shown):
        assert plain(text) == shown

    @pytest.mark.parametrize(
        "text",
        ["`nabla_w[l]` as it is", ">>> network.w[2].shape", "a plain word", ":param z_j: this"],
    )
    def test_left_alone(self, text):
        assert readable(text) == text


class TestSignatures:
    """A default is shown by a name, not by what Python makes of it."""

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("(f, watch=<built-in function iter>)", "(f, watch=iter)"),
            ("(f, observe=<function observe>)", "(f, observe=observe)"),
            ("(f, reduce=<function Hypothesis.<lambda>>)", "(f, reduce=...)"),
            ("(f, names={'one': {'m': 1}, 'two': {}})", "(f, names=...)"),
            ("(f, most=20)", "(f, most=20)"),
        ],
    )
    def test_a_default(self, given, shown):
        assert in_short(None, "function", "f", None, None, given, "") == (shown, "")
