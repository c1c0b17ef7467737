"""TensorFlow: slopes at kinks and ties, counts in low precision, compute_gradient."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np
import passes
import tensorflow as tf
from asking import attempt, slopes, tell

SLOPES = {
    "relu at 0": "tf.nn.relu(x)[0]",
    "relu written as maximum(x, 0), at 0": "tf.maximum(x, 0)[0]",
    "relu written as where(x > 0, x, 0), at 0": "tf.where(x > 0, x, 0)[0]",
    "relu written as (x + |x|)/2, at 0": "((x + tf.abs(x)) / 2)[0]",
    "maximum of two equal numbers": "tf.maximum(x[0], x[1])",
    "minimum of two equal numbers": "tf.minimum(x[0], x[1])",
    "max of (1, 1, 0)": "tf.reduce_max(x)",
    "max of (1, 1, 0) along an axis": "tf.reduce_max(x, axis=0)",
    "min of (1, 1, 2)": "tf.reduce_min(x)",
    "max pooling of (1, 1)": "tf.nn.max_pool1d(x[None, :, None], 2, 2, 'VALID')[0, 0, 0]",
    "the largest of sort (1, 1)": "tf.sort(x)[-1]",
    "abs at 0": "tf.abs(x)[0]",
    "abs written as sqrt(x * x), at 0": "tf.sqrt(x * x)[0]",
    "clamp to [0, 1] at 0": "tf.clip_by_value(x, 0, 1)[0]",
    "clamp to [0, 1] at 1": "tf.clip_by_value(x, 0, 1)[0]",
    "leaky relu, slope 0.1, at 0": "tf.nn.leaky_relu(x, 0.1)[0]",
    "selu at 0": "tf.nn.selu(x)[0]",
    "relu6 at 0": "tf.nn.relu6(x)[0]",
    "relu6 at 6": "tf.nn.relu6(x)[0]",
    "hinge, max(0, 1 - x), at 1": "tf.nn.relu(1 - x)[0]",
    "sqrt at 0": "tf.sqrt(x)[0]",
    "norm of (0, 0)": "tf.norm(x)",
    "standard deviation of (2, 2, 2)": "tf.math.reduce_std(x)",
    "product of (0, 2, 3)": "tf.reduce_prod(x)",
    "last cumulative product of (0, 2, 3)": "tf.math.cumprod(x)[-1]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "tf.where(x > 0, tf.sqrt(x), 0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "tf.math.log(tf.sigmoid(x))[0]",
    "ln(sigmoid(x)) at -1000, as one function": "tf.math.log_sigmoid(x)[0]",
    "logaddexp of two equal numbers": "tf.reduce_logsumexp(x)",
}

COUNTS = {
    "broadcasting": "tf.zeros((4096, 8), s.dtype) + s",
    "matrix product": "tf.ones((4096, 1), s.dtype) @ s[None]",
    "bias_add": "tf.nn.bias_add(tf.zeros((4096, 8), s.dtype), s)",
    "w[index]": "tf.gather(s[None], tf.zeros(4096, tf.int32))",
    "repeat": "tf.repeat(s[None], 4096, axis=0)",
    "einsum": "tf.einsum('i,j->ij', tf.ones(4096, s.dtype), s)",
    "batch norm, bias": (
        "tf.nn.batch_normalization(tf.zeros((4096, 8), s.dtype), "
        "tf.zeros(8, s.dtype), tf.ones(8, s.dtype), s, None, 1e-3)"
    ),
}


def gradient(function, at):
    """The gradient at a point, by a tape."""
    x = tf.constant(at, dtype=tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x).numpy()


def count(how, dtype):
    """The gradient of the first of eight shared numbers, to which 4096 errors of size 1 come back."""
    s = tf.Variable(tf.ones(8, dtype))
    with tf.GradientTape() as tape:
        out = eval(how, {"tf": tf, "s": s})
    found = tape.gradient(out, s, output_gradients=tf.ones_like(out))
    return float(tf.convert_to_tensor(found).numpy()[0])


ALLOWED = 1e-3
"""compute_gradient gives two Jacobians and no verdict; what a user lets pass is his choice."""


def accepts(cost, gradient, x):
    """How far apart the two Jacobians of compute_gradient are, if that is more than allowed."""

    @tf.custom_gradient
    def own(x):
        value = tf.constant(np.asarray(cost(x.numpy()), dtype=x.numpy().dtype))
        return value, lambda sent: sent * tf.constant(gradient(x.numpy()))

    try:
        theirs, numeric = tf.test.compute_gradient(own, [tf.constant(x)])
        away = abs(np.ravel(theirs[0]) - np.ravel(numeric[0])).max()
    except Exception as error:
        return str(error) or type(error).__name__
    largest = max(abs(np.ravel(numeric[0])).max(), 1e-12)
    return "" if away <= ALLOWED * largest else f"{away:.3g}"


if __name__ == "__main__":
    slopes(gradient, SLOPES, {"tf": tf})
    for dtype in (tf.bfloat16, tf.float16):
        for what, how in COUNTS.items():
            question = f"4096 errors of 1, {dtype.name}: {what}"
            tell(question, attempt(lambda: count(how, dtype)), how)
    passes.ask(accepts, "compute_gradient(f, [x]), apart by 1e-3 of the largest at most")
