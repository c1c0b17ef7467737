"""The formal witness, as far as it can be seen without Coq: the record, its guard, and the pages.

What needs Coq is in the session `formal`: it checks the sources and what tests/formal/ holds.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module

import coq
import pytest
from sites import ROOT, copied, edit, sphinx, write

from proofs.claims import CLAIMS
from proofs.claims.derivations import (
    attention,
    cells,
    normalisation,
    rotation,
    sharing,
    smaller,
    windows,
)
from proofs.witnesses import formal

SETTINGS = """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
extensions = ["myst_parser", "printing.formal"]
"""
FALSE_STATEMENTS = (ROOT / "tests" / "formal" / "Planted.v").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """A copy of the sources and their record, to be spoiled."""
    shutil.copytree(formal.HERE, tmp_path / "formal")
    return tmp_path / "formal"


@pytest.fixture
def rewrite(folder):
    """Change what the record of the copy says, and seal it again as its author would."""

    def change(**parts):
        record = formal.read(folder) | parts
        record["seal"] = formal.seal(record)
        (folder / "record.json").write_text(json.dumps(record), encoding="utf-8")

    return change


def found(folder):
    """What is wrong, without the words that every message begins and ends with."""
    begins, ends = "formal proofs, record.json: ", "; run `nox -s formal`"
    wrong = formal.verify(folder)
    assert all(text.startswith(begins) and text.endswith(ends) for text in wrong)
    return [text.removeprefix(begins).removesuffix(ends) for text in wrong]


LAYERS = (attention, cells, normalisation, rotation, sharing, smaller, windows)


@pytest.mark.parametrize("tag", [c.tag for room in LAYERS for c in room.CLAIMS if not c.definition])
def test_a_claim_about_a_layer_has_a_theorem(tag):
    """Only definitions need none."""
    assert tag in formal.THEOREMS


class TestRecord:
    """What Coq said is recorded, of the sources as they stand."""

    def test_it_fits_the_sources(self):
        assert formal.verify() == []

    def test_nothing_but_the_librarys_axioms(self):
        assert set(formal.read()["axioms"]) == set(formal.AXIOMS)

    @pytest.mark.parametrize("tag", formal.THEOREMS)
    def test_every_theorem_is_about_a_claim(self, tag):
        assert tag in CLAIMS
        assert tag in formal.theorems()[formal.THEOREMS[tag]].about

    def test_every_theorem_of_a_falsehood_is_about_a_refutation(self):
        names = {wrong.name for claim in CLAIMS.values() for wrong in claim.refutations}
        assert set(formal.FALSE) <= names

    @pytest.mark.parametrize("name", formal.names())
    def test_every_theorem_is_in_its_source(self, name):
        """With its hypotheses in words above it."""
        theorem = formal.theorems()[name]
        text = (formal.HERE / theorem.file).read_text(encoding="utf-8")
        above, _, _ = text.partition(f"Theorem {name} ")
        comment = " ".join(above[above.rindex("(*") :].split())
        assert comment == f"{comment.partition('Assumed: ')[0]}Assumed: {theorem.assumed} *)"

    def test_nothing_is_left_open(self):
        for source in formal.HERE.glob("*.v"):
            code = re.sub(r"\(\*.*?\*\)", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert not re.search(r"\b(Admitted|admit|Axiom|Conjecture|Parameter)\b", code)

    def test_the_whole_loop_is_proved(self):
        """Through time: any turns, however many; what the loop gives are both derivatives."""
        statement = " ".join(" ".join(formal.theorems()["loop_gradient"].statement).split())
        assert "forall (R : realType) (n m l : nat) (s : seq (turn R n m l))" in statement
        assert statement.endswith(
            "smooth_turns s C h w -> "
            "∇ ((loop_cost s C)^~ w) h ∃= (loop_back s C h w).1 /\\ "
            "(forall (p : 'I_m.+1) (q : 'I_l.+1), "
            "∂_[p, q] [eta loop_cost s C h] w ∃= (loop_back s C h w).2 p q)"
        )

    def test_no_statement_is_weaker_than_the_book(self):
        """The four equations, and that (38) is false, as Coq prints them after their hypotheses."""

        def says(tag):
            lines = formal.theorems()[{**formal.THEOREMS, **formal.FALSE}[tag]].statement
            return " ".join(" ".join(lines).split())

        assert says("BP1").endswith(
            "let a := elementwise σ z in differentiable C a -> derivable σ z@_j 1 -> "
            "∂_j (cost_z (Output (elementwise σ)) C) z ∃= ∂_j C a * σ^`() z@_j"
        )
        assert says("BP2").endswith(
            "let z' := w *m elementwise σ z + b in differentiable (cost_z N C) z' -> "
            "(forall j : 'I_n.+1, derivable σ z@_j 1) -> "
            "∇ (cost_z (Hidden (elementwise σ) w b N) C) z ∃= "
            "(w^T *m δ N C z') ⊙ elementwise σ^`() z"
        )
        assert says("BP3").endswith(
            "let z := w *m activation A x + b in ∂_j (cost_z N C) z ∃ -> "
            "∂_j (fun b0 : vec R m => cost A w b0 N C x) b ∃= (δ N C z)@_j"
        )
        assert says("BP4").endswith(
            "let a := activation A x in let z := w *m a + b in ∂_j (cost_z N C) z ∃ -> "
            "∂_[j, k] (fun w0 : mat R m n => cost A w0 b N C x) w ∃= a@_k * (δ N C z)@_j"
        )
        assert says("(38) without locality").endswith(
            "~ (forall C : vec R n.+1 -> R, differentiable C (softmax z) -> "
            "∂_j (cost_z (Output softmax) C) z ∃= "
            "∂_j C (softmax z) * ∂_j (fun z0 : vec R n.+1 => (softmax z0)@_j) z)"
        )


class TestGuard:
    """No status by assertion: the record is believed only of the very sources that were checked."""

    def test_a_changed_source(self, folder):
        edit(folder / "BP2.v", "(w^T *m δ N C z') ⊙", "(w *m δ N C z') ⊙")
        assert found(folder) == ["BP2.v was changed after Coq had checked it"]

    def test_a_changed_comment_too(self, folder):
        """The hypotheses in words are a comment."""
        edit(folder / "Letters.v", "Vectors are columns.", "Vectors are rows.")
        assert found(folder) == ["Letters.v was changed after Coq had checked it"]

    def test_a_removed_source(self, folder):
        (folder / "BP4.v").unlink()
        assert found(folder) == ["BP4.v was removed after Coq had checked it"]

    def test_a_new_source(self, folder):
        (folder / "BP5.v").write_text("Axiom easy : False.\n", encoding="utf-8")
        assert found(folder) == ["BP5.v was never checked by Coq"]

    def test_a_weakened_statement(self, folder):
        edit(folder / "record.json", "smooth N C z -> ∇", "False -> ∇")
        assert found(folder) == ["what the record says was changed by hand"]

    def test_a_renamed_theorem(self, folder, rewrite):
        theorems = formal.read(folder)["theorems"]
        for theorem in theorems:
            theorem["name"] = theorem["name"].replace("BP3_batch", "BP3_mean")
        rewrite(theorems=theorems)
        assert found(folder) == [
            "there is no theorem BP3_batch in the record",
            "the record has a theorem BP3_mean of no claim",
        ]

    def test_a_claim_given_to_another_theorem(self, folder, monkeypatch):
        monkeypatch.setitem(formal.THEOREMS, "38", "BP1_sum")
        monkeypatch.setattr(formal, "FURTHER", (*formal.FURTHER, "BP1_local"))
        assert found(folder) == [
            "theorem BP1_sum is now named for (37), (38), (N-1), which is not what is recorded",
            "theorem BP1_local is now named for nothing, which is not what is recorded",
        ]

    @pytest.mark.parametrize("axiom", ["BP2_entry", "Classical_Prop.classic"])
    def test_an_added_axiom(self, folder, rewrite, axiom):
        """Also a theorem without proof: Coq counts what is admitted among the axioms."""
        rewrite(axioms=[*formal.AXIOMS, axiom])
        assert found(folder) == [
            f"the theorems rest on the axiom {axiom}, which is not one of the library's"
        ]

    def test_a_record_that_no_prover_wrote(self, folder, rewrite):
        rewrite(prover="by hand")
        assert found(folder) == ["it was written by no prover, but by 'by hand'"]

    def test_no_record(self, folder):
        (folder / "record.json").unlink()
        assert "cannot be read (FileNotFoundError" in found(folder)[0]

    def test_a_record_that_is_none(self, folder):
        (folder / "record.json").write_text("[]", encoding="utf-8")
        assert "cannot be read (TypeError" in found(folder)[0]


class TestDifferences:
    """Two versions of the prover must say the same, in whichever lines they print it."""

    def told(self, change=lambda theorem: theorem, **parts):
        """The record, as another version would write it."""
        record = formal.read() | {"prover": "Coq 8.99.0"} | parts
        return record | {"theorems": [change(dict(theorem)) for theorem in record["theorems"]]}

    def differ(self, other):
        return formal.differences(formal.read(), other)

    def test_the_version_is_none(self):
        assert self.differ(self.told()) == []

    def test_line_breaks_are_none(self):
        def one_line(theorem):
            return theorem | {"statement": ["  ".join(theorem["statement"])]}

        assert self.differ(self.told(one_line)) == []

    def test_names_of_the_librarys_own_are_none(self):
        def newer(theorem):
            lines = "\n".join(theorem["statement"])
            for new, old in formal.OWN_NAMES.items():
                lines = lines if old == "R" else lines.replace(old, new)
            return theorem | {"statement": lines.split("\n")}

        other = self.told(newer)
        assert other["theorems"] != formal.read()["theorems"]
        assert self.differ(other) == []

    @pytest.mark.parametrize(
        ("part", "other"), [("statement", ["False -> 0 = 1"]), ("assumed", "nothing.")]
    )
    def test_another_word_is_named_with_both_versions(self, part, other):
        def changed(theorem):
            return theorem | {part: other} if theorem["name"] == "BP4" else theorem

        [said] = self.differ(self.told(changed))
        assert said.startswith(f"{part} of BP4: ")
        assert f"in {formal.read()['prover']}, " in said
        assert said.endswith("in Coq 8.99.0")

    def test_an_added_axiom(self):
        [said] = self.differ(self.told(axioms=[*formal.AXIOMS, "classic"]))
        assert said.startswith("axioms: ")

    def test_a_theorem_that_is_gone(self):
        gone = [t for t in formal.read()["theorems"] if t["name"] != "BP3"]
        said = self.differ(self.told(theorems=gone))
        assert [text.partition(":")[0] for text in said] == [
            "assumed of BP3",
            "file of BP3",
            "statement of BP3",
        ]


STAND_IN = """
import json, re, sys
from pathlib import Path

if "--print-version" in sys.argv:
    raise SystemExit(print({version!r}))
record = json.loads(Path({record!r}).read_text(encoding="utf-8"))
says = {{t["name"]: "\\n     : ".join([t["name"], *t["statement"]]) for t in record["theorems"]}}
says["axioms"] = "Axioms:\\n" + "\\n".join(f"{{name}} : forall P," for name in record["axioms"])
source = Path(sys.argv[-1]).read_text(encoding="utf-8")
if sys.argv[-1] == "Ask.v":
    for name in re.findall(r'Redirect "(\\w+)"', source):
        Path(f"{{name}}.out").write_text(says[name], encoding="utf-8")
if "-test-mode" in sys.argv:
    refusal = "The command has indeed failed with message: while it is expected to have type"
    print(refusal * source.count("Proof. Fail"))
"""
"""Coq as another version would be: it says what a record says, but breaks its lines elsewhere."""


class TestSession:
    """What the session makes of Coq's answers; the rest of it needs Coq."""

    def test_a_statement(self):
        answer = "BP1\n     : forall n : nat,\n       n = n ->\n       0 = 0\n"
        assert coq.statement(answer) == ("forall n : nat,", "n = n ->", "0 = 0")

    def test_what_is_admitted_is_an_axiom(self):
        answer = "boolp.ext : forall P,\n  P = P\nlong_name\n  : forall Q,\n    Q\nBP2 : 0 = 1\n"
        assert coq.AXIOM.findall(answer) == ["boolp.ext", "long_name", "BP2"]

    def test_the_page_says_how_many(self):
        page = (ROOT / "docs/how-proved.md").read_text(encoding="utf-8")
        [said] = re.findall(r"Coq is also given more than (\w+) false equations", page)
        tens = len(coq.FALSE.findall(FALSE_STATEMENTS)) // 10
        assert said == ["thirty", "forty", "fifty", "sixty"][tens - 3]

    def test_every_false_statement_is_tried(self):
        names = coq.FALSE.findall(FALSE_STATEMENTS)
        assert (
            len(names) == FALSE_STATEMENTS.count("Fail refine") == FALSE_STATEMENTS.count("Abort")
        )
        for needed in ("BP2 without the transpose", "(38) for softmax", "BP4 with the wrong index"):
            assert any(name.startswith(needed) for name in names)

    def test_every_false_statement_has_a_true_one_with_the_same_proof(self):
        proofs = re.findall(r"(Fail )?(refine .*?)\. (?:Qed|Abort)", FALSE_STATEMENTS)
        true = {proof for fails, proof in proofs if not fails}
        assert {proof for fails, proof in proofs if fails} == true

    def run(self, tmp_path, path, *options):
        """The session on a copy of the project, with commands from this folder only."""
        project = copied(tmp_path / "project", "conf", "proofs", "tests/formal")
        return subprocess.run(
            [sys.executable, "conf/tools/coq.py", *options],
            cwd=project,
            env=os.environ | {"PATH": str(path), "PYTHONPATH": str(project)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def test_what_was_killed_has_failed(self, tmp_path):
        """It leaves no message, which is no success."""
        stand_in = tmp_path / "coqc"
        stand_in.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
        stand_in.chmod(0o755)
        done = self.run(tmp_path, tmp_path)
        assert done.returncode == 1
        assert "failed: Letters.v: coqc ended with status -9\n" in done.stdout

    def another_version(self, tmp_path, version="8.99.0 5.3.0", **parts):
        """A stand-in for another version of Coq, which says the same except for some parts."""
        record = tmp_path / "said.json"
        record.write_text(json.dumps(formal.read() | parts), encoding="utf-8")
        stand_in = tmp_path / "coqc"
        program = STAND_IN.format(version=version, record=str(record))
        stand_in.write_text(f"#!{sys.executable}{program}", encoding="utf-8")
        stand_in.chmod(0o755)

    def test_another_version_that_says_the_same_agrees(self, tmp_path):
        self.another_version(tmp_path)
        done = self.run(tmp_path, tmp_path, "--check")
        assert "passed: record.json, compared with Coq 8.99.0\n" in done.stdout
        assert done.returncode == 0, done.stdout + done.stderr

    def test_another_version_that_says_something_else_has_failed(self, tmp_path):
        theorems = formal.read()["theorems"]
        for theorem in theorems:
            theorem["statement"] = [line.replace("w^T", "w") for line in theorem["statement"]]
        self.another_version(tmp_path, theorems=theorems)
        done = self.run(tmp_path, tmp_path, "--check")
        assert done.returncode == 1
        assert "failed: record.json, compared with Coq 8.99.0: statement of BP2: " in done.stdout

    def test_another_version_that_takes_more_for_granted_has_failed(self, tmp_path):
        self.another_version(tmp_path, axioms=[*formal.AXIOMS, "classic"])
        done = self.run(tmp_path, tmp_path, "--check")
        assert done.returncode == 1
        assert "classic" in done.stdout

    def test_the_record_names_the_prover_that_wrote_it(self, tmp_path):
        """From version 9 on its name is Rocq."""
        self.another_version(tmp_path, version="9.2.0 5.4.1")
        assert self.run(tmp_path, tmp_path).returncode == 0
        written = tmp_path / "project" / formal.RECORD.relative_to(ROOT)
        assert json.loads(written.read_text(encoding="utf-8"))["prover"] == "Rocq 9.2.0"

    def test_without_coq_it_says_how_to_install_it(self, tmp_path):
        done = self.run(tmp_path, tmp_path)
        assert done.returncode == 1
        assert "apt-get install --no-install-recommends coq libcoq-mathcomp-analysis" in done.stdout

    def test_what_coq_refuses_has_failed(self, tmp_path):
        """A stand-in for Coq that refuses everything."""
        stand_in = tmp_path / "coqc"
        stand_in.write_text("#!/bin/sh\necho Error: no >&2\nexit 1\n", encoding="utf-8")
        stand_in.chmod(0o755)
        done = self.run(tmp_path, tmp_path)
        assert done.returncode == 1
        assert "failed: Letters.v: Error: no\n" in done.stdout
        assert "failed: Chain.v: needs Letters.v\n" in done.stdout
        assert done.stdout.endswith(f"0 passed, {len(list(formal.HERE.glob('*.v')))} failed\n")


class TestPages:
    """The theorem of a claim is folded under its equation."""

    @pytest.fixture
    def project(self, tmp_path):
        """A small site with nothing but the formal witness."""
        project = copied(tmp_path, "conf", "proofs")
        (project / "conf" / "conf.py").write_text(SETTINGS, encoding="utf-8")
        return project

    def test_the_statement_can_be_opened(self, project):
        write(project, index="# X\n\n```{formal} backprop_gradient\n```\n")
        done = sphinx(project, "-W")
        assert done.status == 0, done.message
        html = (done.html / "index.html").read_text(encoding="utf-8")
        [details] = re.findall(r"<details.*?</details>", html, re.DOTALL)
        assert not details.startswith("<details open")
        text = re.sub(r"<[^>]+>", "", details)
        assert "\n".join(formal.theorems()["backprop_gradient"].statement) in (
            text.replace("&gt;", ">").replace("&#39;", "'")
        )
        assert "every activation is differentiable" in text

    def test_an_unknown_theorem_is_named(self, project):
        write(project, index="# X\n\n```{formal} BP5\n```\n")
        done = sphinx(project, "-W")
        assert done.status != 0
        assert "index.md:3" in done.message
        assert "there is no formal theorem BP5" in done.message

    def test_a_changed_source_stops_the_build(self, project):
        write(project, index="# X\n\nWords.\n")
        with (project / "proofs/witnesses/formal/BP4.v").open("a", encoding="utf-8") as source:
            source.write("\n")
        done = sphinx(project)
        assert done.status == 1
        [problem] = done.problems
        assert problem.startswith("formal proofs, record.json: BP4.v was changed after Coq")

    @pytest.mark.parametrize("about", [*formal.THEOREMS, *formal.FALSE])
    def test_claims_and_refutations_have_their_note(self, about, monkeypatch):
        monkeypatch.syspath_prepend(str(ROOT / "conf"))
        [note] = import_module("printing.formal").formal_note(about)
        assert note.tagname == "fold"
        line = note[0]
        assert line.tagname == "fold_line"
        assert line.astext().startswith("Proved false by" if about in formal.FALSE else "Proved in")
        assert line.astext().endswith(f" {({**formal.THEOREMS, **formal.FALSE})[about]}")

    def test_other_claims_have_none(self, monkeypatch):
        monkeypatch.syspath_prepend(str(ROOT / "conf"))
        assert import_module("printing.formal").formal_note("29") == []
