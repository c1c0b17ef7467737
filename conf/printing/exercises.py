"""Exercises on the pages: the task, a hint and the solution, and all stubs in one file."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing.claims import ClaimDirective
from printing.domain import facts, listing, lists, pages
from printing.folds import folded
from proofs.lessons.exercises import EXERCISES, Exercise, as_file, easiest_first

FILE = "exercises.py"


def failing(exercise: Exercise) -> str:
    """What is wrong with the solution of an exercise; empty if it is one."""
    try:
        exercise.check(exercise.solution)
    except Exception as error:
        return f"the solution of {exercise.name} fails: {error}"
    return ""


class PrintExercise(ClaimDirective):
    """```{exercise} NAME ...: the task of each, its hint and its solution, folded."""

    def run(self) -> list[nodes.Node]:
        names = self.arguments[0].split()
        for name in names:
            if name not in EXERCISES:
                self.note(f"there is no exercise {name}; there are {', '.join(EXERCISES)}")
        known = [EXERCISES[name] for name in names if name in EXERCISES]
        facts(self.env).exercises += [exercise.name for exercise in known]
        return [self.exercise(exercise) for exercise in known]

    def exercise(self, exercise: Exercise) -> nodes.Element:
        """One exercise."""
        if problem := failing(exercise):
            self.note(problem)
        for tag in exercise.claims:
            self.checked(tag)
        # Not as prose, which would take the (a) of a call for an equation.
        call = nodes.strong("", "", nodes.literal("", exercise.signature))
        line = nodes.paragraph("", "", call, nodes.Text(f" · {exercise.source}"))
        title = nodes.container("", line, classes=["exercise-title"])
        tags = ", ".join(f"({tag})" for tag in exercise.claims)
        rests = f"It passes its check, and rests on {tags}."
        code = nodes.literal_block(exercise.answer, exercise.answer, language="python")
        return nodes.container(
            "",
            title,
            self.prose(exercise.task, "task"),
            folded("Hint", self.prose(exercise.hint, "hint"), kind="answer"),
            folded("Solution", code, self.prose(rests, ""), kind="answer"),
            classes=["exercise"],
            ids=[nodes.make_id(f"exercise-{exercise.name}")],
        )


class PrintExercises(ClaimDirective):
    """```{exercises}: what all exercises ask, the easiest first, each name a link."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        facts(self.env).lists.add("exercises")
        return [exercise_list()]


class exercise_list(nodes.General, nodes.Element):
    """Where the list will stand when all places are known."""


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list in its place."""
    for place in list(doctree.findall(exercise_list)):
        items = nodes.bullet_list()
        for name, page in places(app).items():
            uri = f"{app.builder.get_relative_uri(docname, page)}#exercise-{nodes.make_id(name)}"
            link = nodes.reference("", "", nodes.literal("", name), internal=True, refuri=uri)
            stars = nodes.Text(f"{'★' * EXERCISES[name].level} ")
            brief = nodes.Text(f" {EXERCISES[name].brief}")
            items += nodes.list_item("", nodes.paragraph("", "", stars, link, brief))
        place.replace_self(items)


def places(app: Sphinx) -> dict[str, str]:
    """The page of each exercise, the easiest first, then in the order of the book."""
    found = {name: page for page, its in pages(app.env).items() for name in its.exercises}
    return {e.name: found[e.name] for e in easiest_first() if e.name in found}


def write_file(app: Sphinx, error: Exception | None) -> None:
    """Write the stubs beside the pages."""
    if error is None and app.builder.format == "html" and lists(app.env, "exercises"):
        Path(app.outdir, FILE).write_text(as_file(), encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(exercise_list)
    app.add_directive("exercise", PrintExercise)
    app.add_directive("exercises", PrintExercises)
    app.connect("env-updated", listing("exercises", lambda its: its.exercises))
    app.connect("doctree-resolved", fill)
    app.connect("build-finished", write_file)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
