"""The chapter in the book's order: a network, its activations and costs, the four equations."""

from proofs.network.network import Forward, Network

__all__ = ["Forward", "Network"]
