"""Wrong: a loop is indented too far, so the first layer of weights is never updated.

Read in its update_weights.
"""

from importlib import import_module

from bp_xor import forward_propagate, initialize_network

from proofs.adapters import from_model

subject = from_model(
    initialize_network(4, 5, 3),
    lambda net, x, y, theirs=import_module("bp-simple"): [
        forward_propagate(net, [*x, None]),
        theirs.backward_propagate_error(net, y),
        theirs.update_weights(net, [*x, None], 1),
    ],
    each=True, folded=-1, rate=1,
)  # fmt: skip
