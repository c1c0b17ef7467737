"""Further backward passes with one wrong line, of our own invention: generality, not a list.

What each of them breaks was worked out by hand from its line.
"""

from proofs.mistakes.catalogue import CROSS_ENTROPY, RECTANGULAR, SOFTMAX, SQUARE, Setting, Wrong
from proofs.network.activations import leaky_relu, linear, relu, sigmoid, softmax, softplus, tanh

TANH = Setting(inner=(tanh, tanh))
LEAKY = Setting(inner=(leaky_relu, leaky_relu))
MIXED = Setting(inner=(leaky_relu, tanh))
FREE = Setting(targets="free")
RIGHT_BP1 = RECTANGULAR.lines()["BP1"]
RIGHT_BP2 = RECTANGULAR.lines()["BP2"]

INVENTED = (
    # The forward pass.
    Wrong(
        "dropout left on",
        "Dropout may stay on while the gradients are checked.",
        "purity, forward a@hidden",
        {
            "forward a": "coin = memory.setdefault('coin', np.random.default_rng(1))\n"
            "a[l] = sigma[l](z[l]) * (coin.random(z[l].shape) < 0.5 if l < L else 1)"
        },
    ),
    Wrong(
        "a fixed dropout mask",
        "Some neurons are switched off on the way forward.",
        "forward a@hidden",
        {"forward a": "a[l] = sigma[l](z[l])\nif l < L:\n    a[l][::2] = 0"},
    ),
    Wrong(
        "the bias of the layer before",
        "Biases are counted from another layer than weights.",
        "forward z@3+4",
        {"forward z": "z[l] = w[l] @ a[l - 1] + b[max(l - 1, 2)]"},
        SQUARE,
    ),
    Wrong(
        "no bias at the output",
        "The output layer needs no bias.",
        "forward z@L",
        {"forward z": "z[l] = w[l] @ a[l - 1] + (b[l] if l < L else 0)"},
        SOFTMAX,
    ),
    Wrong(
        "centred weighted inputs",
        "Half of a batch normalisation has stayed in the code.",
        "forward z@all",
        {
            "forward z": "z[l] = w[l] @ a[l - 1] + b[l]\n"
            "z[l] = z[l] - z[l].mean(axis=1, keepdims=True)"
        },
    ),
    Wrong(
        "softmax over the examples",
        "Softmax is normalised along the wrong axis.",
        "forward a@L, BP1@L",
        {
            "forward a": "e = np.exp(z[l])\n"
            "a[l] = sigma[l](z[l]) if l < L else e / e.sum(axis=1, keepdims=True)"
        },
        SOFTMAX,
    ),
    Wrong(
        "the input is centred in place",
        "Preprocessing may happen in the caller's array.",
        "purity, forward z@2, BP4@2",
        {
            "forward z": "x -= x.mean(axis=1, keepdims=True) if l == 2 else 0\n"
            "z[l] = w[l] @ a[l - 1] + b[l]"
        },
    ),
    # BP1.
    Wrong(
        "a clipped error",
        "The error at the output is clipped.",
        "BP1@L",
        {"BP1": f"{RIGHT_BP1}\ndelta[L] = np.clip(delta[L], -0.01, 0.01)"},
    ),
    Wrong(
        "targets off by one example",
        "The targets were shuffled separately.",
        "BP1@L",
        {"BP1": "delta[L] = (a[L] - np.roll(y, 1, axis=1)) * sigma[L].prime(z[L])"},
    ),
    Wrong(
        "the sign of the difference",
        "The quadratic cost is that of absolute values.",
        "BP1@L",
        {"BP1": "delta[L] = np.sign(a[L] - y) * sigma[L].prime(z[L])"},
    ),
    Wrong(
        "output and target swapped in the cross-entropy",
        "The cross-entropy is symmetric.",
        "BP1@L",
        {"BP1": "delta[L] = -np.log(y / (1 - y)) * sigma[L].prime(z[L])"},
        Setting(cost=CROSS_ENTROPY.cost, targets="free"),
    ),
    Wrong(
        "smoothed targets in the gradient alone",
        "Label smoothing is part of the gradient, not of the cost.",
        "BP1@L",
        {"BP1": "delta[L] = a[L] - (0.9 * y + 0.1 / len(y))"},
        SOFTMAX,
    ),
    Wrong(
        "classes weighted in the gradient alone",
        "Class weights are part of the gradient, not of the cost.",
        "BP1@L",
        {"BP1": "delta[L] = (a[L] - y) * np.arange(1, len(y) + 1)[:, None]"},
        SOFTMAX,
    ),
    Wrong(
        "averaged over the outputs",
        "The cost is the mean over the outputs, not their sum.",
        "BP1@L",
        {"BP1": f"{RIGHT_BP1} / len(y)"},
    ),
    Wrong(
        "hard targets",
        "Targets are zeros and ones.",
        "BP1@L",
        {"BP1": "delta[L] = (a[L] - (y > 0.5)) * sigma[L].prime(z[L])"},
        FREE,
    ),
    Wrong(
        "a rectified output without its derivative",
        "A rectifier at the output passes every error.",
        "BP1@L",
        {"BP1": "delta[L] = a[L] - y"},
        Setting(output=relu),
    ),
    # BP2.
    Wrong(
        "a dropout mask on the way back alone",
        "Neurons are switched off on the way back, not on the way forward.",
        "BP2@hidden",
        {"BP2": f"{RIGHT_BP2}\ndelta[l][::2] = 0"},
    ),
    Wrong(
        "a stopped gradient",
        "One layer is frozen.",
        "BP2@2",
        {"BP2": f"{RIGHT_BP2} * (l > 2)"},
    ),
    Wrong(
        "a sign in one layer",
        "One layer goes uphill.",
        "BP2@3",
        {"BP2": f"{RIGHT_BP2} * (-1 if l == 3 else 1)"},
        MIXED,
    ),
    Wrong(
        "one layer counted twice",
        "Two paths of equal length are added where there is one.",
        "BP2@2",
        {"BP2": f"{RIGHT_BP2} * (2 if l == 2 else 1)"},
        SOFTMAX,
    ),
    Wrong(
        "tanh' of the weighted input",
        "The derivative of tanh is 1 - z^2.",
        "BP2@hidden",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * (1 - z[l] ** 2)"},
        TANH,
    ),
    Wrong(
        "tanh' of tanh",
        "The derivative of tanh takes the activation.",
        "BP2@hidden",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * sigma[l].prime(a[l])"},
        TANH,
    ),
    Wrong(
        "the derivative of the sigmoid for softplus",
        "All smooth activations have the derivative a (1 - a).",
        "BP2@3",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * a[l] * (1 - a[l])"},
        Setting(inner=(sigmoid, softplus)),
    ),
    Wrong(
        "a leaky rectifier that does not leak",
        "Every rectifier passes nothing back where it is inactive.",
        "BP2@hidden",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * (z[l] > 0)"},
        LEAKY,
    ),
    Wrong(
        "a leaky rectifier upside down",
        "The slope belongs to the other side.",
        "BP2@2",
        {
            "BP2": "leak = np.where(z[l] < 0, 1, 0.01)\n"
            "slope = leak if l == 2 else sigma[l].prime(z[l])\n"
            "delta[l] = (w[l + 1].T @ delta[l + 1]) * slope"
        },
        MIXED,
    ),
    Wrong(
        "softmax inside the network, one by one",
        "Softmax in a hidden layer acts on each neuron alone.",
        "BP2@2",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * a[l] * (1 - a[l])"},
        Setting(inner=(softmax, sigmoid)),
    ),
    Wrong(
        "sigma' of the layer behind",
        "The factor sigma' is inside the bracket.",
        "BP2@hidden",
        {"BP2": "delta[l] = w[l + 1].T @ (delta[l + 1] * sigma[l + 1].prime(z[l + 1]))"},
    ),
    Wrong(
        "the output's error for every layer",
        "Every layer receives the error of the output.",
        "BP2@2",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[L]) * sigma[l].prime(z[l])"},
        SQUARE,
    ),
    Wrong(
        "a shortcut on the way back alone",
        "The error also skips a layer, though the signal did not.",
        "BP2@hidden",
        {"BP2": f"{RIGHT_BP2} + delta[l + 1]"},
        SQUARE,
    ),
    Wrong(
        "the inverse of the weights",
        "Going back is undoing.",
        "BP2@hidden",
        {"BP2": "delta[l] = (np.linalg.pinv(w[l + 1]) @ delta[l + 1]) * sigma[l].prime(z[l])"},
    ),
    Wrong(
        "the first neuron is skipped",
        "Indices start at 1.",
        "BP2@hidden",
        {"BP2": "delta[l] = (w[l + 1][1:].T @ delta[l + 1][1:]) * sigma[l].prime(z[l])"},
        LEAKY,
    ),
    # BP3.
    Wrong(
        "a loss scale that stays in the biases",
        "The scale of the loss is taken back for the weights alone.",
        "BP3@all",
        {"BP3": "nabla_b[l] = 1024 * delta[l].mean(axis=1, keepdims=True)"},
    ),
    Wrong(
        "decaying biases",
        "Weight decay is part of the gradient, for biases too.",
        "BP3@all",
        {"BP3": "nabla_b[l] = delta[l].mean(axis=1, keepdims=True) + 0.01 * b[l]"},
        TANH,
    ),
    Wrong(
        "sigma' in the bias",
        "The bias lies behind the activation function.",
        "BP3@all",
        {"BP3": "nabla_b[l] = (delta[l] * sigma[l].prime(z[l])).mean(axis=1, keepdims=True)"},
    ),
    Wrong(
        "averaged over the neurons",
        "The average is taken along the wrong axis.",
        "BP3@all",
        {"BP3": "nabla_b[l] = delta[l].mean(axis=0)[:, None]"},
        SQUARE,
    ),
    Wrong(
        "only the first example counts for one bias",
        "One layer takes the error of the first example.",
        "BP3@3",
        {"BP3": "nabla_b[l] = delta[l][:, [0]] if l == 3 else delta[l].mean(axis=1)[:, None]"},
        SOFTMAX,
    ),
    # BP4.
    Wrong(
        "a normalised gradient",
        "The gradient has length one.",
        "BP4@all",
        {"BP4": "nabla_w[l] = delta[l] @ a[l - 1].T / m\nnabla_w[l] /= np.linalg.norm(nabla_w[l])"},
    ),
    Wrong(
        "layers swapped in the list",
        "The list runs from the output to the input.",
        "BP4@2+4",
        {"BP4": "nabla_w[L + 2 - l] = delta[l] @ a[l - 1].T / m"},
        SQUARE,
    ),
    Wrong(
        "momentum",
        "What is returned is the step, not the gradient.",
        "purity, BP4@all",
        {
            "BP4": "memory[l] = 0.9 * memory.get(l, 0) + delta[l] @ a[l - 1].T / m\n"
            "nabla_w[l] = memory[l]"
        },
    ),
    Wrong(
        "the last example is lost",
        "A slice that ends one too early.",
        "BP4@all",
        {"BP4": "nabla_w[l] = delta[l][:, :-1] @ a[l - 1][:, :-1].T / m"},
    ),
    Wrong(
        "one example too few in the denominator",
        "The average of m examples divides by m - 1.",
        "BP4@all",
        {"BP4": "nabla_w[l] = delta[l] @ a[l - 1].T / (m - 1)"},
        SOFTMAX,
    ),
    Wrong(
        "divided by m twice",
        "The average was already taken.",
        "BP4@all",
        {"BP4": "nabla_w[l] = delta[l] @ a[l - 1].T / m**2"},
    ),
    Wrong(
        "a product of averages",
        "The average of products is the product of averages.",
        "BP4@all",
        {"BP4": "nabla_w[l] = delta[l].mean(axis=1)[:, None] * a[l - 1].mean(axis=1)"},
    ),
    Wrong(
        "weighted inputs for activations",
        "What a weight multiplies is the weighted input of the layer before.",
        "BP4@3+4",
        {"BP4": "nabla_w[l] = delta[l] @ z.get(l - 1, x).T / m"},
    ),
    Wrong(
        "sigma' in the weights",
        "The weights lie behind the activation function of the layer before.",
        "BP4@3+4",
        {
            "BP4": "slope = sigma[l - 1].prime(z[l - 1]) if l > 2 else 1\n"
            "nabla_w[l] = delta[l] @ (a[l - 1] * slope).T / m"
        },
    ),
    Wrong(
        "one weight, a thousandth off",
        "A single weight of a single layer has a wrong gradient.",
        "BP4@3",
        {
            "BP4": "nabla_w[l] = delta[l] @ a[l - 1].T / m\n"
            "nabla_w[l][1, 2] *= 1.001 if l == 3 else 1"
        },
    ),
    Wrong(
        "rounded to whole numbers",
        "The gradient is stored in an array of integers.",
        "BP4@all",
        {"BP4": "nabla_w[l] = (delta[l] @ a[l - 1].T / m).astype(int)"},
    ),
    # Right, whatever it looks like.
    Wrong(
        "a sign turned twice",
        "Nothing is wrong: target minus output, and minus once more.",
        "",
        {"BP1": "delta[L] = -(y - a[L]) * sigma[L].prime(z[L])"},
    ),
    Wrong(
        "a derivative through the activation",
        "Nothing is wrong: tanh' is 1 - a^2.",
        "",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * (1 - a[l] ** 2)"},
        TANH,
    ),
    Wrong(
        "the shift of softmax forgotten",
        "Nothing is wrong while no weighted input is large.",
        "",
        {"forward a": "e = np.exp(z[l])\na[l] = sigma[l](z[l]) if l < L else e / e.sum(axis=0)"},
        SOFTMAX,
    ),
    Wrong(
        "a linear output",
        "Nothing is wrong: the derivative of a linear output is 1.",
        "",
        {"BP1": "delta[L] = a[L] - y"},
        Setting(output=linear),
    ),
)
