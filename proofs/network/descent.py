"""Plain gradient descent on mini-batches, with the gradients of backprop."""

import numpy as np

from proofs.network import Network
from proofs.network.arrays import whole_number
from proofs.network.equations import backprop


def descend(
    network: Network, x: object, y: object, rate: float, epochs: int, batch: int, seed: int = 0
) -> Network:
    """A network trained from `network` on inputs x (n_1, m) and targets y (n_L, m).

    Each epoch goes once through the examples in an order drawn with `seed`; after each mini-batch
    of `batch` examples every w and b takes a step of -rate times its gradient.
    Raises ValueError or TypeError when x and y do not fit the network, or when rate, epochs or
    batch would train nothing.
    """
    x, y = network.batch(x, y)
    epochs, batch = whole_number("epochs", epochs, 0), whole_number("batch", batch, 1)
    if not np.isfinite(rate):
        raise ValueError(f"rate: expected a finite number, got {rate}")
    random = np.random.default_rng(seed)
    for _ in range(epochs):
        order = random.permutation(x.shape[1])
        for start in range(0, len(order), batch):
            some = order[start : start + batch]
            gradients = backprop(network, x[:, some], y[:, some])
            network = network.with_arrays(
                [network.w[l] - rate * gradients.nabla_w[l] for l in network.layers],
                [network.b[l] - rate * gradients.nabla_b[l] for l in network.layers],
            )
    return network
