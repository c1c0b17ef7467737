"""The pictures of the pages, each drawn from checked numbers."""

from functools import cache

from proofs.lessons.pictures import (
    checking,
    curves,
    depth,
    figures,
    flows,
    layers,
    others,
    small,
)

PICTURES = {
    name: cache(draw)
    for module in (figures, small, flows, curves, depth, checking, others, layers)
    for name, draw in module.PICTURES.items()
}
"""Every picture by its name; each is drawn once, though notebooks and scripts have it too."""
