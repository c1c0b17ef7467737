"""Steps on tensors of somebody's own automatic differentiation."""

import numpy as np
import pytest
from own_engines import CLOSURES, FUNCTIONS, SCALARS
from sources import module_of

from proofs import check_model
from proofs.checker.layer_report import LayerReport


def judged(engine: str, old: str = "", new: str = "", step: str = "step") -> LayerReport:
    """The report on the step of an engine, one of its lines changed."""
    return judged_of(engine, (old, new), step=step)


def judged_of(engine: str, *changes: tuple[str, str], step: str = "step") -> LayerReport:
    """The report on an engine with several lines changed."""
    theirs = module_of(engine, *changes)
    return check_model(getattr(theirs, step), theirs.net, theirs.X, theirs.Y)


def wrong(report: LayerReport) -> list[tuple[str, str]]:
    return [(row.place, row.quantity) for row in report.violations]


class TestRight:
    """A right engine holds, whatever its tensors are: each parameter by its place."""

    @pytest.mark.parametrize(
        ("engine", "places"),
        [
            (SCALARS, {("hidden[0]", "dw[0]"), ("out", "db")}),
            (CLOSURES, {("step", "dW1"), ("step", "db1"), ("step", "dW2")}),
            (FUNCTIONS, {("step", "dW1"), ("step", "dW2")}),
        ],
    )
    def test_holds(self, engine: str, places: set[tuple[str, str]]) -> None:
        report = judged(engine)
        assert report.holds
        assert places <= {(row.place, row.quantity) for row in report.rows}

    def test_the_model_is_as_it_was(self) -> None:
        theirs = module_of(CLOSURES)
        before = [(p, p.data, p.grad, p.data.copy()) for p in theirs.net.parameters()]
        check_model(theirs.train, theirs.net, theirs.X, theirs.Y)
        for p, data, grad, numbers in before:
            assert p.data is data
            assert p.grad is grad
            assert np.array_equal(data, numbers)

    @pytest.mark.parametrize("wrong", ["", "2 * "])
    def test_the_data_are_as_they_were(self, wrong: str) -> None:
        lines = """
def centring(net, X, Y):
    X -= X.mean(axis=0)
    return step(net, X, Y)
"""
        theirs = module_of(CLOSURES + lines, ("g @ u.data.T", f"{wrong}g @ u.data.T"))
        before = theirs.X.copy()
        check_model(theirs.centring, theirs.net, theirs.X, theirs.Y)
        assert np.array_equal(theirs.X, before)

    def test_of_the_script(self) -> None:
        theirs = module_of(CLOSURES)
        assert check_model(theirs.of_its_script, theirs.X, theirs.Y).holds

    def test_a_list_of_tensors_by_the_name_of_the_argument(self) -> None:
        theirs = module_of(CLOSURES + "\ndef on(ps, X, Y):\n    return step(net, X, Y)\n")
        report = check_model(theirs.on, theirs.net.parameters(), theirs.X, theirs.Y)
        assert report.holds
        assert [row.quantity for row in report.rows] == ["dps[0]", "dps[1]", "dps[2]"]

    def test_gradients_of_an_update(self) -> None:
        report = judged(CLOSURES, step="train")
        assert report.holds
        assert any("a learning rate of 0.125" in said for said in report.remarks)

    def test_gradients_that_are_added_in_place_and_that_inputs_have_not(self) -> None:
        changes = [("self.grad._data = self.grad._data + grad", "self.grad += grad"),
                   ("self.grad = Tensor(np.zeros(self._data.shape)) if requires_grad else None",
                    "if requires_grad: self.grad = np.zeros(self._data.shape)"),
                   ("self.grad = Tensor(np.zeros(self._data.shape))",
                    "self.grad = np.zeros(self._data.shape)")]  # fmt: skip
        engine = CLOSURES.replace(
            "    @property\n    def data(self):\n        return self._data\n", ""
        )
        engine = engine.replace("    @data.setter\n    def data(self, new):\n", "")
        engine = engine.replace("        self._data, self.grad = new, None\n", "")
        engine = engine.replace(".grad.data", ".grad").replace(".data", "._data")
        assert judged_of(engine, *changes).holds
        report = judged_of(engine, *changes, ("g @ u._data.T", "2 * g @ u._data.T"))
        assert wrong(report) == [("matmul", "dt")]

    def test_a_call_that_fails_is_told_in_its_own_words(self) -> None:
        theirs = module_of(CLOSURES)
        report = check_model(theirs.step, theirs.net.parameters(), theirs.X, theirs.Y)
        assert "parameters" in report.problems[0]


class TestTheOperation:
    """A wrong line is told at the operation that it is in, and nothing that it spoils is blamed."""

    @pytest.mark.parametrize(
        ("engine", "old", "new", "at", "says"),
        [
            (SCALARS, "other.data * out.grad", "self.data * out.grad",
             ("Value.__mul__", "dself"), "out = Value(self.data * other.data"),
            (SCALARS, "(1 - t * t) * out.grad", "(1 - t) * out.grad",
             ("Value.tanh", "dself"), "the slope of math.tanh(self.data) is taken as 1 - y"),
            (SCALARS, "other.grad += out.grad", "pass",
             ("Value.__add__", "dother"), "as if never set"),
            (SCALARS, "self.grad += other.data", "self.grad = other.data",
             ("Value.__mul__", "dself"), "the gradient"),
            (CLOSURES, "g @ u.data.T", "2 * g @ u.data.T",
             ("matmul", "dt"), "it is 2 times what it should be"),
            (CLOSURES, "t.data.T @ g", "t.data.T @ g / len(g)",
             ("matmul", "du"), "it is 1/6 times what it should be"),
            (CLOSURES, "g * (1 - y ** 2)", "g",
             ("tanh", "dt"), "delta is passed on as it is"),
            (CLOSURES, "self.grad._data = self.grad._data + grad", "self.grad._data = grad",
             ("mul", "dt"), "only one of the two counts"),
            (CLOSURES, "grad.sum(axis=0)", "grad[0]",
             ("add", "du"), ""),
            (FUNCTIONS, "g * y * (1 - y)", "g * (1 - y)",
             ("Sigmoid", "dinputs[0]"), "the slope of the sigmoid"),
            (FUNCTIONS, "x.data.T.dot(g)", "-x.data.T.dot(g)",
             ("MatMul", "dinputs[1]"), "the sign is wrong"),
            (FUNCTIONS, "2 * e / e.size", "2 * e",
             ("MeanSquare", "dinputs[0]"), "times what it should be"),
        ],
    )  # fmt: skip
    def test_is_named(
        self, engine: str, old: str, new: str, at: tuple[str, str], says: str
    ) -> None:
        report = judged(engine, old, new)
        assert wrong(report) == [at]
        assert says in str(report)

    def test_beside_an_accuracy(self) -> None:
        lines = """
def scored(net, X, Y):
    return 0.75, step(net, X, Y)
"""
        assert judged(CLOSURES + lines, step="scored").holds
        report = judged(CLOSURES + lines, "g * (1 - y ** 2)", "g", step="scored")
        assert wrong(report) == [("tanh", "dt")]

    def test_beside_dropout(self) -> None:
        lines = """
def dropped(net, X, Y):
    kept = Tensor(2.0 * (np.random.random(Y.shape) < 0.5))
    for p in net.parameters():
        p.zero_grad()
    e = add(mul(net.predict(Tensor(X)), kept), Tensor(-Y))
    loss = total(mul(e, e))
    loss.backward()
    return loss
"""
        assert judged(CLOSURES + lines, step="dropped").holds
        report = judged(CLOSURES + lines, "g * (1 - y ** 2)", "g", step="dropped")
        assert wrong(report) == [("tanh", "dt")]

    def test_a_shape(self) -> None:
        report = judged(CLOSURES, "grad = grad.sum(axis=0)", "break")
        assert wrong(report) == [("add", "du")]
        assert "expected the shape (4,), got (6, 4)" in str(report)

    def test_in_single_precision(self) -> None:
        single = CLOSURES.replace("np.asarray(data, float)", "np.asarray(data, np.float32)")
        assert judged(single).holds
        assert wrong(judged(single, "g @ u.data.T", "2 * g @ u.data.T")) == [("matmul", "dt")]

    def test_where_the_backward_pass_starts(self) -> None:
        report = judged(SCALARS, "self.grad = 1.0\n", "self.grad = 0.5\n")
        assert wrong(report) == [("what Value.__add__ made", "gradient")]
        assert "it is 0.5 and should be 1" in str(report)

    def test_in_the_wrong_order(self) -> None:
        report = judged(SCALARS, "reversed(topo)", "topo")
        assert {place for place, _ in wrong(report)} <= {"Value.__add__", "Value.__mul__"}
        assert report.violations

    def test_no_factor_is_read_off_single_numbers(self) -> None:
        report = judged(SCALARS, "other.data * out.grad", "self.data * out.grad")
        assert "times what it should be" not in str(report)

    def test_nor_off_one(self) -> None:
        lines = """
def one(net, X, Y):
    for p in net.parameters():
        p.grad = 0.0
    loss = net.out.b.tanh()
    loss.backward()
    return loss
"""
        report = judged(SCALARS + lines, "(1 - t * t) * out.grad", "(1 - t) * out.grad", step="one")
        assert wrong(report) == [("Value.tanh", "dself")]
        assert "times what it should be" not in str(report)

    def test_what_is_wrong_because_of_it_is_said(self) -> None:
        report = judged(CLOSURES, "g * (1 - y ** 2)", "g")
        assert any(said.endswith("without it: dW1, db1") for said in report.remarks)


class TestWithoutErrorsOnTheWay:
    """Where tensors on the way keep no gradient, the parameters are judged all the same."""

    def test_the_parameters(self) -> None:
        dropped = "x.grad = g if x.grad is None else x.grad + g"
        engine = FUNCTIONS.replace(
            "gradients = f.backward(f.output.grad)",
            "gradients = f.backward(f.output.grad); f.output.grad = None",
        )
        assert dropped in engine
        assert judged(engine).holds
        report = judged(engine, "x.data.T.dot(g)", "-x.data.T.dot(g)")
        assert [row.quantity for row in report.violations] == ["dW1", "dW2"]
        assert "the sign is wrong" in str(report)


class TestSetToZero:
    """Gradients that are gone when the step ends are asked for; they are not called wrong."""

    def test_is_asked_for(self) -> None:
        lines = """
def momentum(net, X, Y):
    loss = step(net, X, Y)
    for n, p in enumerate(net.parameters()):
        p._data = p._data - 0.01 * np.sign(p.grad.data)
        p.zero_grad()
    return loss
"""
        report = judged(CLOSURES + lines, step="momentum")
        assert not report.violations
        assert "before they are set to zero" in report.problems[0]
