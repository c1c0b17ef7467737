"""What dense layers and separate examples cannot say: a pass that holds it is refused, not judged.

Dropout's mask, a normalisation, one matrix in two places: right and wrong look alike here, for
`check_backprop` knows neither the mask nor what is shared. So neither is it accepted, nor blamed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, product

import numpy as np

from proofs.checker.calling.observe import Call, Observation
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.gradients_alone import Findings, activations
from proofs.checker.judging.numbers import Numbers, numbers
from proofs.checker.judging.residuals import NEARLY, Residual, bp4, close, forward
from proofs.network import Network
from proofs.network.arrays import Array

INSTEAD = (
    "check_backprop has no such layer and judges nothing here; check_layer judges it by itself, "
    "check_model a whole training step; read: what-cannot-be-said"
)

FEW = 8
"""So many examples are asked one by one for the activations that they went by."""

GUARDS = (0.0, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
"""What people add to a variance, or to its root, so that it is not 0."""

SPREADS = tuple(product(GUARDS, (0, 1), (0, 1)))
"""Each of them, under the root or behind it, the variance being of all numbers or of one less."""

LARGE = 2.5e4
"""So many numbers make an array large."""

LEAST_APART = 1e-2
"""By this part of the largest number two numbers differ clearly."""

NORMS = (("batch", 1, True), ("layer", 0, True), ("RMS", 0, False))
"""A normalisation, the axis that it runs along, and whether the mean is taken off."""


def mixing(network: Network) -> str:
    """Which activation lets one example move another, as batch normalisation does; "" if none."""
    for l, sigma in network.sigma.items():
        z = np.cos(np.arange(3.0 * network.sizes[l - 1])).reshape(-1, 3)
        other = z.copy()
        other[:, 0] += 1
        with np.errstate(all="ignore"):
            # z - z.max() takes the same number off all of them, which moves roundings alone.
            if not np.allclose(sigma(z)[:, 1:], sigma(other)[:, 1:], 1e-9, 0, equal_nan=True):
                return f"{sigma} at layer {l} mixes the examples of a batch: {INSTEAD}"
    return ""


def beyond(
    found: Sequence[Findings], call: Call, network: Network, x: Array, y: Array, first: Observation
) -> str:
    """Which layer of another kind a pass that does not hold seems to have; "" if none shows."""
    wrong = [(r, f.numbers) for f in found for r in f.residuals if r.equation.startswith("forward")]
    if "a" not in first.numbers:
        wrong += list(inferred(call, network, x, y))
    wrong = [(r, n) for r, n in wrong if r.came.shape == r.expected.shape]
    kinds = (
        _mask(wrong),
        _norm(wrong),
        _alone(found, first),
        _reused(wrong),
        _summed(first, network, x, y),
    )
    said = next(filter(None, kinds), "")
    return f"{said}: {INSTEAD}" if said else ""


def tied(network: Network) -> Iterator[tuple[int, int, bool]]:
    """Layers that have one matrix, and whether one of them has it transposed."""
    for k, l in combinations(network.layers, 2):
        turned = np.array_equal(network.w[k], network.w[l].T)
        one = turned or np.array_equal(network.w[k], network.w[l])
        # Zeros, ones and unit matrices say nothing.
        if one and np.unique(abs(network.w[k])).size > 3:
            yield k, l, turned


def shared(network: Network) -> str:
    """What is to be said of a pass that holds, where the weights of two layers are one matrix."""
    for k, l, turned in tied(network):
        return (
            f"w of layers {k} and {l} is one matrix{', transposed' if turned else ''}, and each "
            "layer got a gradient of its own: right for two matrices, wrong for one that is "
            f"shared, whose gradient is their sum. Which it is cannot be known; {INSTEAD}"
        )
    return ""


def inferred(
    call: Call, network: Network, x: Array, y: Array
) -> Iterator[tuple[Residual, Numbers]]:
    """The forward pass of single examples, from the activations that their nabla_w holds."""
    for i in range(min(FEW, x.shape[1])):
        seen = call(x[:, [i]], y[:, [i]])
        if seen.problem:
            return
        n = Inputs(network, x[:, [i]], y[:, [i]]).of(seen, seen.numbers)
        n = numbers(network, n.a[1], n.y, {"a": activations(n), "nabla_b": n.nabla_b}, n.eps)
        yield from ((r, replace(n, delta=n.nabla_b)) for r in forward(n))


def _mask(wrong: Sequence[tuple[Residual, Numbers]]) -> str:
    """a is sigma(z), but for some that are 0 and the others, all by one factor."""
    came, expected, sent = [np.zeros(0)], [np.zeros(0)], [np.zeros(0)]
    layers = set()
    for r, n in wrong:
        if r.equation == "forward a" and r.layer < n.network.L and not r.holds:
            layers.add(r.layer)
            came.append(r.came.ravel())
            expected.append(r.expected.ravel())
            delta = n.delta.get(r.layer, np.ones_like(r.came))
            sent.append(np.broadcast_to(delta, r.came.shape).ravel())
    a, right, delta = map(np.concatenate, (came, expected, sent))
    dropped = (a == 0) & (right != 0)
    kept = a[a != 0] / right[a != 0]
    if not dropped.any() or not kept.size or not np.allclose(kept, kept[0], rtol=NEARLY):
        return ""
    # With a factor it can be nothing else; without, the way back must have the mask too.
    if kept[0] <= 1 + NEARLY and delta[dropped].any():
        return ""
    where = ", ".join(map(str, sorted(layers)))
    return f"a of layer {where} is sigma(z) times 0 or {kept[0]:.4g}, as dropout's mask makes it"


def _norm(wrong: Sequence[tuple[Residual, Numbers]]) -> str:
    """z or a is what a normalisation makes of the right one."""
    for r, n in wrong:
        if r.holds or not r.came.any():
            continue
        # Small arrays are divided by all spreads at once, large ones by one after the other.
        together = [SPREADS] if r.came.size < LARGE else [(spread,) for spread in SPREADS]
        for (name, axis, centred), spreads in product(NORMS, together):
            if _several(r.came, axis):
                made = _normalised(r, n, partial(_by, axis, centred, spreads))
                if any(_one_is_same(r, n, likes) for likes in made):
                    return f"{r.equation} at layer {r.layer} is as {name} normalisation makes it"
    return ""


def _several(came: Array, axis: int) -> bool:
    """Whether three different numbers stand along an axis: two are 1 and -1 however normalised.

    So a saturated layer looks as if it were.
    """
    apart = np.diff(np.sort(came, axis=axis), axis=axis)
    return bool(((apart > LEAST_APART * abs(came).max()).sum(axis=axis) > 1).any())


def _one_is_same(r: Residual, n: Numbers, likes: Array) -> bool:
    """Whether an array, or one of several that stand beside each other, is what came."""
    off = abs(r.came[:, None] - likes.reshape(len(likes), -1, r.came.shape[1])).max(axis=(0, 2))
    near = (off <= close(n.eps) * abs(r.came).max()).any()
    return bool(near and np.isfinite(r.came).all())


def _normalised(r: Residual, n: Numbers, norm: Callable[[Array], Array]) -> Iterator[Array]:
    """z^l or a^l with the normalisation before or behind the biases, or behind sigma."""
    l = r.layer
    sigma, w, b, a = n.network.sigma[l], n.network.w[l], n.network.b[l], n.a[l - 1]
    before = (norm(w @ a + b), norm(w @ a) + b)
    if r.equation == "forward z":
        yield from before
    else:
        yield from (sigma(norm(n.z[l])), norm(sigma(n.z[l])), sigma(before[1]))


def _by(axis: int, centred: bool, spreads: Sequence[tuple[float, int, int]], v: Array) -> Array:
    """v by its spread: guarded under the root or behind it, of as many numbers or one less.

    What each of them makes of v (n, m) stands beside the others, (n, spreads * m).
    """
    guard, behind, less = np.array(spreads).T[:, :, None]
    off = v - v.mean(axis=axis, keepdims=True) if centred else v
    square = (off * off).sum(axis=axis, keepdims=True)[:, None] / (v.shape[axis] - less)
    with np.errstate(all="ignore"):
        made = off[:, None] / (np.sqrt(square + (1 - behind) * guard) + behind * guard)
    return made.reshape(len(v), -1)


def _alone(found: Sequence[Findings], first: Observation) -> str:
    """The error of a hidden layer is 0 in every example alone, and not in the batch of them."""
    singles = [f.numbers for f in found if f.numbers.m == 1]
    if len(singles) > 1:
        arrives = all(n.nabla_b.get(n.network.L, np.zeros(1)).any() for n in singles)
        for l in list(singles[0].network.layers)[:-1] if arrives else ():
            batch = first.numbers.get("nabla_b", {}).get(l)
            none = all(l in n.nabla_b and not n.nabla_b[l].any() for n in singles)
            if none and batch is not None and abs(batch).max() > 0:
                return (
                    f"the error of layer {l} is 0 in each example alone and not in the batch: its "
                    "examples depend on each other, as in batch normalisation"
                )
    return ""


def _reused(wrong: Sequence[tuple[Residual, Numbers]]) -> str:
    """z is made with the weights of another layer, transposed, as a tied autoencoder does."""
    for r, n in wrong:
        if r.equation == "forward z" and not r.holds:
            shape = n.network.w[r.layer].shape
            others = [k for k, w in n.network.w.items() if k != r.layer and w.T.shape == shape]
            for k in others:
                if _one_is_same(r, n, n.network.w[k].T @ n.a[r.layer - 1] + n.network.b[r.layer]):
                    return f"layer {r.layer} uses w of layer {k}, transposed: tied weights"
    return ""


def _summed(first: Observation, network: Network, x: Array, y: Array) -> str:
    """Where layers have one matrix: its gradient is the sum over all of them."""
    came = first.numbers.get("nabla_w", {})
    pairs = [(k, l, turned) for k, l, turned in tied(network) if k in came and l in came]
    if not pairs:
        return ""
    ours = Inputs(network, x, y).gradients(first)
    own = {l: bp4(ours, l).expected for l in came}
    k = pairs[0][0]
    turned = {k: False} | {l: t for one, l, t in pairs if one == k}
    total = np.sum([own[l].T if t else own[l] for l, t in turned.items()], axis=0)
    if all(_multiple(came[l].T if t else came[l], total) for l, t in turned.items()):
        where = ", ".join(map(str, turned))
        return f"nabla_w of layers {where} is the sum over them, as for one matrix that they share"
    return ""


def _multiple(came: Array, total: Array) -> bool:
    c = (came * total).sum() / (total * total).sum()
    return bool(abs(came - c * total).max() <= NEARLY * abs(total).max())
