"""Keras on TensorFlow: the slopes that it answers at kinks and ties."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf
from asking import slopes

SLOPES = {
    "relu at 0": "ops.relu(x)[0]",
    "maximum of two equal numbers": "ops.maximum(x[0], x[1])",
    "max of (1, 1, 0)": "ops.max(x)",
    "clamp to [0, 1] at 0": "ops.clip(x, 0, 1)[0]",
    "clamp to [0, 1] at 1": "ops.clip(x, 0, 1)[0]",
    "leaky relu, slope 0.1, at 0": "ops.leaky_relu(x, 0.1)[0]",
    "elu, alpha 2, at 0": "ops.elu(x, 2)[0]",
    "celu, alpha 2, at 0": "ops.celu(x, 2)[0]",
    "selu at 0": "ops.selu(x)[0]",
    "relu6 at 0": "ops.relu6(x)[0]",
    "relu6 at 6": "ops.relu6(x)[0]",
    "hardtanh at 1": "ops.hard_tanh(x)[0]",
    "hardtanh at -1": "ops.hard_tanh(x)[0]",
    "hardsigmoid at 3": "ops.hard_sigmoid(x)[0]",
    "hardswish at 3": "ops.hard_swish(x)[0]",
    "hardswish at -3": "ops.hard_swish(x)[0]",
    "huber at its edge": "keras.losses.huber(0 * x, x)",
    "hinge, max(0, 1 - x), at 1": "keras.losses.hinge(x / x, x)",
    "norm of (0, 0)": "ops.norm(x)",
    "median of (1, 2, 2, 3)": "ops.median(x)",
    "ln(sigmoid(x)) at -1000, as one function": "ops.log_sigmoid(x)[0]",
    "logaddexp of two equal numbers": "ops.logaddexp(x[0], x[1])",
    "determinant of the singular (1, 2; 2, 4)": "ops.det(ops.reshape(x, (2, 2)))",
}


def gradient(function, at):
    """The gradient at a point, by a tape."""
    x = tf.constant(at, dtype=tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x).numpy()


if __name__ == "__main__":
    slopes(gradient, SLOPES, {"keras": keras, "ops": keras.ops})
