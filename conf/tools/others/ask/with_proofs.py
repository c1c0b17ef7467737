"""This project's own checker, asked what the others are asked, as far as it is a question for it."""

import numpy as np
from asking import tell
from passes import said, word

from proofs import Network, backprop, check_backprop
from proofs.measuring.cases import Case
from proofs.mistakes.catalogue import RECTANGULAR, WILD
from proofs.network.activations import relu, sigmoid

HOW = "check_backprop(backward, network, x, y)"


def ours(weights, biases, x, y, network):
    """The right backward pass, for these weights and biases."""
    activations = list(network.sigma.values())
    here = Network.from_arrays(weights, biases, activations, network.cost)
    found = backprop(here, x, y)
    layers = here.layers
    return [found.nabla_b[l] for l in layers], [found.nabla_w[l] for l in layers]


def objection(case, change=lambda nabla_b, nabla_w: None):
    """What the checker says about the right pass after a change to what it returns."""

    def backward(weights, biases, x, y):
        nabla_b, nabla_w = ours(weights, biases, x, y, case.network)
        changed = change(nabla_b, nabla_w)
        return changed or (nabla_b, nabla_w)

    found = check_backprop(backward, case.network, case.x, case.y)
    return "" if found.holds else str(found)


def smallest(case):
    """The smallest power of ten by which every entry may be too large and it is noticed."""
    noticed = "none"
    for power in range(1, 16):
        error = 1 + 10.0**-power

        def larger(nabla_b, nabla_w, error=error):
            return [v * error for v in nabla_b], [v * error for v in nabla_w]

        if not objection(case, larger):
            break
        noticed = 10.0**-power
    return noticed


def single(nabla_b, nabla_w):
    """The same numbers, in single precision."""
    return [v.astype(np.float32) for v in nabla_b], [v.astype(np.float32) for v in nabla_w]


def one_off(nabla_b, nabla_w):
    """One of the weights' 10,000 numbers 10 % too large."""
    wrong = [v.copy() for v in nabla_w]
    wrong[0][3, 7] *= 1.1
    return nabla_b, wrong


def at_kink():
    """A network with a relu neuron whose weighted input is exactly 0, where its slope is 0."""
    drawn = Network([2, 2, 1], [relu, sigmoid])
    w, b = ([np.array(v) for v in values] for values in (drawn.weights, drawn.biases))
    w[0][0], b[0][0] = 0, 0
    network = Network.from_arrays(w, b, [relu, sigmoid], drawn.cost)
    return Case(network, np.ones((2, 1)), np.ones((1, 1)))


def large():
    """A network whose first layer has 10,000 weights."""
    random = np.random.default_rng(0)
    return Case(Network([100, 100, 10]), random.random((100, 1)), np.eye(10)[:, :1])


def zoo():
    """What the checker objects to each wrong pass of the catalogue."""
    found = {}
    for wrong in WILD:
        case = wrong.setting.case()
        report = check_backprop(wrong.backprop(), case.network, case.x, case.y)
        found[wrong.name] = "" if report.holds else str(report.found[0])
    return found


if __name__ == "__main__":
    case = RECTANGULAR.case()
    tell("the smallest relative error of every entry that it notices", smallest(case), HOW)
    tell("a right gradient", word(objection(case)), HOW)
    tell("a right gradient, float32", word(objection(case, single)), HOW)
    tell("relu at 0 with slope 0, a right gradient", word(objection(at_kink())), HOW)
    seen = sum(bool(objection(large(), one_off)) for _ in range(5))
    tell("one of 10,000 entries 10 % too large, noticed in 5 draws", seen, HOW)
    objections = zoo()
    accepted = [name for name, told in objections.items() if not told]
    tell("wrong passes accepted", len(accepted), HOW)
    tell("wrong passes accepted, by name", ", ".join(accepted) or "none", HOW)
    tell("what it says about pass 02, which breaks BP1", said(objections["02"]), HOW)
