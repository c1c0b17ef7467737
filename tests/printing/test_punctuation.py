"""Where a line may end: not before a full stop, not within a number, nor anywhere in code."""

import re

from printing.finish import breakable


class TestAFullStopAfterAFormula:
    """It stays with its formula, or it might begin a line."""

    def test_it_moves_into_the_formula(self, build):
        html = (
            build(r"An error $\delta$, and its slope $\sigma$.").html / "index.html"
        ).read_text()
        assert re.findall(r"</math>(.?)</span>", html) == [",", "."]

    def test_another_full_stop_stays(self, build):
        """Two of them are equal texts, but each ends its own sentence."""
        page = build("It is {eq}`37`.\nLong is $\\delta$.\nNo more.").page("index")
        [words] = [p.text for p in page.all("p") if p.text.startswith("It is")]
        assert words == "It is (37). Long is δ. No more."


class TestWhatIsOneThing:
    """A small number, a shape and the value of an index are not broken."""

    def kept(self, build, text):
        html = (build(text).html / "index.html").read_text(encoding="utf-8")
        return re.findall(r'<span class="unbroken">(.*?)</span>', html)

    def test_numbers_shapes_and_indices(self, build):
        text = "Off by 1.1e-16 at j in 3-5-4-2, layers 2-3, in e-mail."
        assert self.kept(build, text) == ["1.1e-16", "3-5-4-2"]

    def test_not_in_code_nor_in_an_attribute(self, build):
        assert self.kept(build, "A [link](https://x.example/1e-5-2-3) here.") == []

    def test_long_code_goes_on_before_a_dot_or_a_bracket(self, build):
        code = "network.sigma[l].prime(forward.z[l])"
        html = (build(f"Here `{code}` and `1.25`.").html / "index.html").read_text("utf-8")
        parts = re.findall(r'(<wbr>)?<span class="pre">(.*?)</span>', html)
        assert [part for broken, part in parts if broken] == [
            ".sigma[l]",
            ".prime",
            "(forward.z[l])",
        ]
        assert "".join(part for _, part in parts) == f"{code}1.25"

    def test_what_a_module_holds_may_begin_a_line(self):
        signature = re.fullmatch(".*>(.*)<.*", '<span class="pre">proofs.checker.report.</span>')
        parts = breakable(signature).split("<wbr>")
        assert [re.sub("<.*?>", "", part) for part in parts] == [
            "proofs",
            ".checker",
            ".report.",
            "",
        ]

    def test_a_difference(self, build):
        """In a paragraph, a heading and the name of the next page alike."""
        text = "## When is the error a − y?\n\nAt the output it is a - y, they say."
        assert self.kept(build, text) == ["a − y", "a - y"]

    def test_an_option_of_a_command(self, build):
        html = (build("Say `--output softmax`.").html / "index.html").read_text("utf-8")
        assert '<span class="pre unbroken">--output</span>' in html

    def test_an_address_goes_on_after_a_slash(self, build):
        html = (build("<https://x.example/questions/12>").html / "index.html").read_text("utf-8")
        assert ">https://x.example/<wbr>questions/<wbr>12<" in html
        assert 'href="https://x.example/questions/12"' in html

    def test_a_value_of_an_index(self, build):
        """As in every counterexample."""
        assert "j = 2" in self.kept(build, "```{refutations} 38\n```")
