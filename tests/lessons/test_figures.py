"""The pictures: what a page may rely on, whatever its theme, and that they show what is true."""

import re
import subprocess
import sys
from functools import cache
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from proofs.lessons.pictures import layers
from proofs.lessons.pictures.checking import cost_curves, errors, step_sizes, trained
from proofs.lessons.pictures.curves import sigmoid_and_slope
from proofs.lessons.pictures.depth import errors_by_layer
from proofs.lessons.pictures.figures import (
    PAGE_COLOURS,
    SMALL,
    WIDTH,
    backward_flow,
    delta_terms,
    digit_and_errors,
    network_picture,
    routes,
    signed,
    two_jacobians,
)
from proofs.lessons.whatifs import WHATIFS
from proofs.measuring.cases import RUNNING_SIZES, Case, founding_case, running_case
from proofs.network import Network
from proofs.network.activations import sigmoid, softmax
from proofs.network.costs import log_likelihood, quadratic

IMAGE = np.linspace(0, 1, 64)
TARGET = np.eye(10)[3]


def _network(output, cost):
    return Network([64, 30, 10], [sigmoid, output], cost)


DRAWN = {
    "two_jacobians": two_jacobians,
    "routes": routes,
    "delta_terms": delta_terms,
    "network_picture": network_picture,
    "backward_flow": backward_flow,
    "errors_by_layer": errors_by_layer,
    "cost_curves": cost_curves,
    "step_sizes": step_sizes,
    **layers.PICTURES,
    **{f"the still picture of {name}": what.picture for name, what in WHATIFS.items()},
    "digit, softmax": lambda: digit_and_errors(_network(softmax, log_likelihood), IMAGE, TARGET),
    "digit, sigmoid": lambda: digit_and_errors(_network(sigmoid, quadratic), IMAGE, TARGET),
}
PICTURES = {name: cache(draw) for name, draw in DRAWN.items()}
every = pytest.mark.parametrize("draw", PICTURES.values(), ids=list(PICTURES))


def _words(picture):
    """The texts of a picture, as they read."""
    svg = ElementTree.fromstring(picture.svg)
    return ["".join(text.itertext()) for text in svg.iter("{http://www.w3.org/2000/svg}text")]


class TestOnThePage:
    """A picture is part of the page: its ink and colours, no fixed size, nothing that leaks."""

    @every
    def test_is_one_svg_element(self, draw):
        svg = draw().svg
        root = ElementTree.fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert svg.startswith("<svg ")
        assert "\n\n" not in svg, "a blank line would end raw HTML in Markdown"

    @every
    def test_shapes_and_words_alone(self, draw):
        tags = {e.tag.rpartition("}")[2] for e in ElementTree.fromstring(draw().svg).iter()}
        assert tags <= {"svg", "path", "text", "tspan"}

    @every
    def test_scales_with_the_page(self, draw):
        root = ElementTree.fromstring(draw().svg)
        assert root.attrib["viewBox"].startswith(f"0 0 {WIDTH} ")
        assert not {"width", "height"} & set(root.attrib)

    @every
    def test_no_colour_but_those_of_the_page(self, draw):
        svg = draw().svg
        for colour in PAGE_COLOURS.values():
            svg = svg.replace(colour, "")
        assert not re.search(r"#[0-9a-f]{3,8}|rgb|hsl|black|white", svg, re.IGNORECASE)
        paints = re.findall(r"(?:fill|stroke): *([^;\"]*)", svg)
        assert set(paints) <= {"", "none"}

    @every
    def test_the_font_is_that_of_the_page(self, draw):
        svg = draw().svg
        assert "font-family" not in svg
        assert "font:" not in svg

    @every
    def test_readable_on_a_phone(self, draw):
        """At 360 pixels a unit is a pixel: words have 11, and an index has more than 9."""
        sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", draw().svg)]
        assert min(sizes) >= 11
        assert min(size for size in sizes if size != 11) * SMALL > 9

    @every
    def test_inside_its_frame(self, draw):
        root = ElementTree.fromstring(draw().svg)
        width, height = map(float, root.attrib["viewBox"].split()[2:])
        for path in root.iter("{http://www.w3.org/2000/svg}path"):
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.attrib["d"])]
            assert min(numbers) >= 0
            assert max(numbers[::2]) <= width
            assert max(numbers[1::2]) <= height

    @every
    def test_asks_the_network_for_nothing(self, draw):
        svg = draw().svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|href|url\(|@import|src=", svg)

    def test_a_cell_shows_it_inline(self):
        picture = routes()
        assert picture._repr_html_() == f'<div class="picture">{picture.svg}</div>'


class TestManyOnOnePage:
    """Any number of pictures may share a page, so no id occurs in two of them."""

    def test_no_shared_ids(self):
        ids = {
            name: set(re.findall(r'\bid="(.*?)"', draw().svg)) for name, draw in PICTURES.items()
        }
        for one, other in combinations(ids, 2):
            assert not ids[one] & ids[other], f"{one} and {other} share ids"

    @every
    def test_the_same_picture_twice(self, draw):
        assert " id=" not in draw().svg


class TestReproducible:
    """Two builds of one commit are the same, byte by byte, whatever matplotlib is set to."""

    @every
    def test_same_bytes(self, draw):
        assert draw() == draw.__wrapped__()

    def test_own_settings_do_not_show(self):
        import matplotlib as mpl

        wanted = routes().svg
        with mpl.rc_context({"savefig.bbox": "tight", "figure.facecolor": "red", "font.size": 30}):
            assert routes().svg == wanted

    def test_in_another_process(self):
        code = "from proofs.lessons.pictures.figures import *\nimport sys\n"
        code += "sys.stdout.write(backward_flow().svg)"
        for seed in ("1", "2"):
            run = subprocess.run(
                [sys.executable, "-c", code],
                capture_output=True,
                check=True,
                encoding="utf-8",
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"},
            )
            assert run.stdout == backward_flow().svg


class TestInWords:
    """Who cannot see a picture hears what it shows, with the package's numbers."""

    @every
    def test_an_image_with_a_description(self, draw):
        picture = draw()
        root = ElementTree.fromstring(picture.svg)
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"] == picture.alt
        assert len(picture.alt) > 80

    @pytest.mark.parametrize("z", [(1, 2, 3), (0, -1, 0.5)])
    def test_two_jacobians(self, z):
        picture, column = two_jacobians(z), np.array(z, float)[:, None]
        for f in (sigmoid, softmax):
            rows = [" ".join(signed(v) for v in row) for row in f.jacobian(column)[:, :, 0]]
            assert "; ".join(rows) in picture.alt
        assert "sigmoid, 3 of 9 not zero" in picture.alt
        assert "softmax, 9 of 9 not zero" in picture.alt

    @pytest.mark.parametrize("j", [1, 2, 3])
    def test_routes(self, j):
        alt, column = routes(j=j).alt, np.array([[1.0], [2.0], [3.0]])
        for f, count in ((sigmoid, "1 route"), (softmax, "3 routes")):
            slopes = ", ".join(signed(v) for v in f.jacobian(column)[:, j - 1, 0])
            assert f"{f}: {count} to C, with da_k/dz_{j} = {slopes} for" in alt

    def test_cost_curves(self):
        alt, curves = cost_curves().alt, trained()
        for words, curve in curves.items():
            assert f"{words}: {curve[-1]:.3f}" in alt
        falling = [words for words, curve in curves.items() if curve[-1] < curve[0]]
        assert len(falling) == len(curves) - 1
        assert sum(curve[-1] < curves["right"][-1] for curve in curves.values()) == 2

    def test_step_sizes(self):
        alt, (sizes, found) = step_sizes().alt, errors()
        assert list(np.log2(sizes)) == list(range(-1, -67, -1))
        for name in ("one-sided", "two-sided"):
            error = found[name]
            assert f"{name}: {error.min():.0e} at a push of {sizes[error.argmin()]:.0e}" in alt
            assert error[0] > 100 * error.min() < error[-1] / 100, "a U"
        assert found["imaginary"][-1] < 1e-15
        assert found["two-sided"].min() < found["one-sided"].min() / 100

    def test_delta_terms(self):
        case, alt = founding_case(), delta_terms().alt
        terms = case.partial(("C", 2), ("a", 2)) * case.partial(("a", 2), ("z", 2))[:, :, 0]
        for j, delta in enumerate(case.delta(2)[:, 0]):
            listed = ", ".join(signed(term, 4) for term in terms[:, j])
            assert f"for j = {j + 1} they are {listed} and add up to" in alt
            assert f"delta_{j + 1} = {signed(delta, 4)}, where (38)" in alt
            assert f"(38) says {signed(terms[j, j], 4)}" in alt
        assert re.findall(r"delta_(\d) = \S+ where \(38\) says \S+ which has the wrong", alt) == [
            "2"
        ]

    def test_network_picture(self):
        alt = network_picture(j=1, k=5).alt
        assert ", ".join(map(str, RUNNING_SIZES)) in alt
        assert "to neuron 1 of layer 3 from neuron 5 of layer 2" in alt

    def test_backward_flow(self):
        case = running_case()
        errors = ", ".join(signed(d) for d in case.delta(case.depth)[:, 0])
        assert f"at the output these are {errors}." in backward_flow().alt

    def test_digit_softmax(self):
        network = _network(softmax, log_likelihood)
        case = Case(network, IMAGE[:, None], TARGET[:, None])
        alt = digit_and_errors(network, IMAGE, TARGET).alt
        alone = np.diag(case.jacobian(3)[:, :, 0]) * case.nabla_a[:, 0]
        for j in range(10):
            assert f"{j}: {signed(case.delta(3)[j, 0])}" in alt.partition("tick")[0]
            assert f"{j}: {signed(alone[j])}" in alt.partition("diamond")[2]
        assert "its target is output 3" in alt
        assert f"the largest output is {case.value('a', 3).argmax()}" in alt
        assert "A tick marks each measured error, at the end of its bar." in alt

    def test_digit_sigmoid(self):
        """Where (38) holds there is nothing to mark."""
        assert "diamond" not in PICTURES["digit, sigmoid"]().alt


class TestNumbersOnThePicture:
    """What is written on a picture is what the package computes."""

    def test_two_jacobians(self):
        words, column = _words(two_jacobians()), np.array([[1.0], [2.0], [3.0]])
        shown = [word for word in words if re.fullmatch(r"[+−]?[\d.]+", word)]
        wanted = [signed(v) for f in (sigmoid, softmax) for v in f.jacobian(column)[:, :, 0].flat]
        assert shown == wanted

    def test_delta_terms(self):
        words, case = _words(delta_terms()), founding_case()
        for j, delta in enumerate(case.delta(2)[:, 0]):
            assert words[words.index(f"sum: δ{j + 1}") + 1] == signed(delta, 4)
        assert words.count("wrong sign") == 1

    def test_four_equations(self):
        words = _words(backward_flow())
        counts = [words.count(f"BP{n}") for n in (1, 2, 3, 4)]
        assert counts == [1, 2, 3, 3]

    def test_digit(self):
        network = _network(softmax, log_likelihood)
        words = _words(digit_and_errors(network, IMAGE, TARGET))
        for j, delta in enumerate(Case(network, IMAGE[:, None], TARGET[:, None]).delta(3)[:, 0]):
            assert words[words.index(str(j)) + 1] == signed(delta)
        assert "by (38)" in words


class TestLettersAsInTheBook:
    """A text is typeset: z_1 lowers its index, w^3_{jk} stacks its two, lone letters are italic."""

    def test_nothing_is_lost(self):
        words = _words(network_picture())
        assert "w3jk with j = 2 and k = 4: the weight" in words
        assert "w324" in words

    def test_back_on_the_line(self):
        """What is raised or lowered is undone: the shifts of each text that goes on add up to 0."""
        svg = ElementTree.fromstring(network_picture().svg)
        for text in svg.iter("{http://www.w3.org/2000/svg}text"):
            *_, last = text
            if last.get("font-size"):
                continue
            shifts = [
                float(span.get("dy", "0em")[:-2]) * (SMALL if span.get("font-size") else 1)
                for span in text
            ]
            assert abs(sum(shifts)) < 0.01

    def test_italics(self):
        svg = network_picture().svg
        assert '<tspan font-style="italic">w</tspan>' in svg
        assert ">layer" not in re.sub(r"<tspan>[^<]*", "", svg)

    @pytest.mark.parametrize(
        ("picture", "mark"), [(sigmoid_and_slope, "′"), (backward_flow, ": blue +, orange −.")]
    )
    def test_what_follows_a_slanted_letter_stands_off_it(self, picture, mark):
        spans = ElementTree.fromstring(picture().svg).iter("{http://www.w3.org/2000/svg}tspan")
        (after,) = (span for span in spans if span.text == mark)
        assert float(after.get("dx")[:-2]) >= 0.1

    @pytest.mark.parametrize(
        ("value", "shown"), [(0.19661, "+0.197"), (-0.02203, "−0.022"), (0.0, "0")]
    )
    def test_signed(self, value, shown):
        assert signed(value) == shown


class TestBadInput:
    """A wrong argument is refused in words that say what was expected and what came."""

    @pytest.mark.parametrize(
        ("draw", "message"),
        [
            (lambda: two_jacobians((1, 2)), r"z: expected shape \(3\), got \(2,\)"),
            (lambda: routes((1, 2, np.nan)), "z: expected finite numbers, got nan"),
            (lambda: routes(j=0), "j: expected 1, 2 or 3, got 0"),
            (lambda: network_picture(k=6), "1 <= k <= 5, got j=2 and k=6"),
            (
                lambda: digit_and_errors(_network(softmax, quadratic), IMAGE[1:], TARGET),
                r"x: expected shape \(64, m\), got \(63, 1\)",
            ),
            (
                lambda: digit_and_errors(Network([3, 2]), [0, 0, 1], [0, 1]),
                "image: expected a square number of inputs, got 3",
            ),
        ],
    )
    def test_refused(self, draw, message):
        with pytest.raises(ValueError, match=message):
            draw()

    def test_saturated_inputs_are_drawn(self):
        """Where every derivative underflows the picture is empty, not an error."""
        assert "sigmoid, 0 of 9 not zero" in two_jacobians((1000, 2000, 3000)).alt
        assert "softmax: 0 routes" in routes((1000, 2000, 3000)).alt


def test_matplotlib_is_loaded_when_a_picture_is_asked_for():
    code = "import sys, proofs.lessons.pictures.figures; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
