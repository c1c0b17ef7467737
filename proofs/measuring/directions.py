"""A claimed gradient, tested in random directions, for networks too large to push every number.

Along a direction D of one block, say all of w^l, the cost changes by the sum of G_jk D_jk if G is
its gradient. That number is measured by one forward pass from w^l + ih D (`measuring.one_number`
says why by ih) and compared with the sum over the claimed G. D is a column times a row, both
Gaussian: so the pass reads w^l once, the sum reads G once, and a wrong entry hides only from few
directions.
No chain rule and none of the four equations occurs in this file.
It runs where the arrays live, by `proofs.measuring.frameworks`: only a few sums are brought here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import erf, sqrt
from typing import Any

import numpy as np

from proofs.measuring.frameworks import Home, brought, dtype_of
from proofs.measuring.one_pass import MEMORY, Block, Carried, Pass
from proofs.network import Network
from proofs.network.arrays import as_list, whole_number
from proofs.network.costs import Cost

SPREAD = 8
"""How many standard deviations of the rounding error are still rounding."""

MANY = 256
"""From this many examples on, the rounding of their sum alone is mostly tolerance enough."""

SHOWN = 1e-6
"""The error of an entry, as a part of the norm of its block, of which a table states the odds."""


@dataclass(frozen=True)
class Probe:
    """One block, claimed and measured: the change of the average cost along each direction.

    `letter` and `layer` name the block; all blocks at once are "all", layer 0.
    """

    letter: str
    layer: int
    claimed: tuple[float, ...]
    measured: tuple[float, ...]
    tolerance: float

    @property
    def residual(self) -> float:
        """The largest distance between claimed and measured; infinite if one is not finite."""
        away = np.subtract(self.claimed, self.measured)
        return float(abs(away).max()) if np.isfinite(away).all() else np.inf

    @property
    def holds(self) -> bool:
        """Whether no direction shows more than rounding."""
        return self.residual <= self.tolerance

    @property
    def norm(self) -> float:
        """An estimate of the norm of the block's gradient, from changes along directions."""
        return sqrt(np.mean(np.square(self.measured)))

    def missed(self, e: float) -> float:
        """The probability that one entry of the block, wrong by e, went unnoticed."""
        if e == 0:
            return 1.0
        t = self.tolerance / abs(e)
        one = missed_by_a_product(t) if self.letter in ("w", "all") else erf(t / sqrt(2))
        return one ** len(self.claimed)


@dataclass(frozen=True)
class Probing:
    """The blocks of a network in random directions."""

    probes: tuple[Probe, ...]
    kinks: int = 0
    """How many weighted inputs lie so near a kink that rounding decides on which side."""

    @property
    def holds(self) -> bool:
        """Whether every block does."""
        return all(probe.holds for probe in self.probes)

    @property
    def flagged(self) -> tuple[Probe, ...]:
        """The blocks that do not hold."""
        return tuple(probe for probe in self.probes if not probe.holds)

    def __str__(self) -> str:
        rows = [
            f"{p.letter:>3} {p.layer:>5}  {p.residual:>9.1e}  {p.tolerance:>9.1e}  "
            f"{p.missed(SHOWN * p.norm):>7.0e}  " + ("holds" if p.holds else "WRONG")
            for p in self.probes
        ]
        remark = f"missed: how probably an entry off by {SHOWN:.0e} of its block's norm went unseen"
        return "\n".join(["    layer   residual  tolerance   missed", *rows, remark])


def missed_by_a_product(t: float) -> float:
    """How probable it is that a product of two Gaussian numbers is no larger than t.

    For small t that is near (2 t / pi) (1.12 - ln t).
    """
    # The density of |uv| is (2/pi) K_0, and K_0(s) the integral of exp(-s cosh r) over r > 0.
    # That is even, and has no singularity nearby: steps of 0.1 are exact.
    return float(2 / np.pi * np.trapezoid(-np.expm1(-t * _COSH) / _COSH, dx=0.1))


_COSH = np.cosh(np.linspace(0, 60, 601))


def check(
    network: Network, x: object, y: object, nabla_b: Any, nabla_w: Any, **options: Any
) -> Probing:
    """`directional` for a network, with gradients as lists or keyed by layer."""
    x, y = network.batch(x, y)
    if isinstance(nabla_b, dict):
        nabla_b, nabla_w = ([g[l] for l in network.layers] for g in (nabla_b, nabla_w))
    sigma, cost = list(network.sigma.values()), network.cost
    return directional(
        network.weights, network.biases, sigma, cost, x, y, nabla_b, nabla_w, **options
    )


def directional(
    weights: Sequence[Any],
    biases: Sequence[Any],
    activations: Sequence[Callable[[Any], Any]],
    cost: Cost | Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    nabla_b: Sequence[Any],
    nabla_w: Sequence[Any],
    *,
    delta: Sequence[Any] | None = None,
    directions: int = 2,
    together: bool = False,
    seed: int = 0,
    memory: int = MEMORY,
) -> Probing:
    """Whether nabla_b and nabla_w are the gradients of the average cost, and delta of each C_x.

    Lists run from layer 2 to L: weights and nabla_w of shapes (n_l, n_{l-1}), biases and nabla_b
    (n_l, 1), delta (n_l, m); x is (n_1, m), y (n_L, m).
    All are arrays of one framework that follows the array API standard, or PyTorch's, in float32
    or float64. Activations and cost are those of `proofs`, or functions of the framework that take
    complex arrays: z to a, both (n_l, k), and a and y to C_x, of shape (k,).
    Each block is tested in that many directions, or, `together`, all blocks in the same ones, which
    costs less and does not say where. Draws follow the seed.
    `memory` bounds the bytes that a forward pass takes at one time, as far as one example does.
    Raises ValueError or TypeError when shapes or types do not fit.
    """
    q = whole_number("directions", directions, 1)
    lists = {"weights": weights, "biases": biases, "nabla_b": nabla_b, "nabla_w": nabla_w}
    lists |= {} if delta is None else {"delta": delta}
    given = {name: as_list(name, arrays, "a list of arrays") for name, arrays in lists.items()}
    _check_shapes(given, activations, x, y)
    names = [dtype_of(name, array) for name, arrays in given.items() for array in arrays]
    home = Home(weights[0])
    here = {name: [home.take(name, a) for a in arrays] for name, arrays in given.items()}
    random = np.random.default_rng(seed)
    blocks, claims = zip(*(_drawn(home, random, *p, q) for p in _places(here)), strict=True)
    by_layer = [[block for block in blocks if block.layer == l] for l in range(2, len(weights) + 2)]
    x, y, eps = home.take("x", x), home.take("y", y), max(float(np.finfo(n).eps) for n in names)

    def probing(sampled: bool) -> Probing:
        layers = list(zip(here["weights"], here["biases"], activations, strict=True))
        passes = Pass(home, random, eps, together, memory, layers, cost)
        found = passes.run(x, y, by_layer, sampled)
        return Probing(tuple(_probes(blocks, claims, found, together)), passes.kinks)

    # Samples of every example are four times the work, and only ever allow more.
    if x.shape[1] >= MANY and (found := probing(sampled=False)).holds:
        return found
    return probing(sampled=True)


def _probes(
    blocks: Sequence[Block], claims: Sequence[list[float]], found: Carried, together: bool
) -> Iterator[Probe]:
    """What is claimed of every block, or of all together, beside what was measured."""
    if together:
        yield _probe("all", 0, found, np.sum(claims, axis=0))
        return
    q = len(claims[0])
    for i, (block, claim) in enumerate(zip(blocks, claims, strict=True)):
        yield _probe(block.letter, block.layer, found.rows(slice(q * i, q * i + q)), claim)


def _probe(letter: str, l: int, found: Carried, claimed: Sequence[float]) -> Probe:
    """What is claimed of a block beside what was measured."""
    measured = tuple(found.measured.tolist())
    return Probe(letter, l, tuple(claimed), measured, SPREAD * found.deviation)


def bp4(a: Any, delta: Any, nabla_w: Any, *, directions: int = 2, seed: int = 0) -> Probe:
    """Whether nabla_w is the average of delta_j a_k, equation (BP4), without computing all of it.

    a is (n_{l-1}, m), delta (n_l, m), nabla_w (n_l, n_{l-1}), of one framework: in a direction u v
    the average of (u delta)(v a) over the examples is compared with u nabla_w v.
    Raises ValueError or TypeError when shapes or types do not fit.
    """
    q = whole_number("directions", directions, 1)
    k, m = _shape("a", a, (None, None))
    n, _ = _shape("delta", delta, (None, m))
    _shape("nabla_w", nabla_w, (n, k))
    types = [dtype_of(name, g) for name, g in (("a", a), ("delta", delta), ("nabla_w", nabla_w))]
    home = Home(nabla_w)
    block, claimed = _drawn(
        home, np.random.default_rng(seed), "w", 0, home.take("nabla_w", nabla_w), q
    )
    u, v, a, delta = (
        block.u[:, :, None],
        block.v,
        home.take("a", a),
        home.take("delta", delta)[:, None],
    )
    measured = np.array(brought(((u * delta).sum(axis=0) * (v @ a)).mean(axis=1)))
    terms = np.array(brought((((u * delta) ** 2).sum(axis=0) * (v**2 @ a**2)).sum(axis=1)))
    # Each entry is a sum over m examples, and n + k of them are added up here.
    squares = terms * (1 / 3 + (1 + n + k) / (2 * m)) + (n + k) / 3 * measured**2
    off = max(float(np.finfo(name).eps) for name in types) / 2 * sqrt(squares.mean())
    return Probe("w", 0, tuple(claimed), tuple(measured.tolist()), SPREAD * off)


def _check_shapes(given: dict[str, list[Any]], activations: Sequence[Any], x: Any, y: Any) -> None:
    """Raises ValueError, naming the first array that does not fit."""
    layers = len(given["weights"])
    for name, arrays in (
        ("weights", given["weights"]),
        ("activations", activations),
        *given.items(),
    ):
        if not arrays or len(arrays) != layers:
            raise ValueError(
                f"{name}: expected one for each of the layers 2..{layers + 1}, got {len(arrays)}"
            )
    before, m = _shape("x", x, (None, None))
    for i, l in enumerate(range(2, layers + 2)):
        n, _ = _shape(f"weights of layer {l}", given["weights"][i], (None, before))
        _shape(f"biases of layer {l}", given["biases"][i], (n, 1))
        _shape(f"nabla_b of layer {l}", given["nabla_b"][i], (n, 1))
        _shape(f"nabla_w of layer {l}", given["nabla_w"][i], (n, before))
        if "delta" in given:
            _shape(f"delta of layer {l}", given["delta"][i], (n, m))
        before = n
    _shape("y", y, (before, m))


def _shape(name: str, array: Any, wanted: tuple[int | None, int | None]) -> tuple[int, int]:
    """The shape of an array; raises ValueError if it is not the one wanted, None for any size."""
    shape = tuple(array.shape)
    if len(shape) != 2 or any(w not in (None, n) for w, n in zip(wanted, shape, strict=True)):
        text = ", ".join("n" if n is None else str(n) for n in wanted)
        raise ValueError(f"{name}: expected shape ({text}), got {shape}")
    return shape[0], shape[1]


def _places(here: dict[str, list[Any]]) -> Iterator[tuple[str, int, Any]]:
    """Each block, by letter and layer, with what is claimed of it, as a forward pass meets them."""
    for i in range(len(here["weights"])):
        for letter, name in (("w", "nabla_w"), ("b", "nabla_b"), ("z", "delta")):
            if name in here:
                yield letter, i + 2, here[name][i]


def _drawn(
    home: Home, random: np.random.Generator, letter: str, l: int, claim: Any, q: int
) -> tuple[Block, list[float]]:
    """A block in random directions, and what the claimed gradient says of each."""
    n, k = claim.shape
    u = home.put(random.standard_normal((n, q, k) if letter == "z" else (n, q)))
    if letter == "w":
        v = random.standard_normal((q, k))
        return Block(letter, l, u, home.put(v)), brought((u * (claim @ home.put(v.T))).sum(axis=0))
    if letter == "b":
        return Block(letter, l, u, None), brought((u * claim).sum(axis=0))
    return Block(letter, l, u, None), brought((u * claim[:, None]).sum(axis=0).mean(axis=1))
