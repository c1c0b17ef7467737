"""What `nox -s formal` runs: Coq checks every source, and what it says becomes the record.

Whatever Coq refuses, leaves open or takes for granted beyond the library's axioms has failed. Then
it must refuse false statements: tests/formal/Planted.v holds them, each beside the true one.

With --check the record is compared instead of written, and a difference fails. Another version of
Coq may check it: statements, assumptions and axioms must be the same, not how they are printed.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from proofs.witnesses import formal

ROOT = Path(__file__).parents[2]
PLANTED = ROOT / "tests" / "formal" / "Planted.v"
BUILD = ROOT / "build" / "formal"
SECONDS = 300
"""What one file may take; it takes five, but Coq's search for instances can go on for ever."""

MISSING = """Coq is not installed. On Debian 12 or 13:
    apt-get install --no-install-recommends coq libcoq-mathcomp-analysis
It downloads 361 MB. The site and the tests need no Coq, they read the record in
proofs/witnesses/formal/record.json."""

NEEDS = re.compile(r"^From Backprop Require \w+ ([\w ]+)\.", re.MULTILINE)
THEOREM = re.compile(r"(?:\(\*((?:(?!\*\)).)*)\*\)\n)?^Theorem (\w+)", re.DOTALL | re.MULTILINE)
# The lines below the name of an axiom are indented.
AXIOM = re.compile(r"^([\w.']+)(?:$| :)", re.MULTILINE)
AXIOMS = {"axioms": "Print Assumptions together."}
"""The question what `together` rests on."""
FALSE = re.compile(r"^\(\* ([^*]+) \*\)\n(?:(?!^Proof).)*^Proof\. Fail ", re.DOTALL | re.MULTILINE)
MISFIT = "while it is expected to have type"

ROOMS = "Attention Batch Cells Images Quadratic Time Wired"
"""The sources that need all others."""

Outcome = tuple[str, str]
"""What was tried, and why it failed; empty if it did not."""


def coqc(name: str, *options: str) -> str:
    """What Coq says of a file in the build folder; ChildProcessError if it refuses the file."""
    command = ["coqc", "-w", "none", "-Q", ".", "Backprop", *options, name]
    try:
        done = subprocess.run(
            command, cwd=BUILD, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ChildProcessError(f"no answer after {SECONDS} seconds") from None
    if done.returncode:
        # What was killed says nothing, and no reason would count as none.
        raise ChildProcessError(done.stderr.strip() or f"coqc ended with status {done.returncode}")
    return done.stdout


def check_sources() -> list[Outcome]:
    """Compile every source after those it needs, on all cores."""
    needs = {
        file.stem: " ".join(NEEDS.findall(file.read_text(encoding="utf-8"))).split()
        for file in formal.HERE.glob("*.v")
    }
    outcomes: dict[str, str] = {}

    def compiled(name: str) -> str:
        lacking = [f"{needed}.v" for needed in needs[name] if outcomes[needed]]
        if lacking:
            return f"needs {', '.join(lacking)}"
        try:
            coqc(f"{name}.v")
        except ChildProcessError as error:
            return str(error)
        return ""

    order = TopologicalSorter(needs)
    order.prepare()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        while order.is_active():
            ready = order.get_ready()
            outcomes.update(zip(ready, pool.map(compiled, ready), strict=True))
            order.done(*ready)
    return [(f"{name}.v", outcomes[name]) for name in sorted(outcomes)]


def ask() -> tuple[list[formal.Theorem], list[str]]:
    """Every theorem of the sources, its statement as Coq prints it; the axioms that all rest on."""
    found = [
        (name, file.name, comment.partition("Assumed:")[2])
        for file in sorted(formal.HERE.glob("*.v"))
        for comment, name in THEOREM.findall(file.read_text(encoding="utf-8"))
    ]
    names = [name for name, _, _ in found]
    answers = answer({name: f"Check @{name}." for name in names} | AXIOMS, together(names))
    theorems = [
        formal.Theorem(
            name, file, formal.about(name), statement(answers[name]), " ".join(assumed.split())
        )
        for name, file, assumed in found
    ]
    return theorems, listed(answers)


def answer(questions: dict[str, str], before: str = "") -> dict[str, str]:
    """What Coq answers to questions about the theorems, after a line that comes before them."""
    asked = "".join(f'Redirect "{name}" {question}\n' for name, question in questions.items())
    text = f"From Backprop Require Import {ROOMS}.\nSet Printing Width 84.\n{before}\n{asked}"
    (BUILD / "Ask.v").write_text(text, encoding="utf-8")
    coqc("Ask.v")
    return {name: (BUILD / f"{name}.out").read_text(encoding="utf-8") for name in questions}


def statement(answer: str) -> tuple[str, ...]:
    """The lines of the type in an answer of `Check`: "name", and below it ": type", indented."""
    _, *lines = answer.replace("\n     : ", "\n       ", 1).rstrip().split("\n")
    return tuple(line[7:].rstrip() for line in lines)


def together(names: Iterable[str]) -> str:
    """A definition that rests on what any of these theorems rests on."""
    return f"Definition together := ({', '.join(f'@{name}' for name in names)})."


def listed(answers: dict[str, str]) -> list[str]:
    """The axioms in an answer; what is admitted counts as one."""
    return sorted(AXIOM.findall(answers["axioms"].partition("Axioms:\n")[2]))


def rest_on(name: str) -> list[str]:
    """The axioms that a theorem rests on."""
    return listed(answer(AXIOMS, together([name])))


def check_theorem(theorem: formal.Theorem) -> Outcome:
    """Whether a theorem is one that the lists name, and says what it assumes."""
    why = ""
    if theorem.name not in formal.names():
        why = "proofs/witnesses/formal/__init__.py does not say what it is for"
    elif not theorem.assumed:
        why = "the comment above it does not say what is assumed"
    return f"{theorem.file} {theorem.name}", why


def check_axioms(theorems: list[formal.Theorem], axioms: list[str]) -> list[Outcome]:
    """Nothing may rest on more than the library; if something does, it is named."""
    names = [theorem.name for theorem in theorems]
    foreign = [axiom for axiom in axioms if axiom not in formal.AXIOMS]
    if not foreign:
        return [("the axioms are the library's", "")]
    return [
        (f"the axioms of {name}", f"it rests on {', '.join(added)}" if added else "")
        for name in names
        # A second for each theorem.
        for added in [[axiom for axiom in rest_on(name) if axiom in foreign]]
    ]


def check_planted() -> Iterable[Outcome]:
    """Coq must refuse every false statement, because it is not what was proved."""
    names = FALSE.findall(PLANTED.read_text(encoding="utf-8"))
    shutil.copy(PLANTED, BUILD)
    try:
        # In this mode Coq prints what `Fail` has caught.
        answer = coqc(PLANTED.name, "-test-mode")
    except ChildProcessError as error:
        return [(PLANTED.name, str(error))]
    _, *refusals = answer.split("The command has indeed failed with message:")
    if len(refusals) != len(names):
        return [(PLANTED.name, f"{len(names)} are false, but Coq refused {len(refusals)}")]
    return [
        (f"{PLANTED.name} refused: {name}", "" if MISFIT in " ".join(said.split()) else said)
        for name, said in zip(names, refusals, strict=True)
    ]


def record(theorems: list[formal.Theorem], axioms: list[str]) -> dict[str, Any]:
    """The record of a run."""
    said = {
        "prover": prover(),
        "sources": formal.sources(),
        "axioms": axioms,
        "theorems": [vars(theorem) for theorem in theorems],
    }
    return said | {"seal": formal.seal(said)}


def prover() -> str:
    """The name and version of the prover, which is called Rocq from version 9 on."""
    command = ["coqc", "--print-version"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    version = done.stdout.split()[0]
    return f"{'Coq' if int(version.partition('.')[0]) < 9 else 'Rocq'} {version}"


def check_record(said: dict[str, Any]) -> Outcome:
    """The written record must fit the sources, and say the same as this run."""
    why = formal.verify() or formal.differences(formal.read(), said)
    return f"{formal.RECORD.name}, compared with {said['prover']}", "; ".join(why)


def main(arguments: list[str]) -> int:
    """Check everything, write or compare the record; the number of failures."""
    if shutil.which("coqc") is None:
        print(MISSING)
        return 1
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    for source in formal.HERE.glob("*.v"):
        shutil.copy(source, BUILD)
    outcomes = check_sources()
    if not any(why for _, why in outcomes):
        theorems, axioms = ask()
        for theorem in theorems:
            print(theorem.name, *theorem.statement, sep="\n")
            print(f"Assumed: {theorem.assumed}\n")
        print(f"All theorems rest on: {', '.join(axioms)}\n")
        outcomes += [check_theorem(theorem) for theorem in theorems]
        outcomes += [
            (f"theorem {name}", "there is none in the sources")
            for name in formal.names()
            if name not in {theorem.name for theorem in theorems}
        ]
        outcomes += check_axioms(theorems, axioms)
        outcomes += check_planted()
        said = record(theorems, axioms)
        if "--check" in arguments:
            outcomes.append(check_record(said))
        elif not any(why for _, why in outcomes):
            formal.write(said)
    for what, why in outcomes:
        print(f"failed: {what}: {why}" if why else f"passed: {what}")
    failed = sum(bool(why) for _, why in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
