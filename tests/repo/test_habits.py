"""What keeps the project in order: workflows, hooks, and the sessions that make and try things."""

import re
import subprocess
import sys
import tomllib

import elsewhere
import page
import pytest
import yaml
from sites import ROOT, write

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = re.compile(r"[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def loose(workflow):
    """The actions of a workflow that a tag could move under its feet."""
    return [use for use in re.findall(r"uses: (.*)", workflow) if not PINNED.fullmatch(use)]


class TestWorkflows:
    """They run on every Python that is promised, with actions that nobody can change."""

    @pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
    def test_every_action_is_pinned(self, file):
        assert loose(file.read_text(encoding="utf-8")) == []

    @pytest.mark.parametrize("use", ["actions/checkout@v4", f"actions/checkout@{'a' * 40}"])
    def test_one_that_is_not_is_seen(self, use):
        assert loose(f"- uses: {use}\n") == [use]

    def test_every_python(self):
        jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))[
            "jobs"
        ]
        matrix = jobs["python"]["strategy"]["matrix"]
        assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
        assert f">={matrix['python'][0]}" == PROJECT["project"]["requires-python"]
        assert matrix["session"] == ["tests", "wheel"]
        assert {"python": "3.11", "session": "lowest"} in matrix["include"]

    def test_the_style_is_checked_first(self):
        run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
        sessions = re.findall(r"nox -s (\w+)", run)
        assert sessions[0] == "lint"
        assert {"formal", "frameworks", "wheel", "browser"} <= set(sessions)
        assert run.index('wait "$style"') < run.index('done <<<"$commands"')

    def test_what_runs_beside_others_asks_for_no_movement(self):
        run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
        assert run.index("nox -s browser") < run.index('wait "$foreign"')
        [looked] = re.findall(r'looked="(.*)"', run)
        for name in looked.split(" or "):
            text = (ROOT / f"tests/browser/{name}.py").read_text(encoding="utf-8")
            assert not re.search(r"shifts|painted|lighthouse", text), name


class TestHooks:
    """What runs before a commit is what runs in the session."""

    HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]

    def test_they_are_pinned(self):
        revisions = [repo["rev"] for repo in self.HOOKS if repo["repo"] != "local"]
        assert all(re.fullmatch("[0-9a-f]{40}", revision) for revision in revisions)

    def test_ruff_is_the_locks(self):
        lock = (ROOT / "conf/lock/lock.txt").read_text(encoding="utf-8")
        for hook in self.HOOKS[0]["hooks"]:
            [wanted] = hook["additional_dependencies"]
            assert f"\n{wanted}\n" in lock


class TestFiles:
    """The version and the licence stand in two files, and agree."""

    def test_the_citation(self):
        cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
        assert cited["version"] == PROJECT["project"]["version"]
        assert cited["license"] == PROJECT["project"]["license"]

    def test_the_changelog_has_the_version(self):
        text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        assert f"\n## {PROJECT['project']['version']}\n" in text

    @pytest.mark.parametrize("name", ["wrong-equation", "wrong-report"])
    def test_a_form_asks_for_what_is_needed(self, name):
        form = (ROOT / f".github/ISSUE_TEMPLATE/{name}.yml").read_text(encoding="utf-8")
        asked = yaml.safe_load(form)["body"]
        assert any(part.get("validations", {}).get("required") for part in asked)


class TestElsewhere:
    """README's commands run on a bare Debian, and one that fails there is named."""

    def test_they_are_readmes_commands_and_the_formal_check(self):
        docs, tests, formal = elsewhere.commands()
        assert docs.endswith("nox -s docs")
        assert tests.endswith("nox -s tests")
        assert formal.endswith("nox -s formal -- --check")

    @pytest.fixture
    def machine(self, tmp_path, monkeypatch):
        """A machine whose systems are empty folders, in which some commands fail."""
        monkeypatch.setattr(elsewhere, "BUILD", tmp_path)
        monkeypatch.setattr(elsewhere.os, "geteuid", lambda: 0)
        monkeypatch.setattr(elsewhere, "COPIED", [])
        asked, failing = [], []

        def run(command, **_options):
            asked.append(command)
            fails = any(word in command[-1] for word in failing)
            return subprocess.CompletedProcess(command, int(fails))

        monkeypatch.setattr(elsewhere.subprocess, "run", run)
        return asked, failing

    def test_everything_passes(self, machine, capsys):
        assert elsewhere.main([]) == 0
        made, cloned, *runs = machine[0]
        assert made[0] == "mmdebstrap"
        assert "trixie" in made
        assert cloned[:2] == ["git", "clone"]
        assert [command[-1] for command in runs] == elsewhere.commands()
        assert capsys.readouterr().out.endswith("3 passed, 0 failed\n")

    def test_a_command_that_fails_is_named_and_the_rest_runs(self, machine, capsys):
        machine[1].append("nox -s tests")
        assert elsewhere.main(["bookworm"]) == 1
        out = capsys.readouterr().out
        assert "failed on bookworm: .venv/bin/nox -s tests\n" in out
        assert out.endswith("2 passed, 1 failed\n")

    def test_only_root_can_enter(self, monkeypatch, capsys):
        monkeypatch.setattr(elsewhere.os, "geteuid", lambda: 1000)
        assert elsewhere.main([]) == 1
        assert "root" in capsys.readouterr().out


class TestANewPage:
    """It has what every page must have, and stands in the contents."""

    @pytest.fixture
    def docs(self, tmp_path):
        write(tmp_path, index="# X\n\n```{toctree}\none\n```\n\n```{toctree}\ntwo\n```\n\nEnd.\n")
        return tmp_path / "docs"

    def test_it_is_written(self, docs):
        text = page.begin("a-new-page", docs).read_text(encoding="utf-8")
        assert "\n# A new page\n" in text
        assert text.count("```{self-check}") == 2
        assert text.count("```{ledger}") == 1
        assert 40 <= len(re.findall(r"description: (.*)", text)[0]) <= 200

    def test_it_is_the_last_of_the_contents(self, docs):
        page.begin("a-new-page", docs)
        text = (docs / "index.md").read_text(encoding="utf-8")
        assert text.endswith("```{toctree}\ntwo\na-new-page\n```\n\nEnd.\n")
        assert "one\n```" in text

    @pytest.mark.parametrize("name", ["New Page", "../x", "index"])
    def test_a_name_that_cannot_be_is_refused(self, docs, name):
        before = (docs / "index.md").read_text(encoding="utf-8")
        with pytest.raises(ValueError, match=r"no name of a page|there already"):
            page.begin(name, docs)
        assert (docs / "index.md").read_text(encoding="utf-8") == before

    def test_without_a_name_it_asks(self):
        done = subprocess.run(
            [sys.executable, str(ROOT / "conf/tools/page.py")],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 1
        assert "nox -s page -- NAME" in done.stdout
