"""OpenMDAO: its check_partials."""

import io
from functools import partial

import openmdao.api as om
import passes


def component(cost, gradient, x):
    """A component that computes somebody's own cost, and his own gradient as its partials."""

    class Own(om.ExplicitComponent):
        def setup(self):
            self.add_input("x", x)
            self.add_output("cost", 0.0)
            self.declare_partials("cost", "x")

        def compute(self, inputs, outputs):
            outputs["cost"] = cost(inputs["x"])

        def compute_partials(self, inputs, partials):
            partials["cost", "x"] = gradient(inputs["x"])

    return Own()


def accepts(cost, gradient, x, **how):
    """What check_partials objects: what it prints about the worst, if it shows anything as wrong."""
    problem = om.Problem(reports=False)
    problem.model.add_subsystem("own", component(cost, gradient, x))
    out = io.StringIO()
    try:
        problem.setup(force_alloc_complex=True)
        problem.run_model()
        told = {"out_stream": out, "show_only_incorrect": True, "compact_print": True}
        found = problem.check_partials(**told, **how)
    except Exception as error:
        return str(error) or type(error).__name__
    return out.getvalue() if found["own"]["cost", "x"]["tol violation"].forward > 0 else ""


if __name__ == "__main__":
    passes.ask(accepts, "problem.check_partials()", single=False)
    complex_step = partial(accepts, method="cs")
    how = "problem.check_partials(method='cs')"
    passes.ask(complex_step, how, single=False, whole=False)
