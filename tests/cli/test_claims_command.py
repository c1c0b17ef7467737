"""`python -m proofs`: the ledger of all claims, for people and for programs."""

import io
import json
import re
import subprocess
import sys
import types
from dataclasses import replace

import numpy as np
import pytest
from strategies import assert_close

from proofs.claims import CLAIMS, find
from proofs.cli import claims as command
from proofs.measuring.cases import running_case, standard_cases
from proofs.witnesses.checking import instances
from proofs.witnesses.ledger import COLUMNS, entry

SOME = ["z", "BP1", "38"]
"""A definition, a claim with a formula, one with a refutation and without a formula."""


def options(*tags):
    return [word for tag in tags for word in ("--claim", tag)]


@pytest.fixture
def run(capsys):
    """Run the command in this process: its exit status and what it printed."""

    def run(*argv):
        status = command.main(argv)
        return types.SimpleNamespace(status=status, **capsys.readouterr()._asdict())

    return run


@pytest.fixture
def refused(capsys):
    """What the command says when its arguments cannot be used."""

    def refused(*argv):
        with pytest.raises(SystemExit) as stopped:
            command.main(argv)
        assert stopped.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("usage: python -m proofs")
        return err.splitlines()[-1]

    return refused


@pytest.fixture
def spoiled(monkeypatch):
    """Twice the true formula of BP2, in place of the claim."""
    true = CLAIMS["BP2"]
    wrong = replace(true, formula=lambda case, l: 2 * true.formula(case, l))
    monkeypatch.setitem(CLAIMS, "BP2", wrong)


@pytest.fixture
def accepted(monkeypatch):
    """BP1 as a wrong equation that its own check cannot reject."""
    claim = CLAIMS["BP1"]
    true = replace(claim.refutations[0], statement=claim.statement, hypotheses=claim.hypotheses)
    monkeypatch.setitem(CLAIMS, "BP1", replace(claim, refutations=(true,)))


class TestLedger:
    """Elsewhere than on a terminal: a line for each claim, then how many hold."""

    def test_a_line_for_each_claim_in_the_order_asked_for(self, run):
        lines = run(*options("BP1", "z")).out.splitlines()
        assert [line.split()[0] for line in lines[:3]] == ["Tag", "BP1", "z"]
        assert lines[-1] == "2 of 2 claims hold, 0 fail"

    def test_a_line_has_witnesses_refutations_and_title(self, run):
        line = run(*options("BP1")).out.splitlines()[1]
        number = r"\d+e[+-]\d\d"
        apart = f"{number} <= {number}"
        pattern = rf"BP1 +yes +every width +{apart} +{apart} +2 of 2 +The error at the output"
        assert re.fullmatch(pattern, line)

    def test_columns_are_as_wide_as_what_is_in_them(self, run):
        printed = run(*options(max(CLAIMS, key=len), "chain", "47", "BP1")).out
        head, *lines = printed.split("\n\n")[0].splitlines()
        starts = [head.index(name) for name in COLUMNS]
        for start in starts[1:]:
            assert {line[start - 2 : start] for line in lines} == {"  "}
            assert {line[start - 3] for line in [head, *lines]} != {" "}

    def test_each_line_comes_as_soon_as_it_is_known(self, monkeypatch):
        class Out(io.StringIO):
            seen = ""

            def flush(self):
                self.seen = self.getvalue()

        monkeypatch.setattr(sys, "stdout", Out())
        command._print_line(["z"])
        assert sys.stdout.seen == "z\n"

    def test_a_tag_given_twice_is_checked_once(self, run):
        assert run(*options("z", "z")).out.endswith("1 of 1 claims hold, 0 fail\n")

    def test_it_is_the_same_every_time(self, run):
        assert run(*options(*SOME)).out == run(*options(*SOME)).out

    def test_it_shows_no_progress(self, run):
        assert run(*options("z")).err == ""


class TestTerminal:
    """On a terminal a table and a progress bar, if rich is installed; plain lines without it."""

    def test_plain_lines_without_rich(self, run, monkeypatch):
        monkeypatch.setattr(command, "RICH", False)
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        result = run(*options("z"))
        assert result.out.startswith("Tag     Holds  Symbolic")
        assert result.err == ""

    def test_a_bar_and_a_table_with_rich(self, run, monkeypatch):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        result = run(*options("z", "BP1"))
        assert "Checking" in result.err
        assert re.search(r"BP1 +│ yes +│ every width", result.out)
        assert "2 of 2 claims hold" in result.out

    def test_the_bar_is_gone_in_the_end(self, run, monkeypatch):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        monkeypatch.setenv("TERM", "xterm")
        assert run(*options("z")).err.endswith("\x1b[2K")

    def test_a_table_shows_what_it_is_given(self, capsys, monkeypatch):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("TERM", "xterm")
        command._print_table(["Tag"], [["12 [j = k] [bold]"]])
        assert "│ 12 [j = k] [bold] │" in capsys.readouterr().out

    def test_no_bar_where_errors_do_not_go_to_a_terminal(self, run, monkeypatch):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        assert run(*options("z"), "--json").err == ""


class TestJson:
    """--json prints one object, by the contract."""

    @pytest.fixture
    def found(self, run):
        return json.loads(run("--json", *options(*SOME)).out)

    def test_to_read_as_well(self, run):
        printed = run("--json", *options("z")).out
        assert printed == json.dumps(json.loads(printed), indent=2) + "\n"

    def test_the_whole(self, found):
        assert set(found) == {"holds", "claims"}
        assert found["holds"] is True
        assert [claim["tag"] for claim in found["claims"]] == SOME

    def test_each_claim(self, found):
        for claim in found["claims"]:
            assert set(claim) == {"tag", "title", "holds", "witnesses", "refutations"}
            assert claim["title"] == CLAIMS[claim["tag"]].title
            assert claim["holds"] is True

    def test_symbolic(self, found):
        for claim in found["claims"]:
            witness = claim["witnesses"]["symbolic"]
            assert set(witness) == {"holds", "detail"}
            assert witness["holds"] is True
            assert "every width" in witness["detail"]

    def test_what_is_measured(self, found):
        for claim in found["claims"]:
            for name in set(claim["witnesses"]) - {"symbolic"}:
                witness = claim["witnesses"][name]
                assert set(witness) == {"holds", "residual", "tolerance", "cases"}
                assert witness["holds"] is True
                assert 0 <= witness["residual"] <= witness["tolerance"] < 1e-9
                assert witness["cases"] >= 1

    def test_agreement_is_absent_without_a_formula(self, found):
        for claim in found["claims"]:
            agreement = {"agreement"} if CLAIMS[claim["tag"]].formula else set()
            assert set(claim["witnesses"]) == {"symbolic", "measured"} | agreement

    def test_refutations(self, found):
        for claim in found["claims"]:
            names = [wrong.name for wrong in CLAIMS[claim["tag"]].refutations]
            assert [wrong["name"] for wrong in claim["refutations"]] == names
            for wrong in claim["refutations"]:
                assert set(wrong) == {"name", "rejected", "detail"}
                assert wrong["rejected"] is True
                assert wrong["detail"].startswith("left side")

    def test_a_number_that_is_not_finite_is_null(self, run, monkeypatch):
        claim = CLAIMS["BP1"]
        nothing = replace(claim, formula=lambda case, l: claim.formula(case, l) * float("nan"))
        monkeypatch.setitem(CLAIMS, "BP1", nothing)
        (record,) = json.loads(run("--json", *options("BP1")).out)["claims"]
        assert record["witnesses"]["measured"]["holds"] is False
        assert record["witnesses"]["measured"]["residual"] is None


class TestFalseClaim:
    """A claim that does not hold makes the status 1, and a counterexample says why."""

    COUNTEREXAMPLE = re.compile(
        r"^\(BP2\) is false: left side \S+, right side \S+ at j = \d, l = \d, example \d; .* cost$",
        re.MULTILINE,
    )

    def test_ledger(self, run, spoiled):
        result = run(*options("z", "BP2"))
        assert result.status == 1
        assert re.search(r"^BP2 +NO ", result.out, re.MULTILINE)
        assert self.COUNTEREXAMPLE.search(result.out)
        assert result.out.endswith("1 of 2 claims hold, 1 fail\n")

    def test_json(self, run, spoiled):
        result = run("--json", *options("z", "BP2"))
        found = json.loads(result.out)
        assert result.status == 1
        assert found["holds"] is False
        assert [claim["holds"] for claim in found["claims"]] == [True, False]
        assert found["claims"][1]["witnesses"]["symbolic"]["holds"] is True
        assert found["claims"][1]["witnesses"]["measured"]["holds"] is False
        assert self.COUNTEREXAMPLE.search(result.err)

    def test_on_another_network(self, run, spoiled):
        result = run("--sizes", "2,3,2", *options("BP2"))
        assert result.status == 1
        assert "2-3-2 sigmoid, sigmoid; quadratic cost" in result.out

    def test_a_wrong_equation_that_is_accepted(self, run, accepted):
        result = run(*options("BP1"))
        assert result.status == 1
        assert "0 of 1" in result.out.splitlines()[1]
        assert '(BP1): the wrong equation "no sigma\'" was accepted' in result.out

    def test_a_wrong_equation_that_is_accepted_on_another_network(self, run, accepted):
        assert run("--seed", "1", *options("BP1")).status == 1


class TestAnotherNetwork:
    """Its options choose the one network that claims are measured on."""

    def test_it_is_measured_on_that_network_alone(self, run):
        network = ["--sizes", "2,3,4,2", "--activation", "tanh,relu,softmax", "--seed", "3"]
        result = run("--json", *network, "--cost", "log_likelihood", *options("37", "BP2J"))
        measured = [c["witnesses"]["measured"] for c in json.loads(result.out)["claims"]]
        assert result.status == 0
        assert [m["cases"] for m in measured] == [1, 2]

    def test_outside_its_hypotheses_a_claim_neither_holds_nor_fails(self, run):
        result = run("--activation", "softmax", *options("37", "38"))
        assert result.status == 0
        assert re.search(r"^38 +- .*\(not applicable to this network\)$", result.out, re.MULTILINE)
        assert result.out.endswith(
            "1 of 2 claims hold, 0 fail, 1 are not applicable to this network\n"
        )

    def test_in_json_such_a_claim_has_null_and_no_witnesses(self, run):
        found = json.loads(run("--json", "--activation", "softmax", *options("37", "38")).out)
        assert found["holds"] is True
        assert found["claims"][1]["holds"] is None
        assert found["claims"][1]["witnesses"] == {}
        assert found["claims"][1]["refutations"] == []

    def test_a_wrong_equation_need_not_fail_on_this_very_network(self, run):
        """(38) without locality is right for sigmoid outputs: a standard network contradicts it."""
        result = run("--json", "--seed", "1", *options("38"))
        (wrong,) = json.loads(result.out)["claims"][0]["refutations"]
        assert wrong["rejected"] is True
        assert "softmax" in wrong["detail"]

    def test_if_it_does_fail_there_that_is_the_counterexample(self, run):
        result = run("--json", "--sizes", "2,3,2", *options("BP1"))
        wrong = json.loads(result.out)["claims"][0]["refutations"][0]
        assert "2-3-2 sigmoid, sigmoid; quadratic cost" in wrong["detail"]

    @pytest.mark.parametrize("option", ["--seed", "--batch"])
    def test_the_seed_and_the_batch_are_used(self, run, option):
        def ledger(value):
            return run("--json", option, value, *options("BP4")).out

        assert ledger("1") != ledger("2")


class TestDefaults:
    """What is not said is as on the pages, and a seed draws everything."""

    def case(self, *argv):
        return command._case(command._parser().parse_args(argv))

    def test_all(self):
        case, said = self.case("--seed", "0"), running_case(seed=0)
        assert repr(case.network) == repr(said.network)
        assert (case.network.w[2] == said.network.w[2]).all()
        assert case.x.shape == said.x.shape

    def test_the_seed_is_0(self):
        case, same = self.case("--batch", "6"), self.case("--seed", "0")
        assert (case.network.w[2] == same.network.w[2]).all()
        assert (case.x == same.x).all()

    def test_a_seed_draws_weights_inputs_and_targets(self):
        case, other = self.case("--seed", "1"), self.case("--seed", "2")
        assert (case.network.w[2] != other.network.w[2]).all()
        assert (case.x != other.x).all()
        assert (case.y != other.y).all()

    def test_targets_are_a_distribution(self):
        y = self.case("--seed", "1").y
        assert (y > 0).all()
        assert_close(y.sum(axis=0), np.ones(6))

    def test_two_layers_of_one_neuron(self):
        assert self.case("--sizes", "1,1").network.sizes == [1, 1]

    def test_outputs_up_to_the_ends_of_what_a_cost_takes(self):
        case = self.case("--cost", "cross_entropy")
        assert repr(case.network) == "3-5-4-2 sigmoid, sigmoid, sigmoid; binary cross-entropy cost"


class TestDeep:
    """--deep takes every standard network, drawn several times, and all layers."""

    @pytest.mark.parametrize("tag", ["BP2", "46"])
    def test_every_layer_of_three_draws(self, tag):
        """Without it, 20 of one draw."""
        claim = find(tag)
        whole = list(instances(claim.statement, claim.hypotheses, standard_cases(3)))
        assert entry(claim, deep=True).verdict.measured.cases == len(whole)
        assert entry(claim).verdict.measured.cases == 20

    def test_more_cases(self, run):
        found = json.loads(run("--json", "--deep", *options("Q", "chain")).out)["claims"]
        q, chain = (claim["witnesses"]["measured"]["cases"] for claim in found)
        assert q > 200
        assert chain == 1


class TestUnusableArguments:
    """Status 2, and one line that says what was expected and what came."""

    @pytest.mark.parametrize(
        ("option", "value", "expected"),
        [
            ("--sizes", "3,x", "at least two whole numbers of at least 1, such as 3,5,4,2"),
            ("--sizes", "3,0,2", "at least two whole numbers of at least 1, such as 3,5,4,2"),
            ("--sizes", "3", "at least two whole numbers of at least 1, such as 3,5,4,2"),
            ("--sizes", "", "at least two whole numbers of at least 1, such as 3,5,4,2"),
            ("--cost", "cubic", "one of quadratic, cross_entropy, log_likelihood"),
            ("--seed", "-1", "a whole number of at least 0"),
            ("--batch", "0", "a whole number of at least 1"),
        ],
    )
    def test_a_value(self, refused, option, value, expected):
        message = f"error: argument {option}: expected {expected}, got {value!r}"
        assert refused(f"{option}={value}").endswith(message)

    def test_an_activation(self, refused):
        message = refused("--activation", "sigmoid,sin")
        assert re.search(r"expected names among sigmoid, .*, softmax, got 'sin'$", message)

    def test_activations_for_other_layers(self, refused):
        message = refused("--activation", "sigmoid,tanh")
        assert message.endswith("expected one, or one for each of the layers 2..4, got 2")

    def test_a_cost_that_is_infinite_on_the_outputs(self, refused):
        message = refused("--activation", "tanh", "--cost", "cross_entropy")
        assert "cross_entropy expected outputs in (0, 1)" in message
        assert "got tanh, whose outputs lie in (-1, 1)" in message

    def test_a_cost_that_is_infinite_on_some_outputs(self, refused):
        message = refused("--activation", "softplus", "--cost", "cross_entropy")
        assert "got softplus, whose outputs lie in (0, inf)" in message

    def test_an_option_cut_short(self, refused):
        assert "unrecognized arguments: --js" in refused("--js")

    def test_an_unknown_tag(self, refused):
        message = refused(*options("BP5"))
        assert "argument --claim: there is no claim (BP5); the claims are" in message
        assert all(tag in message for tag in CLAIMS)

    def test_deep_on_another_network(self, refused):
        assert "--deep checks the standard networks" in refused("--deep", "--seed", "1")

    def test_a_network_that_no_claim_asked_for_applies_to(self, refused):
        message = refused("--activation", "softmax", *options("38", "BP1"))
        assert "nothing to check: 38, BP1 not applicable to 3-5-4-2 softmax" in message


class TestProcess:
    """As people run it."""

    def run(self, *arguments):
        return subprocess.run(
            [sys.executable, *arguments], capture_output=True, text=True, check=False
        )

    def test_status_0_and_the_ledger(self):
        result = self.run("-m", "proofs", "--claim", "z")
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.endswith("1 of 1 claims hold, 0 fail\n")

    def test_status_2_for_an_unknown_option(self):
        result = self.run("-m", "proofs", "--colour")
        assert result.returncode == 2
        assert "unrecognized arguments: --colour" in result.stderr

    @pytest.mark.parametrize("arguments", [["--help"], ["--sizes", "3,x"]])
    def test_help_and_slips_do_not_wait_for_sympy(self, arguments):
        program = (
            "import atexit, sys, proofs.__main__ as command\n"
            "atexit.register(lambda: print('sympy' in sys.modules))\n"
            f"command.main({arguments})"
        )
        assert self.run("-c", program).stdout.endswith("False\n")

    def test_the_same_claims_run_as_tests(self):
        """`pytest --pyargs proofs` has a test for every claim and every wrong equation."""
        result = self.run("-m", "pytest", "--pyargs", "proofs", "--collect-only", "-q")
        for claim in CLAIMS.values():
            assert f"test_claim_holds[{claim.tag}]" in result.stdout
            for wrong in claim.refutations:
                assert f"[{claim.tag}: {wrong.name}]" in result.stdout
