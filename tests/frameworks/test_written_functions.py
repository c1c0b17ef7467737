"""Functions of torch as libraries write them: class methods, outputs of all kinds, roots found."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

from proofs import check_layer, check_model


class Generic(torch.autograd.Function):
    """Of class methods, which a base has for several losses; a second output is no tensor."""

    @classmethod
    def forward(cls, ctx, x, target, power=2, *, more=None):
        p = x.softmax(-1)
        wide = torch.full(x.shape, torch.finfo(x.dtype).max)
        ctx.save_for_backward(torch.minimum(p, wide), target)
        return ((p - target) ** power).sum(-1), more

    @classmethod
    def backward(cls, ctx, d, _):
        p, target = ctx.saved_tensors
        g = cls.slope(p, target) * d[:, None]
        return p * (g - (g * p).sum(-1, keepdim=True)), None


class Squares(Generic):
    @classmethod
    def forward(cls, ctx, x, target):
        return super().forward(ctx, x, target, power=2, more=None)

    @classmethod
    def slope(cls, p, target):
        return 2 * (p - target)


class Once(Squares):
    @classmethod
    def slope(cls, p, target):
        return p - target


def drawn(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


X, Y = drawn(4, 3), drawn(5, 3)[1:].sort().values.softmax(-1)


class TestClassMethods:
    """A Function may have class methods, a base of its own, and outputs that are no tensors."""

    @pytest.mark.parametrize("layer", [Squares, Once])
    @pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    def test_alone(self, layer, dtype):
        if dtype == torch.float64:
            torch.set_default_dtype(dtype)
        try:
            report = check_layer(layer, X.to(dtype), Y.to(dtype))
        finally:
            torch.set_default_dtype(torch.float32)
        assert report.holds == (layer is Squares)
        assert [row.quantity for row in report.rows] == ["dx"]

    @pytest.mark.parametrize("layer", [Squares, Once])
    def test_in_a_model(self, layer):
        net = torch.nn.Linear(3, 3)

        def step(net, x, y):
            return layer.apply(net(x), y)[0].mean()

        report = check_model(step, net, X.float(), Y.float(), layers=[Generic, layer])
        assert report.holds == (layer is Squares)
        assert {row.place for row in report.rows} == {layer.__name__}


class Scaled(torch.autograd.Function):
    """The gradient of a single number is returned row by row, and autograd adds it up."""

    @staticmethod
    def forward(ctx, x, alpha):
        ctx.save_for_backward(x, alpha)
        return torch.tanh(alpha * x)

    @staticmethod
    def backward(ctx, d):
        x, alpha = ctx.saved_tensors
        dz = d * (1 - torch.tanh(alpha * x) ** 2)
        return alpha * dz, (x * dz).sum(-1, keepdim=True)


class Twice(Scaled):
    @staticmethod
    def backward(ctx, d):
        dx, dalpha = Scaled.backward(ctx, d)
        return dx, 2 * dalpha


class Root(torch.autograd.Function):
    """The root of y + y^3 = x by bisection, in which no tangent shows how it moves."""

    @staticmethod
    def forward(ctx, x):
        low, high = torch.full_like(x, -9), torch.full_like(x, 9)
        for _ in range(60):
            y = (low + high) / 2
            low, high = torch.where(y + y**3 < x, y, low), torch.where(y + y**3 < x, high, y)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, d):
        (y,) = ctx.saved_tensors
        return d / (1 + 3 * y**2)


class Steep(Root):
    @staticmethod
    def backward(ctx, d):
        (y,) = ctx.saved_tensors
        return d / (1 + y**2)


class TestWhatAutogradDoes:
    """It sums a gradient to the size of its input; and a root that is searched has a slope."""

    @pytest.mark.parametrize("layer", [Scaled, Twice])
    def test_sums(self, layer):
        for alpha in (torch.tensor(1.5), torch.tensor(1.5, dtype=torch.float64)):
            report = check_layer(layer, X.to(alpha.dtype), alpha)
            found = {row.quantity: row.holds for row in report.rows}
            assert found == {"dx": True, "dalpha": layer is Scaled}

    @pytest.mark.parametrize("layer", [Root, Steep])
    def test_a_root(self, layer):
        report = check_layer(layer, X)
        assert report.holds == (layer is Root)
        assert any("a root is searched" in said for said in report.remarks)


def compiled(wrong, inside):
    """A softmax that is compiled, within its function of custom_vjp or around it."""

    def softmax(s):
        return jax.nn.softmax(s)

    def back(p, d):
        return (wrong * p * (d - (d * p).sum(-1, keepdims=True)),)

    f = jax.custom_vjp(jax.jit(softmax) if inside else softmax)
    f.defvjp(lambda s: (softmax(s), softmax(s)), back)
    return f if inside else jax.jit(f)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("wrong", [1.0, 2.0])
class TestCompiled:
    """What JAX compiles is the layer that it was, and keeps the names of its inputs."""

    S = np.random.default_rng(0).standard_normal((4, 3))

    def test_alone(self, wrong, inside):
        report = check_layer(compiled(wrong, inside), jnp.asarray(self.S))
        assert [(row.quantity, row.holds) for row in report.rows] == [("ds", wrong == 1)]

    def test_in_a_model(self, wrong, inside):
        layer = compiled(wrong, inside)

        def step(w, x):
            return (layer(x @ w) ** 2).sum()

        report = check_model(step, jnp.asarray(self.S.T @ self.S), jnp.asarray(self.S))
        assert [(row.quantity, row.holds) for row in report.rows] == [("ds", wrong == 1)]
