"""The what-ifs: their numbers are the package's, and hands, keyboards and readers get them all."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from gates import THEMES, WIDTHS, copied, inaccessible, shifts, sideways, unreachable, visit
from playwright.sync_api import Browser, Locator, Page, expect

from proofs.lessons.pictures.figures import signed
from proofs.lessons.whatifs import (
    WHATIFS,
    demon,
    one_line_wrong,
    sigmoid_to_softmax,
    temperature,
)

HTML = ROOT / "build/html"
EXACT = 1e-9
"""How far a script may be from the package; above 1, as a share."""

every_what_if = pytest.mark.parametrize("name", WHATIFS)
every_width = pytest.mark.parametrize("width", WIDTHS)


@cache
def page_of(html: Path, name: str) -> str:
    """The file that a what-if stands in."""
    [page] = [
        p for p in html.glob("*.html") if f'data-what-if="{name}"' in p.read_text(encoding="utf-8")
    ]
    return page.name


def box(page: Page, name: str) -> Locator:
    """The what-if on its page."""
    return page.locator(f'[data-what-if="{name}"]')


def apart(mine: Any, theirs: Any) -> float:
    """The largest difference between two nests of numbers; infinite if they differ in shape."""
    if isinstance(theirs, dict):
        mine, theirs = [[v[k] for k in sorted(v, key=str)] for v in (mine, theirs)]
    if not isinstance(theirs, list):
        distance = float(abs(mine - theirs) / max(1, abs(theirs)))
        return float("inf") if np.isnan(distance) else distance  # max would pass over it
    if len(mine) != len(theirs):
        return float("inf")
    return max((apart(m, t) for m, t in zip(mine, theirs, strict=True)), default=0.0)


# Every what-if: arguments of its function in the script, and what the package says to them.


def moments() -> Iterator[tuple[list[Any], Any]]:
    """z on a grid and far out, every kind of target, shares from sigmoid to softmax."""
    grid = [-4.0, 0.0, 1.3]
    random = np.random.default_rng(0)
    far = [random.normal(scale=s, size=n).tolist() for s in (1, 30) for n in (1, 2, 3, 4, 5, 7)]
    for z in [*map(list, product(grid, repeat=4)), *far]:
        targets = np.eye(len(z))[0].tolist(), random.uniform(size=len(z)).tolist()
        for y, share in product(targets, (0.0, 0.3, 1.0)):
            yield [z, y, share], sigmoid_to_softmax.moment(z, y, share)


def pushes() -> Iterator[tuple[list[Any], Any]]:
    """Every z, b and w of the running network, by steps of all sizes."""
    sizes = demon.case().network.sizes
    for l in range(2, len(sizes) + 1):
        neurons = range(1, sizes[l - 1] + 1)
        places = [("zb", (l, j)) for j in neurons]
        places += [("w", (l, j, k)) for j in neurons for k in range(1, sizes[l - 2] + 1)]
        for letters, place in places:
            for letter, step in product(letters, (-5.0, -2.0, -0.1, 1e-4, 0.7, 2.0)):
                yield [letter, list(place), step], demon.change(letter, place, step)


def trainings() -> Iterator[tuple[list[Any], Any]]:
    """Every line, at the lowest rate, the highest and between, for few steps and many."""
    slips = [one_line_wrong.RIGHT, *one_line_wrong.SLIPS]
    for slip, rate, steps in product(slips, (*one_line_wrong.RATES, 0.7), (0, 1, 40, 300)):
        costs, grid = one_line_wrong.train(slip, rate, steps)
        yield [slip, rate, steps], {"costs": costs, **one_line_wrong.plain(costs, grid)}


def factors() -> Iterator[tuple[list[Any], Any]]:
    """Any number of weighted inputs, near and far, and factors from 0 to where exp overflows."""
    random = np.random.default_rng(0)
    for n, scale in product((1, 2, 3, 7), (0.5, 3.0, 300.0)):
        z = random.normal(scale=scale, size=n).tolist()
        for c in (0.0, 0.1, 1.0, 8.0, 1000.0):
            yield [z, c], temperature.outputs(z, c)


GRIDS: dict[str, tuple[str, Callable[[], Iterator[tuple[list[Any], Any]]]]] = {
    "sigmoid-to-softmax": ("window.whatif.sigmoidToSoftmax(...given)", moments),
    "demon": ("window.whatif.demon(data, ...given)", pushes),
    "one-line-wrong": ("window.whatif.oneLineWrong(data, ...given)", trainings),
    "temperature": ("window.whatif.temperature(...given)", factors),
}


@cache
def grid(name: str) -> list[list[Any]]:
    """The arguments of a grid, and what the package says to them."""
    return list(map(list, zip(*GRIDS[name][1](), strict=True)))


def disagreement(page: Page, name: str) -> float:
    """How far the script on a page is from the package, at most over the whole grid."""
    given, wanted = grid(name)
    found = page.evaluate(
        f"""all => {{
        const box = document.querySelector('[data-what-if="{name}"] script');
        const data = JSON.parse(box.textContent);
        return all.map(given => {GRIDS[name][0]});
        }}""",
        given,
    )
    return apart(found, wanted)


@pytest.fixture
def opened(browser: Browser, html: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page of a what-if, with the what-if in view."""
    visits = []

    def open_page(name: str, width: str = "desk", html: Path = html, **context: Any) -> Page:
        file = html / page_of(HTML, name)
        visits.append(visit(browser, file.as_uri(), WIDTHS[width], **context))
        page = visits[-1].__enter__().page
        box(page, name).scroll_into_view_if_needed()
        return page

    yield open_page
    for seen in visits:
        seen.__exit__(None, None, None)


def spoiled(html: Path, folder: Path, script: str, old: str, new: str) -> Path:
    """A copy of the site with a fault in a script."""
    copy = copied(html, folder / "html", f"_static/{script}.js")
    file = copy / "_static" / f"{script}.js"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return copy


class TestNoSecondTruth:
    """What a script computes is what the package computes, to 1e-9, over a grid of inputs."""

    @every_what_if
    def test_over_the_grid(self, opened: Callable[..., Page], name: str) -> None:
        assert disagreement(opened(name), name) < EXACT

    @every_what_if
    def test_it_starts_on_the_disk(self, opened: Callable[..., Page], name: str) -> None:
        """From file://, in the place of the still picture."""
        page = opened(name)
        assert page.url.startswith("file://")
        expect(box(page, name).locator(".live")).to_be_visible()
        expect(box(page, name).locator(".picture")).to_have_count(0)

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("sigmoid-to-softmax", "rest[k] : -share * e_j", "rest[k] : 0"),
            ("sigmoid-to-softmax", "rest[k] : -share * e_j", "rest[k] : share * e_j"),
            ("sigmoid-to-softmax", "sum(slope.map((s) => s * s)) / 2", "sum(slope)"),
            ("sigmoid-to-softmax", "a_k - y[k]", "y[k] - a_k"),
            ("demon", "(v - y[n]) ** 2)) / 2", "(v - y[n]) ** 2))"),
            ("demon", ' + pushed("b")', ""),
            ("demon", "i === k - 1 ? pushed", "i === k ? pushed"),
            ("one-line-wrong", "* (1 - out)", "* (1 + out)"),
            ("one-line-wrong", "? w[j][k] : w[k][j]", "? w[k][j] : w[j][k]"),
            ("one-line-wrong", "sigmoid(z) * sigmoid(-z)", "sigmoid(z) * sigmoid(z)"),
            ("one-line-wrong", "rate * by[j][k]", "rate / 2 * by[j][k]"),
            ("temperature", "Math.exp(c * v - most)", "Math.exp(v - most)"),
        ],
    )
    def test_a_wrong_formula_does_not_start(
        self, opened: Callable[..., Page], html: Path, tmp_path: Path, name: str, old: str, new: str
    ) -> None:
        """It is red over the grid, and a reader keeps the still picture instead of a lie."""
        page = opened(name, html=spoiled(html, tmp_path, name, old, new))
        assert disagreement(page, name) > EXACT
        expect(box(page, name).locator(".live")).to_have_count(0)
        expect(box(page, name).locator(".picture svg")).to_be_visible()

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("sigmoid-to-softmax", "-share * e_j", "-Math.min(share, 0.5) * e_j"),
            ("demon", "i === k - 1 ? pushed", "i === 3 ? pushed"),
            ("one-line-wrong", 'slip === "37" ? here', 'slip === "38" ? here'),
            ("temperature", "Math.max(...z.map((v) => c * v))", "0"),
        ],
    )
    def test_the_grid_sees_further_than_the_start(
        self, opened: Callable[..., Page], html: Path, tmp_path: Path, name: str, old: str, new: str
    ) -> None:
        """A fault that the numbers at the start do not show."""
        page = opened(name, html=spoiled(html, tmp_path, name, old, new))
        expect(box(page, name).locator(".live")).to_be_visible()
        assert not disagreement(page, name) < EXACT


def flat(rows: list[list[Any]]) -> list[Any]:
    """The entries of a matrix, row by row."""
    return list(chain.from_iterable(rows))


def moment_shown(page: Page) -> dict[str, list[str]]:
    """The numbers in the table: the Jacobian by rows, then delta, then what (38) says."""
    rows = box(page, "sigmoid-to-softmax").locator("table tr").all()[1:]
    *J, delta, alone = [row.locator("td").all_inner_texts() for row in rows]
    return {"jacobian": flat(J), "delta": delta, "alone": [a.rstrip(" ✗") for a in alone]}


def moment_wanted(z: list[float], share: float) -> dict[str, list[str]]:
    """The same from the package."""
    found = sigmoid_to_softmax.moment(z, sigmoid_to_softmax.Y, share)
    found["jacobian"] = flat(found["jacobian"])
    return {name: [signed(v) for v in found[name]] for name in ("jacobian", "delta", "alone")}


def drag(page: Page, slider: Locator, share: float) -> None:
    """Put a finger on the slider's left end, move it to a share of the way, and lift it."""
    slider.scroll_into_view_if_needed()
    place = slider.bounding_box()
    assert place
    y, left, width = place["y"] + place["height"] / 2, place["x"] + 8, place["width"] - 16
    hand = page.context.new_cdp_session(page)
    for kind, x in [("touchStart", 0.0), ("touchMove", share / 2), ("touchMove", share)]:
        points = [{"x": left + x * width, "y": y}]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


class TestHands:
    """Everything can be done by keyboard and by touch, and the page shows the package's numbers."""

    def test_sigmoid_to_softmax_by_keyboard(self, opened: Callable[..., Page]) -> None:
        page, z = opened("sigmoid-to-softmax"), [*sigmoid_to_softmax.Z]
        page.get_by_label("From sigmoid to softmax").focus()
        assert moment_shown(page) == moment_wanted(z, 0)
        page.keyboard.press("End")
        assert moment_shown(page) == moment_wanted(z, 1)
        page.keyboard.press("ArrowLeft")
        assert moment_shown(page) == moment_wanted(z, 0.99)
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.press("Home")
        z[2] = sigmoid_to_softmax.RANGE[0]
        assert moment_shown(page) == moment_wanted(z, 0.99)
        expect(page.get_by_role("radio", name="z3")).to_be_checked()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("radio", name="z2")).to_be_checked()
        delta = sigmoid_to_softmax.moment(z, sigmoid_to_softmax.Y, 0.99)["delta"][1]
        expect(box(page, "sigmoid-to-softmax").get_by_role("status")).to_contain_text(
            f"δ2 is {signed(delta, 4)}"
        )

    def test_sigmoid_to_softmax_by_touch(self, opened: Callable[..., Page]) -> None:
        page = opened("sigmoid-to-softmax", "phone", has_touch=True, is_mobile=True)
        slider = page.get_by_label("From sigmoid to softmax")
        drag(page, slider, 0.5)
        share = float(slider.input_value()) / 100
        assert 0.4 < share < 0.6
        assert moment_shown(page) == moment_wanted([*sigmoid_to_softmax.Z], share)
        page.get_by_role("radio", name="z4").tap()
        status = box(page, "sigmoid-to-softmax").get_by_role("status")
        expect(status).to_contain_text("z4 moves 4 of 4 outputs")

    def test_the_sign_is_marked(self, opened: Callable[..., Page]) -> None:
        """A cross, not a colour alone, where (38) has the wrong sign."""
        page = opened("sigmoid-to-softmax")
        marked = page.locator("tfoot tr:last-child td")
        assert not any("✗" in text for text in marked.all_inner_texts())
        page.get_by_label("From sigmoid to softmax").press("End")
        found = sigmoid_to_softmax.moment(sigmoid_to_softmax.Z, sigmoid_to_softmax.Y, 1)
        wrong = np.multiply(found["delta"], found["alone"]) < 0
        assert ["✗" in text for text in marked.all_inner_texts()] == wrong.tolist()

    @pytest.mark.parametrize("equation", demon.LETTERS)
    def test_the_demon_by_keyboard(self, opened: Callable[..., Page], equation: str) -> None:
        page, letter = opened("demon"), demon.LETTERS[equation]
        page.get_by_role("radio", name="BP1").focus()
        for _ in range(list(demon.LETTERS).index(equation)):
            page.keyboard.press("ArrowRight")
        place = demon.SHOWN[equation]
        assert demon_shown(page) == demon_wanted(equation, letter, place, 1)
        page.keyboard.press("Tab")
        page.keyboard.press("Home")
        first = {"BP1": (4, 1), "BP2": (2, 1), "BP3": (2, 1), "BP4": (2, 1, 1)}[equation]
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        assert demon_shown(page) == demon_wanted(equation, letter, first, demon.FARTHEST)
        page.keyboard.press("Home")
        assert demon_shown(page) == demon_wanted(equation, letter, first, -demon.FARTHEST)

    def test_a_superscript_stands_over_its_subscript(self, opened: Callable[..., Page]) -> None:
        status = box(opened("demon"), "demon").get_by_role("status")
        above, below = (status.locator(f"{tag}").first.bounding_box() for tag in ("sup", "sub"))
        assert above
        assert below
        assert abs(above["x"] - below["x"]) < 1
        assert above["y"] + above["height"] <= below["y"] + 2

    def test_the_demon_by_touch(self, opened: Callable[..., Page]) -> None:
        page = opened("demon", "phone", has_touch=True, is_mobile=True)
        page.get_by_role("radio", name="BP2").tap()
        slider = page.get_by_role("slider", name="Push")
        drag(page, slider, 0.25)
        push = float(slider.input_value())
        assert -1.4 < push < -0.6
        assert demon_shown(page) == demon_wanted("BP2", "z", demon.SHOWN["BP2"], push)

    def test_every_push_is_offered(self, opened: Callable[..., Page]) -> None:
        """So many z at the output and before it, so many b, so many w."""
        page, sizes = opened("demon"), demon.case().network.sizes
        weights = sum(after * before for before, after in pairwise(sizes))
        counts = [sizes[-1], sum(sizes[1:-1]), sum(sizes[1:]), weights]
        for equation, count in zip(demon.LETTERS, counts, strict=True):
            page.get_by_role("radio", name=equation).check()
            expect(page.get_by_label("What the demon pushes").locator("option")).to_have_count(
                count
            )

    @pytest.mark.parametrize("slip", [one_line_wrong.RIGHT, *one_line_wrong.SLIPS])
    def test_one_line_wrong(self, opened: Callable[..., Page], slip: str) -> None:
        """Choose a line, change the rate and look at a step: grid, cost and code."""
        page = opened("one-line-wrong")
        page.get_by_label("What is wrong").select_option(slip)
        page.get_by_label("Learning rate").press("ArrowRight")
        page.get_by_label("Look at step").press("Home")
        _, grid = one_line_wrong.train(slip, one_line_wrong.RATE + 0.1, 0)
        broken = [
            f"{equation} layer {l}"
            for equation, row in grid.items()
            for l, off in row.items()
            if off > one_line_wrong.ROUNDING
        ]
        assert lit(page) == broken
        costs, _ = one_line_wrong.train(slip, one_line_wrong.RATE + 0.1)
        status = box(page, "one-line-wrong").get_by_role("status")
        expect(status).to_contain_text(f"from {costs[0]:.3f} to {costs[-1]:.3f}")
        expect(status).to_contain_text("cost falls")
        lines = page.locator("pre .line").all_inner_texts()
        shown = [line for line in lines if not line.startswith("✓")]
        assert [line[2:] for line in shown] == one_line_wrong.code(slip)
        right = one_line_wrong.code(one_line_wrong.RIGHT)
        assert [line[2:] for line in lines if line.startswith("✓")] == [
            line for line in right if line not in one_line_wrong.code(slip)
        ]
        assert len([line for line in shown if line.startswith("✗")]) == len(
            [line for line in one_line_wrong.code(slip) if line not in one_line_wrong.code("right")]
        )

    def test_one_line_wrong_by_touch(self, opened: Callable[..., Page]) -> None:
        page = opened("one-line-wrong", "phone", has_touch=True, is_mobile=True)
        slider = page.get_by_label("Learning rate")
        drag(page, slider, 0.9)
        rate = float(slider.input_value())
        assert 1 <= rate <= one_line_wrong.RATES[1]
        first = next(iter(one_line_wrong.SLIPS))
        costs, _ = one_line_wrong.train(first, rate)
        status = box(page, "one-line-wrong").get_by_role("status")
        expect(status).to_contain_text(f"to {costs[-1]:.3f}")

    @every_what_if
    def test_the_focus_is_seen(self, opened: Callable[..., Page], name: str) -> None:
        """Tab stops at every control, in the order of the page, with a ring around it."""
        page = opened(name)
        controls = box(page, name).locator("input:not([type=radio]), input:checked, select, .pass")
        controls.first.focus()
        for control in controls.all():
            expect(control).to_be_focused()
            style = control.evaluate("e => getComputedStyle(e).outline")
            assert "solid 2px" in style or "2px solid" in style, style
            page.keyboard.press("Tab")


def demon_shown(page: Page) -> list[float]:
    """The numbers in the table, which show four digits that count."""
    cells = box(page, "demon").locator("table td").all_inner_texts()
    return [pytest.approx(float(text.replace("−", "-")), rel=1e-3) for text in cells]


def demon_wanted(equation: str, letter: str, place: tuple[int, ...], push: float) -> list[float]:
    """The same from the package: real change, slope times push, apart, apart at half the push."""
    change, half = (demon.change(letter, place, p) for p in (push, push / 2))
    slope = demon.slope(equation, place)
    return [change, slope * push, change - slope * push, half - slope * push / 2]


def lit(page: Page) -> list[str]:
    """The cells of the grid that say that an equation is broken."""
    rows = box(page, "one-line-wrong").locator("table tbody tr").all()
    return [
        f"{row.locator('th').inner_text()} layer {l}"
        for row in rows
        for l, text in enumerate(row.locator("td").all_inner_texts(), start=2)
        if text.startswith("✗")
    ]


class TestEveryReader:
    """Scripts off, a phone, the dark, a screen reader: nobody is left out."""

    @every_what_if
    @every_width
    def test_without_scripts(self, browser: Browser, html: Path, name: str, width: str) -> None:
        """The still picture is there, with its words, and no empty room for what does not come."""
        size = {"width": WIDTHS[width], "height": 844}
        with browser.new_context(viewport=size, java_script_enabled=False) as context:
            page = context.new_page()
            page.goto((html / page_of(html, name)).as_uri())
            picture = box(page, name).locator(".picture svg")
            expect(picture).to_be_visible()
            assert len((picture.get_attribute("aria-label") or "").split()) > 20
            frame, drawn = box(page, name).bounding_box(), picture.bounding_box()
            assert frame
            assert drawn
            says_so = 28  # the line below, that the picture stands still
            assert frame["height"] < drawn["height"] + 60 + says_so

    @every_what_if
    @every_width
    def test_used_by_everyone(self, opened: Callable[..., Page], name: str, width: str) -> None:
        """Nothing below the live figure jumps, whatever is done with it, and axe finds nothing."""
        page = opened(name, width)
        room = box(page, name)
        expect(room.get_by_role("status")).not_to_be_empty()
        said = room.get_by_role("status").inner_text()
        before = room.bounding_box()
        kept = room.evaluate("e => parseFloat(getComputedStyle(e).minHeight)")
        assert before
        assert abs(before["height"] - kept) < 16
        assert shifts(page) == []
        for control in room.locator("input[type=range]").all():
            control.press("End")
        for choices in room.locator("select").all():
            for option in choices.locator("option").all():
                choices.select_option(option.get_attribute("value"))
                page.wait_for_timeout(0)
        expect(room.get_by_role("status")).not_to_contain_text(said)
        after = room.bounding_box()
        assert after
        assert after["height"] == before["height"]
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            assert inaccessible(page, within=f'[data-what-if="{name}"]') == []
        assert sideways(page) == []
        assert unreachable(page) == []

    @every_what_if
    def test_a_slider_says_its_value(self, opened: Callable[..., Page], name: str) -> None:
        """As the page shows it, to a screen reader too."""
        page = opened(name)
        for slider in box(page, name).locator(".slider").all():
            control = slider.locator("input")
            control.press("Home")
            shown = slider.locator(".value").inner_text()
            assert control.get_attribute("aria-valuetext") == shown
