"""The address of `proofs.network.activations` that people's own tests import."""

from proofs.network.activations import *  # noqa: F403 - an address, no more
