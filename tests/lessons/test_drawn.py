"""What is on every picture, written down: its words, and its strokes and areas by their colours.

`pytest --accept` writes drawn.txt anew; look at the pictures its diff is about.
"""

import re
from itertools import groupby
from xml.etree import ElementTree

import pytest
from test_figures import DRAWN, PICTURES

OF_ROUNDING = {"step_sizes"}
"""What shows rounding, another on another machine: here only the kinds are written down."""


def written(name: str) -> str:
    """The words for a picture, and all that is on it in the order of drawing."""
    picture = PICTURES[name]()
    shapes = groupby(ElementTree.fromstring(picture.svg), kind)
    lines = [f"    {picture.alt}", *(line(k, list(of)) for k, of in shapes)]
    if name in OF_ROUNDING:
        lines = [re.sub(r": \(.*|\b(?:0|\d\S*e[-+]\d+)\b", "…", text) for text in lines]
    return "\n".join([name, *lines])


def kind(shape: ElementTree.Element) -> str:
    """How it looks; every text is one of its own."""
    style = dict(part.split(": ", 1) for part in shape.attrib["style"].split("; "))
    if shape.tag.endswith("text"):
        size = [style[key] for key in ("font", "font-size", "font-weight", "fill") if key in style]
        return " ".join(["".join(shape.itertext()), *size])
    pen = {key: colour(style.get(key, "")) for key in ("fill", "stroke")}
    return ", ".join(f"{key} {value}" for key, value in pen.items() if value not in ("", "none"))


def colour(value: str) -> str:
    """A colour by its name on the page."""
    found = re.search(r"--proofs-([\w-]+)", value)
    return found[1] if found else value


def line(kind: str, shapes: list[ElementTree.Element]) -> str:
    """How many there are of a kind, and the frame of them all, in whole pixels."""
    points = [(float(x), float(y)) for shape in shapes for x, y in places(shape)]
    frame = " to ".join(
        f"({corner(p[0] for p in points)}, {corner(p[1] for p in points)})"
        for corner in (low, high)
    )
    return f"    {len(shapes)} {kind}: {frame}"


def places(shape: ElementTree.Element) -> list[tuple[str, str]]:
    """The points that it goes through."""
    if shape.tag.endswith("text"):
        return [(shape.attrib["x"], shape.attrib["y"])] if "x" in shape.attrib else []
    numbers = re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", shape.attrib["d"])
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def low(values) -> int:
    """Where a frame begins; a coordinate is often half a pixel, which rounding may tip over."""
    return round(min(values, default=0) + 0.13)


def high(values) -> int:
    return round(max(values, default=0) + 0.13)


class TestEveryPicture:
    """It is what was looked at when its entry in drawn.txt was last written."""

    @pytest.mark.parametrize("name", DRAWN)
    def test_as_written_down(self, name, golden):
        golden("drawn.txt").part(written(name))

    def test_and_no_other(self, golden):
        golden("drawn.txt").only(DRAWN)
