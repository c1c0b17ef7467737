"""The record of deliberate mistakes says what was measured, on which text, and no more."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = (ROOT / "conf", ROOT / "tests" / "mutation")


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    for folder in TOOLS:
        monkeypatch.syspath_prepend(str(folder))
        # Other tests load copies of conf/, whose modules stay.
        for file in folder.glob("*.py"):
            monkeypatch.delitem(sys.modules, file.stem, raising=False)


def row(version="now", mutants=4, survivors=(), **killed):
    return {
        "digest": version,
        "mutants": mutants,
        "claims": 0,
        "tests": 0,
        "build": 0,
        **killed,
        "survivors": [{"line": 1, "before": b, "after": a} for b, a in survivors],
    }


CURRENT = {
    "proofs/network/equations.py": "now",
    "proofs/claims/claim.py": "now",
    "docs/bp1.md": "now",
}


def page(record, known=None, current=CURRENT):
    from printing.score import parts

    return [
        text for title, lines in parts(record, known or {}, current) for text in (title, *lines)
    ]


class TestPage:
    """Each line says how much of one kind of file was caught, the last one how much of all."""

    def test_the_files_of_a_kind_are_added_up(self):
        lines = page(
            {
                "proofs/claims/claim.py": row(claims=1, tests=3),
                "proofs/claims/other.py": row(mutants=2, tests=2),
                "docs/bp1.md": row(build=4),
            },
            current={**CURRENT, "proofs/claims/other.py": "now"},
        )
        assert "| the rest of the package | 6 | 100 % | 1 | 5 | 0 | 0 |" in lines
        assert "| pages | 4 | 100 % | 0 | 0 | 4 | 0 |" in lines
        assert "| all of these | 10 | 100 % | 1 | 5 | 4 | 0 |" in lines

    def test_changed_since(self):
        """What was measured of an earlier version counts until it is measured again."""
        lines = page({"proofs/claims/claim.py": row("then", claims=1, tests=3)})
        assert "| the rest of the package | 4 | 100 % | 1 | 3 | 0 | 0 |" in lines

    def test_a_kind_without_a_file_has_no_line(self):
        lines = page({"proofs/claims/claim.py": row(tests=4)})
        assert not [line for line in lines if line.startswith("| pages |")]

    def test_not_measured(self):
        lines = page({"proofs/claims/claim.py": row(tests=4)})
        assert lines[lines.index("Not measured yet: 2 files") + 1] == (
            "`proofs/network/equations.py`, `docs/bp1.md`."
        )

    def test_a_file_in_which_there_is_nothing_to_change(self):
        lines = page({"proofs/claims/claim.py": row(mutants=0)})
        assert not [line for line in lines if "claim.py" in line]

    def test_a_file_that_is_gone_counts_no_longer(self):
        lines = page({"proofs/gone.py": row(tests=1, survivors=[("a", "b")] * 3)})
        assert not [line for line in lines if "gone" in line]
        assert "Not caught: none" in lines

    def test_a_survivor_is_shown(self):
        lines = page({"docs/bp1.md": row(build=3, survivors=[("x", "y")])})
        assert "| pages | 4 | 75 % | 0 | 0 | 3 | 0 |" in lines
        assert lines[lines.index("Not caught: 1") + 1].startswith(
            "- `docs/bp1.md`, line 1: `` x `` became `` y ``."
        )

    def test_an_equivalent_one_is_shown_with_its_reason_and_not_held_against_anyone(self):
        known = {("docs/bp1.md", "x", "y"): "The same."}
        lines = page({"docs/bp1.md": row(build=3, survivors=[("x", "y")])}, known)
        assert "| pages | 4 | 100 % | 0 | 0 | 3 | 1 |" in lines
        assert "Not caught: none" in lines
        assert "- `docs/bp1.md`, line 1: `` x `` became `` y ``. The same." in lines

    def test_a_sample_says_of_how_many(self):
        lines = page({"proofs/claims/claim.py": {**row(tests=4), "of": 60}})
        assert "| the rest of the package | 4 of 60 | 100 % | 0 | 4 | 0 | 0 |" in lines
        assert "| all of these | 4 of 60 | 100 % | 0 | 4 | 0 | 0 |" in lines

    def test_a_file_counts_by_all_of_its_mutants(self):
        from printing.mutation import share

        small = {**row(mutants=2, tests=2), "equivalent": 0}
        large = {**row(mutants=2, tests=1), "equivalent": 0, "of": 8}
        assert share([small, large]) == (2 + 4) / (2 + 8)

    def test_nothing_is_rounded_up(self):
        from printing.mutation import percent

        nearly = {**row(mutants=9999, tests=9998), "equivalent": 0}
        assert percent([nearly]) == "99.9 %"


class TestTarget:
    """Every statement, formula and definition, and 95 % of everything."""

    def missed(self, **rows):
        from printing.mutation import counted, missed

        files = {
            "statement": "proofs/claims/derivations/bp1.py",
            "formula": "proofs/network/equations.py",
        }
        files |= {"definition": "proofs/network/costs.py", "page": "docs/bp1.md"}
        record = {files[name]: row for name, row in rows.items()}
        return missed(counted(record, {}), list(files.values()))

    def test_met(self):
        done = row(tests=4)
        assert not self.missed(statement=done, formula=done, definition=done, page=done)

    @pytest.mark.parametrize("kind", ["statement", "formula", "definition"])
    def test_one_survivor(self, kind):
        rows = dict.fromkeys(("statement", "formula", "definition"), row(mutants=99, tests=99))
        rows[kind] = row(mutants=99, tests=98, survivors=[("a", "b")])
        assert self.missed(**rows) == [f"{kind}s: 98.9 %"]

    @pytest.mark.parametrize("kind", ["statement", "formula", "definition"])
    def test_one_file_not_measured(self, kind):
        rows = dict.fromkeys(("statement", "formula", "definition"), row(tests=4))
        del rows[kind]
        [said] = self.missed(**rows)
        assert said.startswith(f"some {kind}s have not been changed yet, and the share ")

    @pytest.mark.parametrize("kind", ["statement", "formula", "definition"])
    def test_one_file_of_which_there_is_a_sample(self, kind):
        rows = dict.fromkeys(("statement", "formula", "definition"), row(tests=4))
        rows[kind] = {**row(tests=4), "of": 5}
        [said] = self.missed(**rows)
        assert said.startswith(f"some {kind}s have not been changed yet, and the share ")

    def test_everything(self):
        done, bad = row(tests=4), row(mutants=2, build=1, survivors=[("a", "b")])
        missed = self.missed(statement=done, formula=done, definition=done, page=bad)
        assert missed == ["everything: 92.8 %"]


class TestRecord:
    """A run replaces the rows of the files it measured, and no others."""

    def test_merged(self, tmp_path):
        from printing.mutation import merge, read

        file = tmp_path / "record.json"
        merge("b", row(tests=4), file)
        merge("a", row(tests=3), file)
        merge("b", row("later", tests=2), file)
        assert list(read(file).items()) == [("a", row(tests=3)), ("b", row("later", tests=2))]

    def test_the_row_of_a_run(self):
        from printing.mutation import row_of

        first, second, third = ({"line": n} for n in (1, 2, 3))
        killers = [(first, "claims"), (second, "TestThis::test_that"), (third, "")]
        assert row_of("v", killers) == {
            "digest": "v",
            "mutants": 3,
            "claims": 1,
            "tests": 1,
            "build": 0,
            "survivors": [third],
        }

    def test_the_row_of_a_sample_says_of_how_many(self):
        from printing.mutation import row_of

        its = row_of("v", [({"line": 1}, "claims"), ({"line": 2}, "claims")], total=9)
        assert (its["mutants"], its["of"]) == (2, 9)

    def test_a_sample_is_the_same_every_time_and_grows(self):
        from judges import Mutant
        from run import sample

        found = [Mutant("file", n, "", "", f"x = {n}") for n in range(50)]
        some, more = sample(found, 10), sample(found, 20)
        assert len(some) == 10
        assert some != found[:10]
        assert set(some) < set(more)
        assert sample(found, None) == sample(found, 99) == found

    def test_survivors_judged_again(self):
        from printing.mutation import row_of

        earlier = row("v", 9, [("a", "b"), ("c", "d")], tests=7)
        fates = [(earlier["survivors"][0], "build"), (earlier["survivors"][1], "")]
        assert row_of("v", fates, earlier, 9) == row("v", 9, [("c", "d")], tests=7, build=1)

    def test_every_mutant_of_the_record_has_one_fate(self):
        from printing.mutation import JUDGES, read

        for path, its in read().items():
            settled = sum(its[judge] for judge in JUDGES) + len(its["survivors"])
            assert settled == its["mutants"], path


class TestEquivalent:
    """An equivalent mutant is one of a line that is there, and it survived; it has a reason."""

    def test_the_list_is_about_the_sources_as_they_are(self):
        from printing.mutation import digest, read, reasons

        for (path, before, after), reason in reasons().items():
            text, its = (ROOT / path).read_text(encoding="utf-8"), read().get(path)
            assert before in " ".join(text.split())
            assert len(reason.split()) > 3
            if its and its["digest"] == digest(text):
                alive = [(m["before"], m["after"]) for m in its["survivors"]]
                assert (before, after) in alive, f"{path}: {after} was caught"


class TestJudges:
    """Those who are asked about a module exist, and are not asked about one that is gone."""

    def test_every_judge_is_there(self):
        from judges import judges_of, tests_of
        from printing.mutation import paths

        judges = {judge for path in paths() for judge in judges_of(path)} - {"claims!", "build!"}
        assert [judge for judge in judges if not (ROOT / tests_of(judge)).exists()] == []

    def test_a_folder_is_judged_by_the_tests_of_its_name(self):
        from judges import judges_of

        first, *others = judges_of("proofs/checker/battery.py")
        assert first == "checker/battery"
        assert {judge.split("/")[0] for judge in others} == {"checker", "network"}
        assert "claims!" in judges_of("proofs/network/equations.py")
        assert judges_of("proofs/unheard_of.py") == ["network/frozen"]

    def test_every_file_has_a_judge(self):
        from judges import judges_of
        from printing.mutation import paths

        assert [path for path in paths() if not judges_of(path)] == []

    def test_none_builds_a_page(self):
        """A fork of the server cannot: what pages show is asked in tests/printing."""
        from judges import judges_of, tests_of
        from printing.mutation import paths

        asked = {judge for path in paths() for judge in judges_of(path)} - {"claims!", "build!"}
        building = [
            f"{judge}: {test.name}"
            for judge in sorted(asked)
            for test in ast.walk(ast.parse((ROOT / tests_of(judge)).read_text("utf-8")))
            if isinstance(test, ast.FunctionDef) and "build" in [a.arg for a in test.args.args]
        ]
        assert building == []


FATES = {
    "''": "''",
    "open('file').read()": "'changed'",
    "1 / 0": "'ZeroDivisionError'",
    "os._exit(0)": "'its process'",
    "[None for _ in iter(int, 1)]": "'its process'",
    "time.sleep(1.5) or ''": "''",
}
"""What a judge does, and what is said to have killed the mutant."""

SETTLED = f"""
import os, sys, time
sys.path[:0] = {[str(folder) for folder in TOOLS]}
import run
from judges import Mutant

for fate in {[*FATES]}:
    run.judged = lambda mutant, original: eval(fate)
    found = run.settled(Mutant("file", 1, "", "", "changed"), 1)
    print(repr(found.killer), open("file").read(), flush=True)
"""


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """What one process, which outlives them all, prints of each."""
    folder = tmp_path_factory.mktemp("fates")
    (folder / "file").write_text("original", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SETTLED], cwd=folder, capture_output=True, text=True
    )
    assert done.stderr == ""
    return dict(zip(FATES, done.stdout.splitlines(), strict=True))


class TestFork:
    """A mutant that hangs or ends its own process is caught; one on a busy machine is not."""

    @pytest.mark.parametrize("fate", FATES)
    def test_fate(self, settled, fate):
        assert settled[fate] == f"{FATES[fate]} original"
