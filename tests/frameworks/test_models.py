"""`check_model` in torch and JAX: the hand-written layer that is wrong is flagged, and no other."""

import jax
import jax.numpy as jnp
import pytest
import torch

from proofs.checker.check_model import check_model

WRONG = {"square": False, "softmax": False}
"""Which of the backward passes is wrong just now."""


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, d):
        (x,) = ctx.saved_tensors
        return x * d if WRONG["square"] else 2 * x * d


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(s):
        return s.softmax(-1)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, d):
        (p,) = ctx.saved_tensors
        return p * (1 - p) * d if WRONG["softmax"] else p * (d - (d * p).sum(-1, keepdim=True))


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(4, 5), torch.nn.Linear(5, 3)

    def forward(self, x):
        return Softmax.apply(Square.apply(self.last(Square.apply(self.first(x)))))


def torch_step(net, x, y):
    loss = ((net(x) - y) ** 2).mean()
    loss.backward()
    return loss


def torch_loss(net, x, y):
    return ((net(x) - y) ** 2).mean()


def example(dtype=torch.double):
    torch.manual_seed(0)
    return Net().to(dtype), torch.randn(6, 4, dtype=dtype), torch.randn(6, 3, dtype=dtype)


@jax.custom_vjp
def softmax(s):
    return jax.nn.softmax(s)


def softmax_fwd(s):
    p = jax.nn.softmax(s)
    return p, p


def softmax_bwd(p, d):
    if WRONG["softmax"]:
        return (p * (1 - p) * d,)
    return (p * (d - (d * p).sum(-1, keepdims=True)),)


softmax.defvjp(softmax_fwd, softmax_bwd)


def jax_loss(w, x, y):
    return ((softmax(jnp.tanh(softmax(x @ w) @ w)) - y) ** 2).mean()


def jax_step(w, x, y):
    return jax.jit(jax.value_and_grad(jax_loss))(w, x, y)


@pytest.fixture(autouse=True)
def _all_right():
    yield
    WRONG.update(square=False, softmax=False)


def places(report):
    return {(row.place, row.quantity) for row in report.violations}


class TestTorch:
    """Every call of a Function is judged with the error that autograd gave it."""

    @pytest.mark.parametrize("step", [torch_step, torch_loss])
    @pytest.mark.parametrize("dtype", [torch.double, torch.float])
    def test_right(self, step, dtype):
        report = check_model(step, *example(dtype))
        assert report.holds, report
        assert {row.place for row in report.rows} == {"Square 1", "Square 2", "Softmax"}

    def test_a_wrong_function_is_flagged_where_it_is_used(self):
        WRONG["square"] = True
        assert places(check_model(torch_step, *example())) == {
            ("Square 1", "dx"),
            ("Square 2", "dx"),
        }

    def test_the_dropped_sum(self):
        WRONG["softmax"] = True
        assert places(check_model(torch_step, *example())) == {("Softmax", "ds")}

    def test_a_list_of_layers(self):
        WRONG["square"] = True
        report = check_model(torch_step, *example(), layers=[Softmax])
        assert report.holds
        assert {row.place for row in report.rows} == {"Softmax"}

    def test_nothing_is_changed(self):
        net, x, y = example()
        forward, backward = Square.forward, Square.backward
        check_model(torch_step, net, x, y)
        assert net.first.weight.grad is None
        assert Square.forward is forward
        assert Square.backward is backward


class TestJax:
    """Every call of a custom_vjp is judged with the error that JAX gave it, compiled or not."""

    def example(self):
        draw = jax.random.normal
        keys = jax.random.split(jax.random.key(0), 3)
        return draw(keys[0], (4, 4)), draw(keys[1], (6, 4)), draw(keys[2], (6, 4))

    @pytest.mark.parametrize("step", [jax_step, jax_loss])
    def test_right(self, step):
        """A step that returns its loss alone is differentiated."""
        report = check_model(step, *self.example())
        assert report.holds, report
        assert {row.place for row in report.rows} == {"softmax 1", "softmax 2"}

    def test_the_dropped_sum(self):
        WRONG["softmax"] = True
        assert places(check_model(jax_step, *self.example())) == {
            ("softmax 1", "ds"), ("softmax 2", "ds")}  # fmt: skip
