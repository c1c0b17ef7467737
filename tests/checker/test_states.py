"""Layers that are objects with a state, which is no parameter and is read all the same."""

import numpy as np
import pytest

from proofs import check_layer, check_model

draw = np.random.default_rng(5).standard_normal


class Cell:
    """Two outputs and no cache: its backward pass asks for the errors of both."""

    def __init__(self, wrong=1.0):
        self.params = [draw((3, 3)) / 2, draw((3, 3)) / 2]
        self.grads = [np.zeros((3, 3)), np.zeros((3, 3))]
        self.wrong = wrong

    def forward(self, h, c):
        U, V = self.params
        new = c * 0.5 + np.tanh(h @ U)
        self.kept = h, c, new
        return np.tanh(new @ V), new

    def backward(self, dh, dc):
        (U, V), (h, _, new) = self.params, self.kept
        ds = dh * (1 - np.tanh(new @ V) ** 2)
        dnew = dc + ds @ V.T
        dz = dnew * (1 - np.tanh(h @ U) ** 2)
        self.grads[0][...] = h.T @ dz
        self.grads[1][...] = self.wrong * new.T @ ds
        return dz @ U.T, dnew * 0.5


class Recurrent:
    """Its last output is its state, which may be set; its error stands beside it."""

    def __init__(self, wrong=1.0):
        self.params, self.grads = [draw((3, 3)) / 2], [np.zeros((3, 3))]
        self.h, self.dh = None, None
        self.wrong = wrong

    def forward(self, xs):
        (U,) = self.params
        self.h = np.zeros((2, 3)) if self.h is None else self.h
        self.kept = [(None, self.h)]
        for x in xs:
            self.h = np.tanh(x + self.h @ U)
            self.kept.append((x, self.h))
        return np.array([h for _, h in self.kept[1:]])

    def backward(self, dhs):
        (U,), dh, dxs, dU = self.params, 0.0, [], 0.0
        for (_, h), (_, before), d in zip(
            self.kept[:0:-1], self.kept[-2::-1], dhs[::-1], strict=True
        ):
            dz = (d + dh) * (1 - h**2)
            dU = dU + before.T @ dz
            dh = dz @ U.T
            dxs.insert(0, dz)
        self.grads[0][...] = self.wrong * dU
        self.dh = dh
        return np.array(dxs)


class Centred:
    """Running means that it changes in place."""

    def __init__(self):
        self.beta, self.dbeta, self.running = draw(3), None, np.zeros(3)

    def forward(self, x):
        mean = x.mean(0)
        self.running += 0.1 * (mean - self.running)
        return x - mean + self.beta

    def backward(self, d):
        self.dbeta = d.sum(0)
        return d - d.mean(0)


def plainly(method):
    """A decorator that takes anything, and says nothing of what it takes."""

    def run(*args, **how):
        return method(*args, **how)

    return run


class Decorated(Centred):
    forward = plainly(Centred.forward)
    backward = plainly(Centred.backward)


class Twice:
    """One array stands twice among its parameters, and has a gradient for each use."""

    def __init__(self, wrong=1.0):
        W = draw((3, 3)) / 2
        self.params, self.grads = [W, W], [np.zeros((3, 3)), np.zeros((3, 3))]
        self.wrong = wrong

    def forward(self, x):
        self.x, self.h = x, np.tanh(x @ self.params[0])
        return self.h @ self.params[1]

    def backward(self, d):
        dz = (d @ self.params[1].T) * (1 - self.h**2)
        self.grads[0][...], self.grads[1][...] = self.x.T @ dz, self.wrong * self.h.T @ d
        return dz @ self.params[0].T


class TestAlone:
    """A right one holds, every gradient of it is judged, and a wrong one is blamed."""

    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    @pytest.mark.parametrize(
        ("kind", "inputs", "rows", "blamed"),
        [
            (Cell, [(2, 3), (2, 3)], 4, "dparams[1]"),
            (Recurrent, [(4, 2, 3)], 2, "dparams[0]"),
            (Twice, [(2, 3)], 2, "dparams[0]"),
        ],
    )
    def test_right_and_wrong(self, kind, inputs, rows, blamed, wrong):
        report = check_layer(kind(wrong), *map(draw, inputs))
        assert len(report.rows) == rows
        assert [row.quantity for row in report.violations] == ([blamed] if wrong != 1 else [])

    @pytest.mark.parametrize("kind", [Centred, Decorated])
    def test_running_means_take_tangents(self, kind):
        report = check_layer(kind(), draw((5, 3)))
        assert {row.quantity for row in report.rows} == {"dx", "dbeta"}
        assert report.holds
        assert "no tangents get through" not in str(report)


class TestAStateThatIsSet:
    """No argument shows what a layer reads there: the error of its giver is not called wrong."""

    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    def test_encoder_and_decoder(self, wrong):
        def step(net, xs, ys):
            encoder, decoder = net
            decoder.h = encoder.forward(xs)[-1]
            out = decoder.forward(ys)
            decoder.backward(out)
            dhs = np.zeros_like(xs)
            dhs[-1] = decoder.dh
            encoder.backward(dhs)
            return (out**2).sum() / 2

        report = check_model(
            step, [Recurrent(), Recurrent(wrong)], draw((3, 2, 3)), draw((4, 2, 3))
        )
        assert [(row.place, row.quantity) for row in report.violations] == (
            [("[1] (Recurrent)", "dparams[0]")] if wrong != 1 else []
        )
        said = (
            "after [0] (Recurrent): its sum was not compared, for [1] (Recurrent) reads it as its"
        )
        assert f"{said} attribute h" in str(report)


class TestSideBySide:
    """`np.c_` and `np.r_` hand tangents on."""

    def test_columns_and_rows(self):
        def forward(x, y):
            return np.r_[np.c_[1 - x, x * y].sum(0), x, 3.0, y], (x, y)

        def backward(d, cache):
            x, y = cache
            return d[1] * y - d[0] + d[2:6], d[1] * x + d[7:]

        report = check_layer(forward, backward, draw(4), draw(4))
        assert report.holds
        assert "by the complex step" in str(report)
        assert "no tangents" not in str(report)


class Buffered:
    """It computes into arrays that it keeps."""

    def __init__(self, dtype, wrong=1.0):
        self.W, self.wrong = draw((3, 2)).astype(dtype), dtype(wrong)
        self.dW, self.y = np.zeros_like(self.W), np.zeros((4, 2), dtype)

    def forward(self, x):
        self.x = x
        np.dot(x, self.W, out=self.y)
        return np.tanh(self.y, out=self.y)

    def backward(self, d):
        dz = self.wrong * d * (1 - self.y * self.y)
        np.matmul(self.x.T, dz, out=self.dW)
        return dz @ self.W.T


class TestBuffers:
    """They take double precision, tangents and complex steps, where the layer is given those."""

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    def test_right_and_wrong(self, dtype, wrong):
        report = check_layer(Buffered(dtype, wrong), draw((4, 3)).astype(dtype))
        assert len(report.violations) == (2 if wrong != 1 else 0)
        assert not report.problems
        assert "by the complex step" in str(report)
        assert "could not be" not in str(report)
