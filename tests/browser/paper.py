"""What can be wrong with printed pages; every question returns a list, which should be empty."""

import re
from collections import Counter
from ctypes import byref, c_double
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

from pikepdf import Dictionary, Name, Pdf
from pypdfium2 import PdfDocument, PdfTextPage
from pypdfium2.raw import (
    FS_MATRIX,
    FPDFText_GetCharOrigin,
    FPDFText_GetFontSize,
    FPDFText_GetMatrix,
)
from sites import Element, Page

SIDE, END = 25 / 25.4 * 72, 20 / 25.4 * 72
"""The margins of proofs.css, beside the text and above and below it, in points."""
UNPRINTED = ("headerlink", "downloads", "genindex-jumpbox")
"""Classes of what is of no use on paper."""
SIZE, FRONT = 22, 24.75
"""The title of a page, likewise, and that of the book: 2 and 2.25 times the 11 points of text."""


def squeezed(text: str) -> str:
    """A text as signs alone: how a PDF spaces them, and which of two like letters it has."""
    return re.sub(r"\W", "", normalize("NFKC", text)).lower()


def texts(file: Path) -> list[str]:
    """The text of each sheet."""
    with PdfDocument(file) as pdf:
        return [sheet.get_textpage().get_text_bounded() for sheet in pdf]


Box = tuple[float, float, float, float]
"""Where something begins and ends: left, bottom, right and top, in points."""


@cache
def boxes(file: Path) -> list[list[tuple[str, Box]]]:
    """The signs on each sheet, and where they stand.

    The ink of some, such as J, begins a little before the place where they stand.
    """
    with PdfDocument(file) as pdf:
        found = []
        for sheet in pdf:
            text = sheet.get_textpage()
            all_signs = ((text.get_text_range(i, 1), i) for i in range(text.count_chars()))
            found.append([(sign, place(text, i)) for sign, i in all_signs if sign.strip()])
        return found


def place(text: PdfTextPage, i: int) -> Box:
    """The box of the ink of a sign, to the left only from where the sign stands."""
    left, bottom, right, top = text.get_charbox(i)
    x, y = c_double(), c_double()
    FPDFText_GetCharOrigin(text, i, byref(x), byref(y))
    return max(left, min(x.value, right)), bottom, right, top


def sizes(file: Path) -> Counter[float]:
    """How many signs a PDF has of each size, in points."""
    with PdfDocument(file) as pdf:
        found: Counter[float] = Counter()
        for sheet in pdf:
            text = sheet.get_textpage()
            for i in range(text.count_chars()):
                matrix = FS_MATRIX()
                FPDFText_GetMatrix(text, i, byref(matrix))
                found[round(FPDFText_GetFontSize(text, i) * matrix.d, 1)] += 1
        return found


def shrunk(file: Path, title: float = SIZE) -> bool:
    """Whether titles are not of the size that was asked for, because something was too wide.

    Chromium makes the text on all sheets smaller until the widest line of any of them fits.
    """
    return max(sizes(file)) != round(title, 1)


def beyond_margins(file: Path) -> list[str]:
    """Signs in the margins, other than the number below the text."""
    with PdfDocument(file) as pdf:
        width, height = pdf[0].get_size()

    def outside(sign: str, left: float, bottom: float, right: float, top: float) -> bool:
        beside = left < SIDE - 1 or right > width - SIDE + 1
        return beside or top > height - END + 1 or (bottom < END - 1 and not sign.isdecimal())

    return [
        f"sheet {number}: {sign!r} at {box[0]:.0f}, {box[1]:.0f}"
        for number, on_it in enumerate(boxes(file), 1)
        for sign, box in on_it
        if outside(sign, *box)
    ]


@dataclass
class Entry:
    """An entry of the outline: a heading, and where it stands."""

    level: int
    title: str
    sheet: int
    top: float


def outline(file: Path) -> list[Entry]:
    """The outline, in its order."""
    with PdfDocument(file) as pdf:
        return [
            Entry(e.level, e.get_title(), at.get_index() + 1, at.get_view()[1][1])
            for e in pdf.get_toc()
            if (at := e.get_dest())
        ]


def links(file: Path) -> list[tuple[int, str]]:
    """Every link with the sheet it stands on; one to a place in the PDF begins with a sharp."""
    found = []
    with Pdf.open(file) as pdf:
        for number, sheet in enumerate(pdf.pages, 1):
            for note in sheet.get(Name.Annots, []):
                if note.Subtype == Name.Link:
                    place = note.get(Name.Dest) or note.get(Name.A, Dictionary()).get(Name.URI)
                    found.append((number, str(place).replace("/", "#", isinstance(place, Name))))
    return found


def places(file: Path) -> dict[str, int]:
    """The sheet of each place that a link can lead to."""
    with Pdf.open(file) as pdf:
        numbers = {sheet.objgen: n for n, sheet in enumerate(pdf.pages, 1)}
        found = pdf.Root.get(Name.Dests, Dictionary()).items()
        return {"#" + name.removeprefix("/"): numbers[at[0].objgen] for name, at in found}


def lost_links(file: Path) -> list[str]:
    """Links to places that are not in the PDF, or to files of the machine that printed it."""
    known = places(file)
    return [
        f"sheet {number}: {place}"
        for number, place in links(file)
        if place not in known and not re.match(r"https?://", place)
    ]


def left_behind(file: Path) -> list[str]:
    """Headings below which their sheet is empty."""
    sheets = boxes(file)

    def below(entry: Entry) -> str:
        on_it = sheets[entry.sheet - 1]
        return "".join(sign for sign, box in on_it if END < box[3] < entry.top + 2)

    alone = [e for e in outline(file) if squeezed(below(e)) == squeezed(e.title)]
    return [f"sheet {entry.sheet}: {entry.title}" for entry in alone]


def reading_order(html: Path) -> list[str]:
    """The pages of a site as their links to the next page order them, and the index."""
    names = ["index"]
    while following := [
        link.get("href").removesuffix(".html")
        for link in Page.read(html / f"{names[-1]}.html").all("link")
        if link.get("rel") == "next"
    ]:
        names += following
    return [*names, "genindex"]


def headings(page: Page) -> list[str]:
    """The headings of a page's text."""
    [article] = page.all("article")
    found = [e for e in article if re.fullmatch("h[1-6]", e.tag)]
    return [e.text.removesuffix("¶").strip() for e in found]


def misplaced(file: Path, html: Path) -> list[str]:
    """Headings of the site that do not stand in the outline, one after the other."""
    entries = iter(squeezed(entry.title) for entry in outline(file))
    wanted = [h for name in reading_order(html) for h in headings(Page.read(html / f"{name}.html"))]
    return next(([h] for h in wanted if squeezed(h) not in entries), [])


def in_chapter(element: Element) -> bool:
    """Whether an element is printed in its chapter: of folds only the choices of a question are."""
    around = []
    while element.parent:
        element = element.parent
        around.append(element)
    folds = [e for e in around if e.tag == "details"]
    choice = any(e.tag == "summary" for e in around)
    return not folds or (choice and "self-check" in folds[-1].parent.classes)


def chapters(file: Path) -> dict[str, str]:
    """The text of each chapter by the name of its page."""
    starts = {name[1:]: sheet for name, sheet in places(file).items() if "--" not in name}
    ends = [*sorted(starts.values())[1:], None]
    sheets = texts(file)
    return {
        name: "".join(sheets[starts[name] - 1 : end and end - 1])
        for name, end in zip(sorted(starts, key=starts.__getitem__), ends, strict=True)
    }


def letters(page: Page) -> Counter[str]:
    """The letters of the formulas that are printed in the chapter of a page."""
    found = [e for e in page.all("mi") if len(e.text) == 1 and not e.get("mathvariant")]
    return Counter(e.text for e in found if in_chapter(e))


def printed_letters(chapter: str) -> Counter[str]:
    """The mathematical letters of a printed text, as plain ones."""
    return Counter(
        normalize("NFKC", sign) for sign in re.findall("[\U0001d400-\U0001d7ff]", chapter)
    )


def lost_formulas(file: Path, html: Path) -> list[str]:
    """Letters of formulas that are not printed in the chapter of their page as often as there."""
    printed = chapters(file)  # and the head of a table more often, on each of its sheets
    wanted = {name: letters(Page.read(html / f"{name}.html")) for name in reading_order(html)}
    lost = {name: w - printed_letters(printed[name]) for name, w in wanted.items()}
    return [f"{name}: {letter}" for name, which in lost.items() for letter in which]


def text_of(element: Element, *others: str) -> str:
    """What of an element's text is printed in its chapter, without what is of other classes."""
    if element.tag in ("title", "script") or {*UNPRINTED, *others} & set(element.classes):
        return ""
    if element.tag == "details":
        choice = "self-check" in element.parent.classes
        return element.content[1].text if choice else ""
    parts = element.content
    return "".join(part if isinstance(part, str) else text_of(part, *others) for part in parts)


def lost_text(file: Path, html: Path) -> list[str]:
    """Signs of a page's text, and how many of them, that are not printed in its chapter."""
    printed = chapters(file)
    lost = {}
    for name in reading_order(html):
        [article] = Page.read(html / f"{name}.html").all("article")
        there = printed[name].replace("The answers are on page", "")
        lost[name] = Counter(squeezed(text_of(article))) - Counter(squeezed(there))
    return [f"{name}: {signs}" for name, signs in lost.items() if signs]


def lost_tags(file: Path, html: Path) -> list[str]:
    """Numbers of equations that do not stand in the chapter of their page."""
    printed = chapters(file)
    return [
        f"{name}: {tag.text}"
        for name in reading_order(html)
        for tag in Page.read(html / f"{name}.html").all("span", "eqno")
        if in_chapter(tag) and tag.text.removesuffix("¶") not in printed[name]
    ]
