"""PyTorch: its slopes at kinks and ties, how far it counts in low precision, and its gradcheck."""

import warnings

import numpy as np
import passes
import torch
import torch.nn.functional as F
from asking import attempt, slopes, tell

SLOPES = {
    "relu at 0": "torch.relu(x)[0]",
    "relu written as maximum(x, 0), at 0": "torch.maximum(x, torch.zeros(1))[0]",
    "relu written as where(x > 0, x, 0), at 0": "torch.where(x > 0, x, 0)[0]",
    "relu written as (x + |x|)/2, at 0": "((x + x.abs()) / 2)[0]",
    "maximum of two equal numbers": "torch.maximum(x[0], x[1])",
    "minimum of two equal numbers": "torch.minimum(x[0], x[1])",
    "fmax of two equal numbers": "torch.fmax(x[0], x[1])",
    "max of (1, 1, 0)": "x.max()",
    "max of (1, 1, 0) along an axis": "x.max(dim=0).values",
    "min of (1, 1, 2)": "x.min()",
    "max pooling of (1, 1)": "F.max_pool1d(x[None], 2)[0, 0]",
    "the largest of sort (1, 1)": "x.sort().values[-1]",
    "median of (1, 2, 2, 3)": "x.quantile(0.5)",
    "abs at 0": "x.abs()[0]",
    "abs written as sqrt(x * x), at 0": "(x * x).sqrt()[0]",
    "clamp to [0, 1] at 0": "x.clamp(0, 1)[0]",
    "clamp to [0, 1] at 1": "x.clamp(0, 1)[0]",
    "leaky relu, slope 0.1, at 0": "F.leaky_relu(x, 0.1)[0]",
    "elu, alpha 2, at 0": "F.elu(x, 2)[0]",
    "celu, alpha 2, at 0": "F.celu(x, 2)[0]",
    "selu at 0": "F.selu(x)[0]",
    "relu6 at 0": "F.relu6(x)[0]",
    "relu6 at 6": "F.relu6(x)[0]",
    "hardtanh at 1": "F.hardtanh(x)[0]",
    "hardtanh at -1": "F.hardtanh(x)[0]",
    "hardsigmoid at 3": "F.hardsigmoid(x)[0]",
    "hardswish at 3": "F.hardswish(x)[0]",
    "hardswish at -3": "F.hardswish(x)[0]",
    "huber at its edge": "F.smooth_l1_loss(x, 0 * x)",
    "hinge, max(0, 1 - x), at 1": "F.hinge_embedding_loss(x, -torch.ones(1))",
    "sqrt at 0": "x.sqrt()[0]",
    "norm of (0, 0)": "x.norm()",
    "standard deviation of (2, 2, 2)": "x.std(correction=0)",
    "product of (0, 2, 3)": "x.prod()",
    "last cumulative product of (0, 2, 3)": "x.cumprod(0)[-1]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "torch.where(x > 0, x.sqrt(), 0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "x.sigmoid().log()[0]",
    "ln(sigmoid(x)) at -1000, as one function": "F.logsigmoid(x)[0]",
    "logaddexp of two equal numbers": "torch.logaddexp(x[0], x[1])",
    "sinc at 0": "torch.sinc(x)[0]",
    "determinant of the singular (1, 2; 2, 4)": "torch.linalg.det(x.reshape(2, 2))",
}

COUNTS = {
    "layer norm, bias": "F.layer_norm(x, (8,), None, s)",
    "layer norm, weight": "F.layer_norm(x, (8,), s)",
    "RMS norm, weight": "F.rms_norm(x, (8,), s)",
    "group norm, bias": "F.group_norm(x, 1, None, s)",
    "instance norm, bias": "F.instance_norm(x.T[None], bias=s)",
    "batch norm, bias": "F.batch_norm(x, None, None, None, s, True)",
    "linear, bias": "F.linear(x, w, s)",
    "convolution, bias": "F.conv1d(x.T[None], w[:, :, None], s)",
    "embedding": "F.embedding(zeros, s[None])",
    "embedding bag": "F.embedding_bag(zeros[:, None], s[None], mode='sum')",
    "w[index]": "s[None][zeros]",
    "index_select": "s[None].index_select(0, zeros)",
    "gather": "s[None].gather(0, zeros[:, None].expand(-1, 8))",
    "broadcasting": "x + s",
    "expand": "s.expand(4096, 8) * 1",
    "repeat": "s.repeat(4096, 1)",
    "upsampling": "F.interpolate(s[None, :, None], 4096)",
    "prelu": "F.prelu(-x * x, s)",
    "attention, values": "F.scaled_dot_product_attention(x[None, :, :1], x[None, :1, :1], s[None, None])",
    "matrix product": "torch.ones_like(x[:, :1]) @ s[None]",
    "einsum": "torch.einsum('i,j->ij', torch.ones_like(x[:, 0]), s)",
}
"""What is done with eight shared numbers s, over 4096 rows of x; each s gets 4096 errors of 1."""


def gradient(function, at, dtype=torch.float64):
    """The gradient at a point, by backward()."""
    x = torch.tensor(at, dtype=dtype, requires_grad=True)
    function(x).backward()
    return x.grad


def count(how, dtype):
    """The gradient of the first of eight shared numbers, to which 4096 errors of size 1 come back."""
    s = torch.ones(8, dtype=dtype, requires_grad=True)
    x = torch.tensor([1.0, -1.0] * 4, dtype=dtype).repeat(4096, 1)
    zeros = torch.zeros(4096, dtype=torch.long)
    names = {
        "F": F,
        "torch": torch,
        "s": s,
        "x": x,
        "zeros": zeros,
        "w": torch.zeros(8, 8, dtype=dtype),
    }
    out = eval(how, names)
    # A weight has the normalised numbers as its factors: errors of the same sign make terms of 1.
    out.backward(torch.sign(out.detach()))
    return abs(float(s.grad[0]))


def in_a_loop(dtype):
    """What a loop over the examples adds up in .grad."""
    s = torch.ones(1, dtype=dtype, requires_grad=True)
    for _ in range(4096):
        s.sum().backward()
    return float(s.grad[0])


def counts():
    """Count to 4096 in every way, in both types of low precision."""
    for dtype in (torch.bfloat16, torch.float16):
        name = str(dtype).removeprefix("torch.")
        for what, how in COUNTS.items():
            tell(f"4096 errors of 1, {name}: {what}", attempt(lambda: count(how, dtype)), how)
        tell(f"4096 errors of 1, {name}: .grad in a loop", in_a_loop(dtype), "s.sum().backward()")
    torch.set_num_threads(2)
    how = COUNTS["layer norm, bias"]
    tell(
        "4096 errors of 1, bfloat16: layer norm, bias, two threads", count(how, torch.bfloat16), how
    )
    torch.set_num_threads(1)


class Own(torch.autograd.Function):
    """Somebody's own cost with his own gradient."""

    @staticmethod
    def forward(ctx, x, cost, gradient):
        ctx.given = x, gradient
        return torch.tensor(cost(x.detach().numpy()))

    @staticmethod
    def backward(ctx, sent):
        x, gradient = ctx.given
        return sent * torch.tensor(gradient(x.detach().numpy())), None, None


def accepts(cost, gradient, x, fast_mode):
    """What gradcheck objects."""
    at = torch.tensor(x, requires_grad=True)
    torch.manual_seed(int(np.random.randint(2**31)))
    try:
        torch.autograd.gradcheck(lambda x: Own.apply(x, cost, gradient), at, fast_mode=fast_mode)
    except Exception as error:
        return str(error) or type(error).__name__
    return ""


class Overwrites(torch.autograd.Function):
    """A square whose backward pass changes the error it was given."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, sent):
        return sent.mul_(2 * ctx.saved_tensors[0])


def own_questions():
    """What only gradcheck can be asked."""
    how = "gradcheck(f, x)"
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    answer = attempt(lambda: torch.autograd.gradcheck(Overwrites.apply, x))
    tell(
        "a backward pass that overwrites the error it is given",
        "accepted" if answer is True else answer,
        how,
    )
    half = torch.tensor([0.5, 1.0], dtype=torch.bfloat16, requires_grad=True)
    answer = attempt(lambda: torch.autograd.gradcheck(torch.tanh, half))
    tell("a right gradient, bfloat16", "accepted" if answer is True else "rejected", how)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    slopes(gradient, SLOPES, {"torch": torch, "F": F})
    counts()
    for fast in (False, True):
        how = f"gradcheck(f, x, fast_mode={fast})"
        passes.ask(lambda c, g, x, fast=fast: accepts(c, g, x, fast), how)
    own_questions()
