"""PaddlePaddle: its slopes at kinks and ties, and how far it counts in low precision."""

import paddle
import paddle.nn.functional as F
from asking import attempt, slopes, tell

SLOPES = {
    "relu at 0": "F.relu(x)[0]",
    "relu written as maximum(x, 0), at 0": "paddle.maximum(x, paddle.zeros_like(x))[0]",
    "relu written as where(x > 0, x, 0), at 0": "paddle.where(x > 0, x, paddle.zeros_like(x))[0]",
    "relu written as (x + |x|)/2, at 0": "((x + x.abs()) / 2)[0]",
    "maximum of two equal numbers": "paddle.maximum(x[0], x[1])",
    "minimum of two equal numbers": "paddle.minimum(x[0], x[1])",
    "fmax of two equal numbers": "paddle.fmax(x[0], x[1])",
    "max of (1, 1, 0)": "x.max()",
    "max of (1, 1, 0) along an axis": "x.max(axis=0)",
    "min of (1, 1, 2)": "x.min()",
    "max pooling of (1, 1)": "F.max_pool1d(x[None, None], 2)[0, 0, 0]",
    "the largest of sort (1, 1)": "paddle.sort(x)[-1]",
    "median of (1, 2, 2, 3)": "paddle.median(x)",
    "abs at 0": "x.abs()[0]",
    "abs written as sqrt(x * x), at 0": "(x * x).sqrt()[0]",
    "clamp to [0, 1] at 0": "x.clip(0, 1)[0]",
    "clamp to [0, 1] at 1": "x.clip(0, 1)[0]",
    "leaky relu, slope 0.1, at 0": "F.leaky_relu(x, 0.1)[0]",
    "elu, alpha 2, at 0": "F.elu(x, 2.0)[0]",
    "celu, alpha 2, at 0": "F.celu(x, 2.0)[0]",
    "selu at 0": "F.selu(x)[0]",
    "relu6 at 0": "F.relu6(x)[0]",
    "relu6 at 6": "F.relu6(x)[0]",
    "hardtanh at 1": "F.hardtanh(x)[0]",
    "hardtanh at -1": "F.hardtanh(x)[0]",
    "hardsigmoid at 3": "F.hardsigmoid(x)[0]",
    "hardswish at 3": "F.hardswish(x)[0]",
    "hardswish at -3": "F.hardswish(x)[0]",
    "huber at its edge": "F.smooth_l1_loss(x, paddle.zeros_like(x))",
    "hinge, max(0, 1 - x), at 1": "F.hinge_embedding_loss(x, -paddle.ones_like(x))",
    "sqrt at 0": "x.sqrt()[0]",
    "norm of (0, 0)": "paddle.linalg.norm(x)",
    "standard deviation of (2, 2, 2)": "x.std(unbiased=False)",
    "product of (0, 2, 3)": "x.prod()",
    "last cumulative product of (0, 2, 3)": "paddle.cumprod(x, 0)[-1]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "paddle.where(x > 0, x.sqrt(), paddle.zeros_like(x))[0]",
    "ln(sigmoid(x)) at -1000, as written": "F.sigmoid(x).log()[0]",
    "ln(sigmoid(x)) at -1000, as one function": "F.log_sigmoid(x)[0]",
    "logaddexp of two equal numbers": "paddle.logaddexp(x[0], x[1])",
    "determinant of the singular (1, 2; 2, 4)": "paddle.linalg.det(x.reshape([2, 2]))",
}

COUNTS = {
    "broadcasting": "paddle.zeros([4096, 8], s.dtype) + s",
    "layer norm, bias": "F.layer_norm(paddle.zeros([4096, 8], s.dtype), [8], None, s)",
    "linear, bias": "F.linear(paddle.zeros([4096, 8], s.dtype), paddle.zeros([8, 8], s.dtype), s)",
    "matrix product": "paddle.ones([4096, 1], s.dtype) @ s[None]",
    "embedding": "F.embedding(paddle.zeros([4096], 'int64'), s[None])",
    "w[index]": "s[None][paddle.zeros([4096], 'int64')]",
    "index_select": "paddle.index_select(s[None], paddle.zeros([4096], 'int64'))",
    "expand": "s.expand([4096, 8]) * 1",
}


def gradient(function, at):
    """The gradient at a point, by backward()."""
    x = paddle.to_tensor(at, dtype="float64", stop_gradient=False)
    function(x).backward()
    return x.grad.numpy()


def count(how, dtype):
    """The gradient of the first of eight shared numbers, to which 4096 errors of size 1 come back."""
    s = paddle.ones([8], dtype)
    s.stop_gradient = False
    out = eval(how, {"paddle": paddle, "F": F, "s": s})
    out.backward(paddle.ones_like(out))
    return float(s.grad.astype("float32")[0])


if __name__ == "__main__":
    paddle.set_device("cpu")
    slopes(gradient, SLOPES, {"paddle": paddle, "F": F})
    for dtype in ("bfloat16", "float16"):
        for what, how in COUNTS.items():
            question = f"4096 errors of 1, {dtype}: {what}"
            tell(question, attempt(lambda: count(how, dtype)), how)
