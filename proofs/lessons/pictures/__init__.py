"""The pictures of the pages, each drawn from checked numbers."""

from proofs.lessons.pictures import checking, depth, figures

PICTURES = figures.PICTURES | depth.PICTURES | checking.PICTURES
"""Every picture by its name."""
