"""The address of `proofs.network.costs` that people's own tests import."""

from proofs.network.costs import *  # noqa: F403 - an address, no more
