"""What a cell prints is shown as it was printed, however it was cut on its way from the kernel."""

from typing import Any

from myst_nb.core import render
from myst_nb.core.utils import coalesce_streams
from sphinx.application import Sphinx


def joined(outputs: list[Any]) -> list[Any]:
    """The outputs of a cell with each stream in one piece; myst-nb would end a line at every cut.

    Where a stream is cut is a matter of time, so that two builds could differ.
    """
    streams: dict[str, Any] = {}
    whole = []
    for output in outputs:
        if output["output_type"] == "stream":
            if output["name"] in streams:
                streams[output["name"]]["text"] += output["text"]
                continue
            streams[output["name"]] = output
        whole.append(output)
    merged: list[Any] = coalesce_streams(whole)
    return merged


def setup(app: Sphinx) -> dict[str, Any]:
    render.coalesce_streams = joined
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
