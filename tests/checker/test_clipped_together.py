"""Gradients that a step clips: by the length of them all, or one by one."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_model

pytestmark = pytest.mark.usefixtures("no_words")

SOURCE = """
import numpy as np

def clip(grads, longest):
    length = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * min(1, longest / (length + 1e-6)) for name, g in grads.items()}

def step(params, x, y, longest=0.1):
    h = np.tanh(x @ params["W"])
    e = h @ params["v"] - y
    grads = {"v": h.T @ e, "W": x.T @ (np.outer(e, params["v"]) * (1 - h**2))}
    return 0.5 * np.sum(e**2), clip(grads, longest)
"""
RANDOM = np.random.default_rng(0)
PARAMS = {"W": RANDOM.standard_normal((3, 4)), "v": RANDOM.standard_normal(4)}
DATA = RANDOM.standard_normal((5, 3)), RANDOM.standard_normal(5)


class TestClippedTogether:
    """They are neither right nor wrong: it is said to look at them before."""

    def test_it_is_said(self):
        report = check_model(module_of(SOURCE).step, PARAMS, *DATA)
        assert not report.violations
        (said,) = report.problems
        assert "cut to the length 0.1 together" in said

    def test_not_where_they_are_shorter(self):
        assert check_model(module_of(SOURCE, ("=0.1", "=1e9")).step, PARAMS, *DATA).holds

    @pytest.mark.parametrize("change", [("(1 - h**2)", "(1 - h)"), ('"v": h', '"v": 2 * h')])
    def test_a_fault_is_none(self, change):
        assert check_model(module_of(SOURCE, change).step, PARAMS, *DATA).violations

    @pytest.mark.parametrize("times", ["0.5", "2"])
    def test_a_factor_is_none(self, times):
        changes = [(f'"{name}": ', f'"{name}": {times} * ') for name in PARAMS]
        own = module_of(SOURCE, ("clip(grads, longest)\n", "grads\n"), *changes)
        assert {v.quantity for v in check_model(own.step, PARAMS, *DATA).violations} == {"dW", "dv"}


class TestClippedOneByOne:
    """They are neither right nor wrong: it is said to look at them before; a fault beside is
    flagged."""

    ONE_BY_ONE = "clip(grads, longest)\n", "{k: np.clip(g, -0.5, 0.5) for k, g in grads.items()}\n"

    def test_it_is_said(self):
        report = check_model(module_of(SOURCE, self.ONE_BY_ONE).step, PARAMS, *DATA)
        assert not report.violations
        (said,) = report.problems
        assert said.startswith("dW, dv: right but for being changed (clipped one by one at 0.5)")

    @pytest.mark.parametrize("change", [('"v": h', '"v": 0.1 * h'), ('"v": h', '"v": -h')])
    def test_a_fault_is_none(self, change):
        report = check_model(module_of(SOURCE, self.ONE_BY_ONE, change).step, PARAMS, *DATA)
        assert [row.quantity for row in report.violations] == ["dv"]
        assert [said[:4] for said in report.problems] == ["dW: "]

    @pytest.mark.parametrize(("h", "wrong"), [("h", []), ("-h", ["dv"]), ("0.05 * h", ["dv"])])
    def test_entirely(self, h, wrong):
        """As a bias of few entries is, if another gradient shows at which number."""
        clip = self.ONE_BY_ONE[0], self.ONE_BY_ONE[1].replace("0.5", "0.4")
        report = check_model(module_of(SOURCE, clip, ('"v": h', f'"v": {h}')).step, PARAMS, *DATA)
        assert [row.quantity for row in report.violations] == wrong
        assert report.problems

    def test_in_an_update(self):
        """That costs them some digits."""
        end = (
            "params['W'] -= 0.1 * grads.pop('W')\n"
            "    params['v'] -= 0.1 * np.clip(grads.pop('v'), -0.5, 0.5)"
        )
        own = module_of(SOURCE, ("return 0.5", f"{end}\n    return 0.5"),
                        (", clip(grads, longest)", ""))  # fmt: skip
        assert not check_model(own.step, PARAMS, *DATA).violations

    def test_one_entry_of_a_wrong_sign_is_none(self):
        one = "g = grads['W']; g.flat[np.where(abs(g) > 0.5, abs(g), 9).argmin()] *= -1; return 0.5"
        own = module_of(SOURCE, self.ONE_BY_ONE, ("return 0.5", one))
        report = check_model(own.step, PARAMS, *DATA)
        assert [row.quantity for row in report.violations] == ["dW"]


LAYERS = """
import numpy as np

def linear_forward(x, w):
    return x @ w, (x, w)

def linear_backward(d, cache):
    x, w = cache
    return d @ w.T, x.T @ d

def step(params, x, y):
    h, first = linear_forward(x, params["W"])
    out, second = linear_forward(np.tanh(h), params["V"])
    d, dV = linear_backward(out - y, second)
    grads = {"W": linear_backward(d * (1 - np.tanh(h)**2), first)[1], "V": dV}
    CLIP
    return 0.5 * np.sum((out - y)**2), grads
"""
CLIPS = {
    "one by one": "for g in grads.values(): np.clip(g, -0.5, 0.5, out=g)",
    "together": "length = np.sqrt(sum((g**2).sum() for g in grads.values()))\n"
    "    grads = {name: g * 0.5 / length for name, g in grads.items()}",
}


class TestClippedAfterLayers:
    """What layers sent back and was then clipped is not called wrong, and a wrong layer is."""

    @pytest.mark.parametrize("clip", CLIPS)
    @pytest.mark.parametrize(("fault", "wrong"), [("", set()), ("2 * ", {"dw"})])
    def test_judged(self, clip, fault, wrong):
        own = module_of(LAYERS, ("CLIP", CLIPS[clip]), ("x.T @ d", f"{fault}x.T @ d"))
        params = {"W": np.eye(3, 4) + 0.1, "V": np.ones((4, 2))}
        report = check_model(own.step, params, DATA[0], np.ones((5, 2)))
        assert {row.quantity for row in report.violations} == wrong
        (said,) = report.problems
        assert said.startswith(
            f"dW, dV: what the layers sent back, clipped {clip}"
            if clip[:3] == "one"
            else "dW, dV: what the layers sent back, clipped to the length 0.5"
        )
