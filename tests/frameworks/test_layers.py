"""Layers of torch and JAX, of any precision, against the derivative of their own forward pass."""

import ml_dtypes
import numpy as np
import pytest
import torch

from proofs.checker.check_layer import check_layer

F = torch.nn.functional
TYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16]


class LayerNorm(torch.autograd.Function):
    """Written by hand."""

    @staticmethod
    def forward(ctx, x, g, b):
        mu = x.mean(-1, keepdim=True)
        inv = torch.rsqrt(x.var(-1, unbiased=False, keepdim=True) + 1e-5)
        h = (x - mu) * inv
        ctx.save_for_backward(h, g, inv)
        return g * h + b

    @staticmethod
    def backward(ctx, d):
        h, g, inv = ctx.saved_tensors
        e = d * g
        dx = inv * (e - e.mean(-1, keepdim=True) - h * (e * h).mean(-1, keepdim=True))
        return dx, (d * h).sum(0), d.sum(0)


class NoMean(LayerNorm):
    """Its mean term is forgotten."""

    @staticmethod
    def backward(ctx, d):
        h, g, inv = ctx.saved_tensors
        e = d * g
        return inv * (e - h * (e * h).mean(-1, keepdim=True)), (d * h).sum(0), d.sum(0)


def drawn(*shape, dtype=torch.float64, seed=0):
    random = torch.Generator().manual_seed(seed + sum(shape))
    return torch.randn(*shape, generator=random, dtype=torch.float64).to(dtype)


def inputs(dtype):
    x = drawn(16, 32) * 2 + 1
    return x.to(dtype), (1 + drawn(32) / 4).to(dtype), drawn(32, seed=1).to(dtype)


class TestFunction:
    """A torch.autograd.Function is judged by its own forward pass, in any precision."""

    @pytest.mark.parametrize("dtype", TYPES)
    def test_right(self, dtype):
        report = check_layer(LayerNorm, *inputs(dtype))
        assert report.holds, report
        assert "were confirmed along a random direction" in str(report)

    @pytest.mark.parametrize("dtype", TYPES)
    def test_wrong(self, dtype):
        report = check_layer(NoMean, *inputs(dtype))
        assert [row.quantity for row in report.violations] == ["dx"]
        assert "the mean is not taken off" in str(report)


class TestTwoFunctions:
    """A forward and a backward pass on tensors, outside autograd, are judged as a Function is."""

    @pytest.mark.parametrize("right", [True, False])
    def test_attention(self, right):
        def attention_forward(q, k, v):
            p = torch.softmax(q @ k.mT / 2, dim=-1)
            return p @ v, (q, k, v, p)

        def attention_backward(d, cache):
            q, k, v, p = cache
            dp = d @ v.mT
            ds = p * (dp - (dp * p).sum(-1, keepdim=True)) if right else dp
            return ds @ k / 2, ds.mT @ q / 2, p.mT @ d

        report = check_layer(attention_forward, attention_backward, *(drawn(2, 3, 4),) * 3)
        assert {row.quantity for row in report.rows} == {"dq", "dk", "dv"}
        assert {row.quantity for row in report.violations} == (set() if right else {"dq", "dk"})
        assert not report.problems

    @pytest.mark.parametrize("factor", [1, 2])
    def test_what_is_drawn_is_drawn_again(self, factor):
        def dropout_forward(x):
            mask = (torch.rand_like(x) < 0.5) * 2
            return x * mask, mask

        def dropout_backward(d, mask):
            return factor * d * mask

        report = check_layer(dropout_forward, dropout_backward, drawn(6, 4).double())
        assert report.holds == (factor == 1), report
        # rand_like draws other numbers for float32.
        report = check_layer(dropout_forward, dropout_backward, drawn(6, 4).float())
        assert not report.violations
        assert "draws other random numbers" in report.problems[0]

    @pytest.mark.parametrize(
        "sent",
        [
            lambda dx, dw: {"w": dw, "x": dx},
            lambda dx, dw: {"dx": dx, "dw": dw},
            lambda dx, dw: (dx.numpy(), dw.numpy()),
        ],
    )
    @pytest.mark.parametrize("factor", [1, 2])
    def test_gradients_in_a_dictionary_or_in_arrays(self, sent, factor):
        def back(d, x, w):
            return sent(d @ w.T, factor * x.T @ d)

        report = check_layer(lambda x, w: x @ w, back, drawn(4, 3), drawn(3, 2))
        assert report.holds == (factor == 1), report
        assert {row.quantity for row in report.rows} == {"dx", "dw"}

    @pytest.mark.parametrize(
        ("out", "sent", "says"),
        [
            (lambda y: {"out": y}, lambda d: d, "forward: expected tensors as outputs, got dict"),
            (lambda y: y, lambda d: d.tolist(), "backward: expected a tensor for each input"),
            (lambda y: y, lambda d: {"out": d}, "by the names of the inputs, x, got 'out'"),
        ],
    )
    def test_what_is_no_tensor_is_told(self, out, sent, says):
        with pytest.raises(TypeError, match=says):
            check_layer(lambda x: out(2 * x), lambda d, x: sent(2 * d), drawn(3, 4))

    def test_no_gradient_is_nothing_that_holds(self):
        report = check_layer(lambda x: (2 * x, None), lambda d, cache: None, drawn(3, 4))
        assert not report.holds
        assert "backward returned None" in str(report)


def layer_norm(x, g, b):
    return F.layer_norm(x, x.shape[-1:], g, b)


def attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


class TestKernels:
    """Right kernels hold, and a sum that stops is found whatever the tolerance."""

    @pytest.mark.parametrize("shape", [(16, 32), (64, 256)])
    def test_layer_norm(self, shape):
        x = (drawn(*shape) * 2 + 1).bfloat16()
        g, b = (drawn(shape[1], seed=s).bfloat16() for s in (1, 2))
        report = check_layer(layer_norm, None, x, g, b)
        assert report.holds, report

    def test_a_bias_over_4096_rows(self):
        x, g, b = (drawn(*shape).bfloat16() for shape in ((4096, 8), (8,), (8,)))
        report = check_layer(layer_norm, None, x, g, b)
        assert {row.quantity for row in report.violations} == {"db"}
        assert "a sum in bfloat16 stops" in str(report)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
    @pytest.mark.parametrize("scale", [1, 4])
    def test_attention(self, dtype, scale):
        q, k, v = (drawn(1, 2, 32, 16, seed=s).to(dtype) for s in range(3))
        report = check_layer(attention, None, q * scale, k, v)
        assert report.holds, report

    @pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
    @pytest.mark.parametrize("seed", range(6))
    def test_attention_as_it_is_drawn(self, dtype, seed):
        """Scores four times as large too, with a mask and without."""
        shape = [(1, 2, 8, 8), (2, 2, 16, 8)][seed % 2]
        q, k, v = (drawn(*shape, seed=10 * seed + s).to(dtype) for s in range(3))
        for layer in (attention, F.scaled_dot_product_attention):
            report = check_layer(layer, None, q * (4 if seed > 2 else 1), k, v)
            assert report.holds, report

    def test_a_kink_on_either_side(self):
        """Where there are two slopes either is right, and beyond them none."""
        x = torch.tensor([-1.0, 0.0, 2.0], dtype=torch.double)

        class Relu(torch.autograd.Function):
            slope = 0.0

            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x.clamp(min=0)

            @staticmethod
            def backward(ctx, d):
                (x,) = ctx.saved_tensors
                return d * torch.where(x == 0, Relu.slope, (x > 0).double())

        for Relu.slope, right in ((0.0, True), (1.0, True), (0.5, True), (1.5, False)):
            assert check_layer(Relu, x).holds == right


class TestNumPysOwnLowPrecision:
    """Arrays of ml_dtypes."""

    def test_a_sum_that_stops(self):
        b16 = ml_dtypes.bfloat16
        forward = lambda x, b: (x + b, None)  # noqa: E731
        x, b = np.ones((4096, 3), b16), np.zeros(3, b16)
        report = check_layer(forward, lambda d, _: (d, d.sum(axis=0)), x, b)
        assert "it is 256 and should be 4096 exactly" in str(report)

        def wide(d, _):
            return d, d.astype(np.float32).sum(axis=0).astype(b16)

        assert check_layer(forward, wide, x, b).holds


class TestCustomVjp:
    """A function of jax.custom_vjp is judged by the function that it wraps."""

    @pytest.mark.parametrize("right", [True, False])
    def test_rmsnorm(self, right):
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def rms(x, g):
            return x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + 1e-6) * g

        def fwd(x, g):
            r = jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + 1e-6)
            return x * r * g, (x, r, g)

        def bwd(saved, d):
            x, r, g = saved
            u = d * g
            along = x * r**3 * jnp.mean(u * x, -1, keepdims=True) if right else 0
            return r * u - along, (d * x * r).sum(0)

        rms.defvjp(fwd, bwd)
        report = check_layer(rms, jnp.asarray(drawn(4, 6).numpy()), jnp.asarray(drawn(6).numpy()))
        assert {row.quantity for row in report.violations} == (set() if right else {"dx"})

    @pytest.mark.parametrize("given", [(), (1e-6,)], ids=["by default", "given"])
    @pytest.mark.parametrize("right", [True, False])
    def test_a_number_that_is_no_input(self, right, given):
        """What `nondiff_argnums` names gets no gradient, and comes first in the backward pass."""
        import jax
        import jax.numpy as jnp

        def rms(x, eps=1e-6):
            return x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + eps)

        def fwd(x, eps):
            return rms(x, eps), x

        def bwd(eps, x, d):
            r = jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + eps)
            along = x * r**3 * jnp.mean(d * x, -1, keepdims=True) if right else 0
            return (r * d - along,)

        layer = jax.custom_vjp(rms, nondiff_argnums=(1,))
        layer.defvjp(fwd, bwd)
        report = check_layer(layer, jnp.asarray(drawn(4, 6).numpy()), *given)
        assert {row.quantity for row in report.violations} == (set() if right else {"dx"})


EDGE = "right" if tuple(map(int, torch.__version__.split(".")[:2])) < (2, 14) else "left"
"""From which side clamp takes its slope at the edge, which 2.14 has changed."""


class TestTwoSlopes:
    """At a kink or tie a framework's own slope is right, and the remark says which one it takes."""

    @pytest.mark.parametrize(
        ("layer", "said"),
        [
            (torch.relu, "the slope from the left"),
            (torch.abs, "the slope 0.5 of the way"),
            (lambda x: x.clamp(min=0), f"the slope from the {EDGE}"),
            (torch.nn.functional.leaky_relu, "the slope from the left"),
        ],
    )
    def test_torch_at_zero(self, layer, said):
        report = check_layer(layer, None, torch.tensor([-1.0, 0.0, 2.0], dtype=torch.double))
        assert report.holds, report
        assert any(said in remark for remark in report.remarks), report

    def test_a_pass_that_raises(self):
        """Their error, with their line, is a problem of theirs, and no traceback of ours."""

        class Other(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x

            @staticmethod
            def backward(ctx, grad):
                x, y = ctx.saved_tensors
                return grad * 2 * x * (y > 0)

        report = check_layer(Other, torch.tensor([1.0, 2.0]))
        assert "not enough values" in report.problems[0]
        assert "x, y = ctx.saved_tensors" in report.problems[0]

    @pytest.mark.parametrize(
        "layer", [torch.maximum, torch.minimum, lambda a, b: torch.stack([a, b]).amax(0)]
    )
    def test_torch_at_a_tie(self, layer):
        a = torch.tensor([1.0, 2.0, 3.0], dtype=torch.double)
        report = check_layer(layer, None, a, torch.tensor([1.0, 0.0, 4.0], dtype=torch.double))
        assert report.holds, report
        assert any("0.5 of the way" in remark for remark in report.remarks), report

    @pytest.mark.parametrize(
        ("slope", "said"), [(0.0, "left"), (1.0, "right"), (0.3, "0.3 of the way")]
    )
    def test_a_function_of_ones_own(self, slope, said):
        class Relu(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x.clamp(min=0)

            @staticmethod
            def backward(ctx, d):
                (x,) = ctx.saved_tensors
                return d * torch.where(x == 0, slope, (x > 0).to(d.dtype))

        report = check_layer(Relu, torch.tensor([-1.0, 0.0, 2.0], dtype=torch.double))
        assert report.holds, report
        assert any(said in remark for remark in report.remarks), report

    @pytest.mark.parametrize(
        ("slope", "holds"), [(0.0, True), (0.5, True), (1.0, True), (1.5, False)]
    )
    def test_custom_vjp(self, slope, holds):
        import jax
        import jax.numpy as jnp

        relu = jax.custom_vjp(lambda x: jnp.maximum(x, 0))
        relu.defvjp(
            lambda x: (jnp.maximum(x, 0), x),
            lambda x, d: (d * jnp.where(x == 0, slope, (x > 0).astype(d.dtype)),),
        )
        report = check_layer(relu, jnp.array([-1.0, 0.0, 2.0]))
        assert report.holds is holds, report

    def test_sending_nothing_at_a_tie_is_wrong(self):
        class Larger(torch.autograd.Function):
            @staticmethod
            def forward(ctx, a, b):
                ctx.save_for_backward(a, b)
                return torch.maximum(a, b)

            @staticmethod
            def backward(ctx, d):
                a, b = ctx.saved_tensors
                return d * (a > b), d * (b > a)

        a = torch.tensor([1.0, 2.0, 3.0], dtype=torch.double)
        assert not check_layer(Larger, a, torch.tensor([1.0, 0.0, 4.0], dtype=torch.double)).holds


class LogisticLoss(torch.autograd.Function):
    """A binary cross-entropy written with log(1 - a), whose gradient does without."""

    @staticmethod
    def forward(ctx, z, y):
        ctx.save_for_backward(z, y)
        a = torch.sigmoid(z)
        return -(y * torch.log(a) + (1 - y) * torch.log(1 - a)).mean()

    @staticmethod
    def backward(ctx, delta):
        z, y = ctx.saved_tensors
        return delta * (torch.sigmoid(z) - y) / z.numel(), None


class TestSaturated:
    """What should come is computed in steps that round, too: a right loss holds all the same."""

    Z = 5 * np.random.default_rng(3).standard_normal((6, 4))

    @pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    @pytest.mark.parametrize("targets", [torch.int64, torch.float64])
    def test_of_torch(self, dtype, targets):
        z, y = torch.tensor(self.Z, dtype=dtype), torch.arange(24).reshape(6, 4) % 2
        report = check_layer(LogisticLoss, z, y.to(targets))
        assert report.holds, report

    @pytest.mark.parametrize("factor", [1.0, 1.1])
    def test_of_jax(self, factor):
        import jax
        import jax.numpy as jnp

        def loss(z, y):
            a = jax.nn.sigmoid(z)
            return -jnp.mean(y * jnp.log(a) + (1 - y) * jnp.log(1 - a))

        def back(kept, delta):
            z, y = kept
            return factor * delta * (jax.nn.sigmoid(z) - y) / z.size, None

        layer = jax.custom_vjp(loss)
        layer.defvjp(lambda z, y: (loss(z, y), (z, y)), back)
        report = check_layer(layer, jnp.asarray(self.Z), jnp.arange(24).reshape(6, 4) % 2)
        assert report.holds == (factor == 1), report
