"""Layers that keep their parameters in an object, and their gradients in another."""

from types import SimpleNamespace

import numpy as np
import pytest

from proofs import check_layer, check_model

X, Y = np.random.default_rng(1).standard_normal((2, 5, 3))


class Arrays:
    """It only keeps them."""

    def __init__(self, kernel, bias):
        self.kernel, self.bias = kernel, bias


class Dense:
    """Its gradients are in an object, or a dictionary, beside that of its parameters."""

    def __init__(self, grads, part=1.0):
        kernel = np.random.default_rng(0).standard_normal((3, 3))
        self.params, self.grads, self.part = Arrays(kernel, np.zeros(3)), grads, part

    def forward(self, x):
        self.x = x
        return x @ self.params.kernel + self.params.bias

    def backward(self, dout):
        self.put("kernel", self.x.T @ dout)
        self.put("bias", self.part * dout.sum(0))
        return dout @ self.params.kernel.T

    def put(self, name, gradient):
        if isinstance(self.grads, dict):
            self.grads[name] = gradient
        else:
            setattr(self.grads, name, gradient)


def step(layers, x, y):
    out = x
    for layer in layers:
        out = layer.forward(out)
    dout = out - y
    for layer in layers[::-1]:
        dout = layer.backward(dout)
    return ((out - y) ** 2).sum() / 2


@pytest.mark.parametrize("make", [dict, lambda: Arrays(np.zeros(1), np.zeros(1))])
@pytest.mark.parametrize("part", [1.0, 0.5])
def test_are_compared(make, part):
    report = check_model(step, [Dense(make()), Dense(make(), part)], X, Y)
    assert {row.quantity for row in report.rows if row.place == "[1] (Dense)"} == {
        "dkernel", "dbias", "dx"}  # fmt: skip
    assert {(v.place, v.quantity) for v in report.violations} == (
        set() if part == 1 else {("[1] (Dense)", "dbias")})  # fmt: skip


class Elsewhere(Dense):
    """It keeps them under another name, and no gradient that could be known for one."""

    def __init__(self):
        self.affine, self.left = SimpleNamespace(kernel=np.eye(3), bias=np.ones(3)), []

    def forward(self, x):
        self.x = x
        return x @ self.affine.kernel + self.affine.bias

    def backward(self, dout):
        self.left = [self.x.T @ dout, dout.sum(0)]
        return dout @ self.affine.kernel.T


def test_those_without_a_known_gradient_are_named():
    for report in (check_model(step, [Elsewhere()], X, Y), check_layer(Elsewhere(), None, X)):
        assert any("affine.kernel, affine.bias" in said or "affine.bias, affine.kernel" in said
                   for said in report.remarks), report  # fmt: skip


class Frozen(Dense):
    """Its parameters stay as they are, and so their gradients are not computed."""

    def __init__(self, trainable):
        super().__init__({})
        self.trainable = trainable

    def put(self, name, gradient):
        self.grads[name] = gradient * self.trainable


def test_frozen_parameters_are_not_compared():
    report = check_model(step, [Frozen(False), Dense({}, 0.5)], X, Y)
    assert {(v.place, v.quantity) for v in report.violations} == {("[1] (Dense)", "dbias")}
    assert any("[0] (Frozen): its parameters were not" in said for said in report.remarks)
    assert check_model(step, [Frozen(True), Dense({})], X, Y).holds
    assert any("Frozen: its parameters were not" in said
               for said in check_layer(Frozen(False), None, X).remarks)  # fmt: skip
