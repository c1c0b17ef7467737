"""What an adapted object returns, against the four equations; and what a report says of it."""

import numpy as np

from proofs.checker.check_backprop import check_backprop
from proofs.measuring.cases import Case
from proofs.network.equations import backprop


def case_of(network, m=6, seed=0):
    """The network with Gaussian inputs, and targets that are a distribution."""
    random = np.random.default_rng(seed)
    x = random.standard_normal((network.sizes[0], m))
    return Case(network, x, random.dirichlet(np.ones(network.sizes[-1]), m).T)


def assert_agrees(subject, case, dtype):
    """All that it returns is right, to the precision that it computes in."""
    network = case.network
    found = subject(network.weights, network.biases, case.x, case.y)
    if not isinstance(found, dict):
        found = dict(zip(("nabla_b", "nabla_w"), found, strict=True))
    true, forward = backprop(network, case.x, case.y), network.forward(case.x)
    right = {**true._asdict(), **forward._asdict()}
    assert set(found) <= set(right)
    for name, arrays in found.items():
        for l, array in zip(network.layers, arrays, strict=True):
            assert array.dtype == dtype
            assert array.shape == right[name][l].shape, (name, l)
            allowed = 1000 * np.finfo(dtype).eps * max(1, abs(right[name][l]).max())
            assert abs(array - right[name][l]).max() < allowed, (name, l)
    return set(found)


def broken(subject):
    """The equations that a report says are broken, on the subject's own network."""
    case = case_of(subject.network)
    report = check_backprop(subject, case.network, case.x, case.y)
    assert not report.problems
    return [violation.place for violation in report.violations]
