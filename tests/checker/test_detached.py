"""`detached`: what a forward pass computes and a backward pass leaves out on purpose."""

import numpy as np
import pytest

from proofs import check_layer, check_model

RANDOM = np.random.default_rng(0)
X, W = RANDOM.standard_normal((4, 3)), RANDOM.standard_normal((3, 2))
CODES = RANDOM.standard_normal((5, 3))
S, NEXT, REWARD = *RANDOM.standard_normal((2, 6, 3)), RANDOM.standard_normal(6)


def quantised_forward(x, w):
    q = np.round(4 * w) / 4
    return x @ (w + (q - w)), (x, q)


def quantised_backward(dy, cache):
    x, q = cache
    return dy @ q.T, x.T @ dy


def nearest_forward(x, codes):
    far = ((x[:, None] - codes[None]) ** 2).sum(axis=-1)
    found = codes[far.argmin(axis=1)]
    return x + (found - x), None


def nearest_backward(dy, cache, codes=CODES):
    return dy, np.zeros_like(codes)


def target_step(params, s, after, reward):
    q = s @ params["W"]
    # the target of the next state is a number to reach, and not to move
    target = reward + 0.9 * (after @ params["W"]).max(axis=1)
    rows, best = np.arange(len(q)), q.argmax(axis=1)
    error = q[rows, best] - target
    dq = np.zeros_like(q)
    dq[rows, best] = error / len(q)
    return (error**2).mean() / 2, {"W": s.T @ dq}


TARGET = "target = reward + 0.9 * (after @ params['W']).max(axis=1)"


def check_target(step=target_step, **how):
    return check_model(step, {"W": W}, S, NEXT, REWARD, **how)


class TestAConstantOnPurpose:
    """What is detached on purpose is right once the text of the expression says so."""

    def test_without_a_word_it_is_wrong_and_the_text_is_quoted(self):
        report = check_layer(quantised_forward, quantised_backward, X, W)
        assert "as if q - w were a constant" in str(report)
        assert not check_layer(nearest_forward, nearest_backward, X, CODES).holds
        assert not check_target().holds

    @pytest.mark.parametrize("text", ["q - w", ["(q-w)"]])
    def test_straight_through(self, text):
        report = check_layer(quantised_forward, quantised_backward, X, W, detached=text)
        assert report.holds, report

    def test_the_nearest_code(self):
        report = check_layer(nearest_forward, nearest_backward, X, CODES, detached="found - x")
        assert report.holds, report
        assert "found - x: counts as a constant, as detached says" in report.remarks

    @pytest.mark.parametrize(
        "text", [TARGET, TARGET.partition(" = ")[2], '( after@params["W"] ).max(axis=1)']
    )
    def test_a_target(self, text):
        report = check_target(detached=[text])
        assert report.holds, report
        assert "complex step" in str(report)

    def test_an_expression_of_several_lines(self):
        def step(params, x):
            h = x @ params["W"]
            z = h * (
                h
                / 2
            )  # fmt: skip
            return z.sum(), {"W": x.T @ (h / 2)}

        assert not check_model(step, {"W": W}, X).holds
        assert check_model(step, {"W": W}, X, detached="h / 2").holds

    @pytest.mark.parametrize(
        "scale",
        [
            lambda h: np.max(abs(h), axis=1, keepdims=True),
            lambda h: np.linalg.norm(h),
            lambda h: h[:, :1],
            lambda h: np.split(h, 2, axis=1)[0],
            lambda h: h.std(),
        ],
    )
    def test_whatever_makes_it_the_second_engine_agrees(self, scale):
        def forward(x, w):
            h = x @ w
            held = scale(h)
            return h * held, (x, w, held)

        def backward(dout, cache):
            x, w, held = cache
            return (dout * held) @ w.T, x.T @ (dout * held)

        w = np.hstack([W, W + 1])[:, [0, 3]] + 2
        assert not check_layer(forward, backward, abs(X), w).holds
        report = check_layer(forward, backward, abs(X), w, detached="scale(h)")
        assert report.holds, report
        assert "complex step" in str(report)


class TestNothingElseIsExcused:
    """Only what is named is a constant: another fault shows as before."""

    def test_another_fault(self):
        def backward(dy, cache):
            return quantised_backward(dy, cache)[0], 2 * quantised_backward(dy, cache)[1]

        report = check_layer(quantised_forward, backward, X, W, detached="q - w")
        assert [row.quantity for row in report.violations] == ["dw"]
        assert "it is 2 times" in str(report)

    def test_sent_back_all_the_same(self):
        def step(params, x):
            h = x @ params["W"]
            return (h * h).sum() / 2, {"W": x.T @ h}

        assert check_model(step, {"W": W}, X).holds
        report = check_model(step, {"W": W}, X, detached="h * h")
        assert not report.holds

    def test_the_next_check_knows_nothing_of_it(self):
        check_layer(quantised_forward, quantised_backward, X, W, detached="q - w")
        assert not check_layer(quantised_forward, quantised_backward, X, W).holds


class TestWhatIsNotThere:
    """A text that no step has is a problem, and one that is no Python an error."""

    def test_no_such_step(self):
        report = check_layer(quantised_forward, quantised_backward, X, W, detached="q - v")
        assert any("no step of the forward pass is 'q - v'" in text for text in report.problems)

    @pytest.mark.parametrize("text", ["q - ", "", 7])
    def test_no_expression(self, text):
        with pytest.raises(ValueError, match="expected the text of an expression"):
            check_layer(quantised_forward, quantised_backward, X, W, detached=[text])

    def test_what_only_differences_could_confirm_is_not_confirmed(self):
        def forward(x):
            held = x * 2
            return np.sinc(x) * held, (x, held)

        def backward(dout, cache):
            x, held = cache
            return dout * held * (np.cos(np.pi * x) - np.sinc(x)) / x

        report = check_layer(forward, backward, X, detached="x * 2")
        assert "differences see what is detached" in str(report)
