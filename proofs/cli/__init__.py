"""The command `python -m proofs`."""
