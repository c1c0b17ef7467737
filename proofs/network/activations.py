"""Activations: a = sigma(z), and how a moves when z does.

Every function takes weighted inputs z of shape (n, m), one example a column.
Each is written so that it neither overflows at z = 1000 or -1000 nor branches on an imaginary part:
the numeric witness runs the same code with z + ih.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from proofs.network.arrays import Array, OfParts


@dataclass(frozen=True, eq=False)
class Activation(OfParts):
    """An activation function and its derivative.

    An activation is *local* when a_k depends on z_k alone.
    Then its Jacobian is diagonal, and `slope` computes that diagonal, sigma'(z).
    Otherwise `full` computes the whole Jacobian.
    """

    name: str
    value: Callable[[Array], Array]
    slope: Callable[[Array], Array] | None = None
    full: Callable[[Array], Array] | None = None
    cancels: Callable[[Array], Array] | None = None
    """The size of what cancels in sigma', as 1 in 1 - exp(-a), or on the diagonal of `full`."""
    range: tuple[float, float] = (-np.inf, np.inf)
    """The open interval in which every activation a of a real z lies."""
    smooth: bool = True
    """False where a kink leaves the derivative to convention."""
    kinks: tuple[float, ...] = (0.0,)
    """The z at which the slope jumps, unless it is smooth."""

    def __call__(self, z: Array) -> Array:
        """a = sigma(z), of the shape of z (n, m). Equation (25)."""
        return self.value(z)

    @property
    def local(self) -> bool:
        """True when a_k depends on z_k alone: the hypothesis of (38)."""
        return self.slope is not None

    def prime(self, z: Array) -> Array:
        """sigma'(z), of the shape of z (n, m). Raises TypeError if the activation is not local."""
        if self.slope is None:
            raise TypeError(
                f"sigma': expected a local activation, got {self.name}, whose a_k depend on every "
                "z_j; use its jacobian"
            )
        return self.slope(z)

    def from_kink(self, z: Array) -> Array:
        """How far each z is from the kink that is nearest, of the shape of z (n, m)."""
        return z - self.nearest_kink(z)

    def nearest_kink(self, z: Array) -> Array:
        """The kink that is nearest to each z."""
        kinks = np.array(self.kinks)
        if len(kinks) == 1:
            return np.full_like(z, kinks[0])
        return kinks[abs(z[..., None] - kinks).argmin(axis=-1)]

    def jacobian(self, z: Array) -> Array:
        """J[k, j, x] = da_k/dz_j of example x, shape (n, n, m); diagonal for a local activation."""
        if self.full is not None:
            return self.full(z)
        return np.eye(len(z))[:, :, None] * self.prime(z)[:, None, :]

    def __repr__(self) -> str:
        return self.name


FAR = 80.0
"""So far exp does not overflow, in single precision either."""


def _decay(z: Array) -> Array:
    """exp(-|z|), which cannot overflow; the sign is read off the real part."""
    return np.exp(np.where(z.real > 0, -z, z))


def _sigmoid(z: Array) -> Array:
    if np.all(z.real > -FAR):  # mostly, and to choose for each number takes longer than exp
        return 1 / (1 + np.exp(-z))
    e = _decay(z)
    return np.where(z.real > 0, 1.0, e) / (1 + e)


def _sigmoid_prime(z: Array) -> Array:
    # sigma (1 - sigma) would be exactly 0 from z = 37 on; this form is not.
    e = _decay(z)
    return e / (1 + e) ** 2


def _tanh_prime(z: Array) -> Array:
    return 4 * _sigmoid_prime(2 * z)


def _softplus(z: Array) -> Array:
    return np.where(z.real > 0, z, 0) + _log1p(_decay(z))


def _log1p(e: Array) -> Array:
    """ln(1 + e); NumPy's own loses the digits of a small complex e."""
    if not np.iscomplexobj(e) or hasattr(e, "whole"):  # a push has a rule of its own
        return np.log1p(e)
    x, y = e.real, e.imag
    return np.log1p(x * (2 + x) + y * y) / 2 + 1j * np.arctan2(y, 1 + x)


def _softmax(z: Array) -> Array:
    # Softmax does not notice a shift of all z, so the largest exponent may be 0.
    e = np.exp(z - z.real.max(axis=0))
    return e / e.sum(axis=0)


def _softmax_jacobian(z: Array) -> Array:
    a = _softmax(z)
    return a[:, None] * (np.eye(len(a))[:, :, None] - a[None, :])


def leaky(slope: float) -> Activation:
    """The leaky rectifier with this slope below 0, such as 0.2; `leaky_relu` has 0.01."""
    return _rectifier(f"leaky_relu:{slope:g}", slope)


def _rectifier(name: str, slope: float) -> Activation:
    return Activation(
        name,
        value=lambda z: np.where(z.real > 0, z, slope * z),
        slope=lambda z: np.where(z.real > 0, 1.0, slope),
        smooth=False,
    )


sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_prime, range=(0, 1))
tanh = Activation("tanh", np.tanh, _tanh_prime, range=(-1, 1))
relu = _rectifier("relu", slope=0.0)
leaky_relu = _rectifier("leaky_relu", slope=0.01)
linear = Activation("linear", lambda z: z, np.ones_like)
softplus = Activation("softplus", _softplus, _sigmoid, cancels=np.ones_like, range=(0, np.inf))
softmax = Activation("softmax", _softmax, full=_softmax_jacobian, cancels=_softmax, range=(0, 1))

ACTIVATIONS = {f.name: f for f in (sigmoid, tanh, relu, leaky_relu, linear, softplus, softmax)}
