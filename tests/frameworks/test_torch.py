"""torch: autograd, and a backward of one's own inside it."""

import numpy as np
import pytest
import torch
from agreement import assert_agrees, broken, case_of
from torch import nn

from proofs.adapters import from_torch
from proofs.checker.battery import battery
from proofs.checker.check_backprop import check_backprop
from proofs.checker.which_equation import check_on
from proofs.network import Network
from proofs.network.activations import leaky_relu, linear, relu, sigmoid, softmax, softplus, tanh
from proofs.network.costs import cross_entropy, log_likelihood, quadratic

HIDDEN = {
    "Sigmoid": (nn.Sigmoid(), sigmoid),
    "Tanh": (nn.Tanh(), tanh),
    "ReLU": (nn.ReLU(), relu),
    "ReLU in place": (nn.ReLU(inplace=True), relu),
    "LeakyReLU": (nn.LeakyReLU(), leaky_relu),
    "Softplus": (nn.Softplus(), softplus),
    "Softmax": (nn.Softmax(dim=1), softmax),
    "Identity": (nn.Identity(), linear),
}
LOSSES = {
    "MSELoss": (nn.Sigmoid(), nn.MSELoss(), sigmoid, quadratic),
    "MSELoss of softmax": (nn.Softmax(-1), nn.MSELoss(), softmax, quadratic),
    "MSELoss, sum": (nn.Tanh(), nn.MSELoss(reduction="sum"), tanh, quadratic),
    "BCELoss": (nn.Sigmoid(), nn.BCELoss(), sigmoid, cross_entropy),
    "BCELoss, sum": (nn.Sigmoid(), nn.BCELoss(reduction="sum"), sigmoid, cross_entropy),
    "BCEWithLogitsLoss": (nn.Identity(), nn.BCEWithLogitsLoss(), sigmoid, cross_entropy),
    "CrossEntropyLoss": (nn.Identity(), nn.CrossEntropyLoss(), softmax, log_likelihood),
    "CrossEntropyLoss, sum": (
        nn.Identity(),
        nn.CrossEntropyLoss(reduction="sum"),
        softmax,
        log_likelihood,
    ),
}
EVERYTHING = {"z", "a", "delta", "nabla_b", "nabla_w"}


def sequential(hidden=None, output=None, dtype=torch.float64):
    torch.manual_seed(0)
    hidden = hidden or nn.Sigmoid()
    modules = [nn.Linear(4, 6), hidden, nn.Linear(6, 5), hidden, nn.Linear(5, 3)]
    return nn.Sequential(*modules, *([output] if output else [])).to(dtype)


class TestRight:
    """Autograd is right, and all of z, a, delta and the gradients are seen."""

    @pytest.mark.parametrize(("module", "activation"), HIDDEN.values(), ids=HIDDEN)
    def test_every_activation(self, module, activation):
        subject = from_torch(sequential(module), nn.CrossEntropyLoss())
        assert list(subject.network.sigma.values()) == [activation, activation, softmax]
        assert assert_agrees(subject, case_of(subject.network), np.float64) == EVERYTHING

    @pytest.mark.parametrize(("module", "loss", "output", "cost"), LOSSES.values(), ids=LOSSES)
    def test_every_loss(self, module, loss, output, cost):
        subject = from_torch(sequential(output=module), loss)
        assert subject.network.sigma[4] == output
        assert subject.network.cost == cost
        assert assert_agrees(subject, case_of(subject.network), np.float64) == EVERYTHING

    def test_in_float32(self):
        subject = from_torch(sequential(dtype=torch.float32), nn.CrossEntropyLoss())
        assert_agrees(subject, case_of(subject.network), np.float32)

    def test_one_example(self):
        subject = from_torch(sequential(), nn.CrossEntropyLoss())
        assert_agrees(subject, case_of(subject.network, m=1), np.float64)

    def test_on_other_widths(self):
        subject = from_torch(sequential(nn.Tanh()), nn.CrossEntropyLoss())
        network = Network([2, 3, 4, 5], [tanh, tanh, softmax], log_likelihood)
        assert_agrees(subject, case_of(network), np.float64)

    def test_a_loss_of_ones_own(self):
        def loss(output, target):
            return ((output - target) ** 2).sum(dim=1).mean() / 2

        subject = from_torch(sequential(output=nn.Tanh()), loss, quadratic)
        assert subject.network.cost == quadratic
        assert_agrees(subject, case_of(subject.network), np.float64)

    def test_flattened_and_nested(self):
        inner = nn.Sequential(nn.Linear(4, 5), nn.Tanh())
        model = nn.Sequential(nn.Flatten(), inner, nn.Linear(5, 3)).double()
        subject = from_torch(model, nn.CrossEntropyLoss())
        assert subject.network.sizes == [4, 5, 3]
        assert_agrees(subject, case_of(subject.network), np.float64)


class TestTwoSlopes:
    """Where a weighted input is 0, torch's slope holds, and a remark says which one it takes."""

    @pytest.mark.parametrize(
        ("module", "said"),
        [(nn.ReLU(), "slope from the left"), (nn.LeakyReLU(), "slope from the left")],
    )
    def test_relu_at_zero(self, module, said):
        model = nn.Sequential(nn.Linear(2, 2), module, nn.Linear(2, 2)).double()
        with torch.no_grad():
            model[0].weight[:], model[0].bias[:] = torch.tensor([[1.0, -1], [0.5, 1]]), 0.0
        subject = from_torch(model, nn.MSELoss())
        x, y = np.ones((2, 1)), np.array([[1.0], [0.0]])
        report = check_backprop(subject, subject.network, x, y)
        assert report.holds, report
        assert any(said in remark for remark in report.remarks), report


class TestNetwork:
    """The network is the model as it is, and the model is left alone."""

    def test_its_weights_and_outputs(self):
        model = sequential()
        network = from_torch(model, nn.CrossEntropyLoss()).network
        x = np.random.default_rng(0).standard_normal((4, 6))
        assert network.sizes == [4, 6, 5, 3]
        logits = model(torch.tensor(x.T)).detach().numpy()
        assert abs(network.forward(x).z[4].T - logits).max() < 1e-14

    def test_the_model_is_left_alone(self):
        model = sequential(nn.ReLU(inplace=True))
        before = [p.detach().clone() for p in model.parameters()]
        subject = from_torch(model, nn.CrossEntropyLoss())
        network = Network([4, 6, 5, 3], [relu, relu, softmax], log_likelihood, seed=3)
        assert_agrees(subject, case_of(network), np.float64)
        assert all(map(torch.equal, model.parameters(), before))
        assert all(p.grad is None for p in model.parameters())
        assert model[1].inplace


def hand_written(derivative):
    """The module of a sigmoid whose backward was written by hand."""

    class Sigmoid(torch.autograd.Function):
        @staticmethod
        def forward(ctx, z):
            a = 1 / (1 + torch.exp(-z))
            ctx.save_for_backward(a)
            return a

        @staticmethod
        def backward(ctx, error):
            (a,) = ctx.saved_tensors
            return error * derivative(a)

    class HandWritten(nn.Module):
        def forward(self, z):
            return Sigmoid.apply(z)

    return HandWritten()


class TestHandWritten:
    """An autograd.Function of one's own is what it is said to compute, or shows."""

    MEANT = (sigmoid, sigmoid, softmax)

    def subject(self, derivative):
        model = sequential(hand_written(derivative))
        return from_torch(model, nn.CrossEntropyLoss(), activations=self.MEANT)

    def test_right(self):
        subject = self.subject(lambda a: a * (1 - a))
        assert assert_agrees(subject, case_of(subject.network), np.float64) == EVERYTHING

    @pytest.mark.parametrize("derivative", [lambda a: 1 - a, lambda a: 1 - a**2, lambda a: -a])
    def test_a_wrong_backward_breaks_bp2(self, derivative):
        assert broken(self.subject(derivative)) == ["BP2 at layer 3", "BP2 at layer 2"]

    def test_one_wrong_backward_breaks_bp2_there(self):
        torch.manual_seed(0)
        wrong = hand_written(lambda a: 1 - a)
        modules = [nn.Linear(4, 6), wrong, nn.Linear(6, 5), nn.Sigmoid(), nn.Linear(5, 3)]
        model = nn.Sequential(*modules).double()
        subject = from_torch(model, nn.CrossEntropyLoss(), activations=self.MEANT)
        assert broken(subject) == ["BP2 at layer 2"]

    def test_a_wrong_backward_at_the_output_breaks_bp1(self):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)).double()
        model.append(hand_written(lambda a: 1 - a))
        subject = from_torch(model, nn.MSELoss(), activations=[tanh, sigmoid])
        assert broken(subject) == ["BP1 at layer 3"]

    def test_a_wrong_backward_of_a_linear_layer(self):
        class Product(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, w, b):
                ctx.save_for_backward(x, w)
                return x @ w.T + b

            @staticmethod
            def backward(ctx, error):
                x, w = ctx.saved_tensors
                return error @ w, 2 * error.T @ x, error.sum(dim=0)

        class HandWritten(nn.Linear):
            def forward(self, x):
                return Product.apply(x, self.weight, self.bias)

        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), HandWritten(5, 3)).double()
        assert broken(from_torch(model, nn.CrossEntropyLoss())) == ["BP4 at layer 3"]

    def test_a_gradient_that_is_cut_off_is_0(self):
        class Cut(nn.Module):
            def forward(self, z):
                return torch.sigmoid(z.detach())

        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 5), Cut(), nn.Linear(5, 3)).double()
        subject = from_torch(model, nn.CrossEntropyLoss(), activations=[sigmoid, softmax])
        case = case_of(subject.network)
        found = subject(subject.network.weights, subject.network.biases, case.x, case.y)
        assert not found["delta"][0].any()
        assert not found["nabla_w"][0].any()
        assert found["delta"][1].any()

    def test_a_softmax_before_a_loss_that_has_one(self):
        subject = from_torch(sequential(output=nn.Softmax(dim=1)), nn.CrossEntropyLoss())
        assert subject.network.sigma[4] == softmax
        assert broken(subject) == ["forward a at layer 4", "BP1 at layer 4"]


class TestReport:
    """The report holds for torch, in both precisions, on the whole battery."""

    def test_the_page_shows_this(self):
        x, y = np.random.default_rng(0).standard_normal((4, 6)), np.eye(3)[:, [0, 1, 2, 2, 1, 0]]
        # [on the page]
        model = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))
        subject = from_torch(model, nn.CrossEntropyLoss())
        report = check_backprop(subject, subject.network, x, y)
        # [to here]
        assert report.holds

    @pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    @pytest.mark.parametrize(("module", "loss", "output", "cost"), LOSSES.values(), ids=LOSSES)
    def test_every_loss(self, module, loss, output, cost, dtype):
        subject = from_torch(sequential(nn.Tanh(), module, dtype), loss)
        assert check_on(battery(tanh, output, cost), subject).holds

    @pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    @pytest.mark.parametrize("name", HIDDEN)
    def test_every_activation(self, name, dtype):
        module, activation = HIDDEN[name]
        subject = from_torch(sequential(module, dtype=dtype), nn.CrossEntropyLoss())
        report = check_on(battery(activation, softmax, log_likelihood), subject)
        assert report.holds
        # Above z = 20 it returns z, and is off by a billionth, which single precision hides.
        cut_off = any(said.startswith("where z is above 20") for said in report.remarks)
        assert cut_off == (name == "Softplus" and dtype == torch.float64)

    def test_softplus_holds_with_a_higher_threshold(self):
        subject = from_torch(sequential(nn.Softplus(threshold=40)), nn.CrossEntropyLoss())
        assert check_on(battery(softplus, softmax, log_likelihood), subject).holds


CROSS = nn.CrossEntropyLoss()
REFUSED = {
    "another module": (
        lambda: from_torch(nn.Linear(2, 3), CROSS),
        TypeError,
        "expected a torch.nn.Sequential, got Linear",
    ),
    "an activation that is not known": (
        lambda: from_torch(sequential(nn.GELU()), CROSS),
        ValueError,
        "among Linear, Sigmoid.*, got GELU.*activations=",
    ),
    "another slope": (
        lambda: from_torch(sequential(nn.LeakyReLU(0.2)), CROSS),
        ValueError,
        r"got LeakyReLU\(negative_slope=0.2\)",
    ),
    "a softmax over the examples": (
        lambda: from_torch(sequential(nn.Softmax(dim=0)), CROSS),
        ValueError,
        r"got Softmax\(dim=0\)",
    ),
    "an activation before a loss that has one": (
        lambda: from_torch(sequential(output=nn.Tanh()), CROSS),
        ValueError,
        "expected no activation after the last Linear.* got tanh",
    ),
    "no bias": (
        lambda: from_torch(nn.Sequential(nn.Linear(2, 3, bias=False)), CROSS),
        ValueError,
        "expected a bias in every Linear",
    ),
    "half precision": (
        lambda: from_torch(nn.Sequential(nn.Linear(2, 3)).half(), CROSS),
        ValueError,
        r"got torch.float16; model.float\(\)",
    ),
    "an activation first": (
        lambda: from_torch(nn.Sequential(nn.ReLU(), nn.Linear(2, 3)), CROSS),
        ValueError,
        r"expected a Linear layer first, got ReLU\(\)",
    ),
    "no layer": (
        lambda: from_torch(nn.Sequential(), CROSS),
        ValueError,
        "expected at least one Linear layer, got none",
    ),
    "one Linear in two places": (
        lambda: from_torch(nn.Sequential(*[nn.Linear(3, 3)] * 2), CROSS),
        ValueError,
        "expected weights of its own in every Linear",
    ),
    "another depth": (
        lambda: from_torch(sequential(), CROSS)([np.eye(3)], [np.ones((3, 1))], None, None),
        ValueError,
        "expected 3, a matrix for each layer of the object, got 1",
    ),
    "examples flattened away": (
        lambda: from_torch(nn.Sequential(nn.Flatten(0), nn.Linear(2, 3)), CROSS),
        ValueError,
        "expected Flatten",
    ),
    "a loss that is not known": (
        lambda: from_torch(sequential(), nn.HuberLoss()),
        ValueError,
        "expected MSELoss, BCELoss.*, got HuberLoss",
    ),
    "a smoothed loss": (
        lambda: from_torch(sequential(), nn.CrossEntropyLoss(label_smoothing=0.1)),
        ValueError,
        "without weights or smoothing",
    ),
    "a loss that is not reduced": (
        lambda: from_torch(sequential(), nn.MSELoss(reduction="none")),
        ValueError,
        "expected reduction",
    ),
    "a function whose cost is not said": (
        lambda: from_torch(sequential(), lambda output, target: output.sum()),
        ValueError,
        "expected the cost that your loss computes",
    ),
    "no loss": (
        lambda: from_torch(sequential(), None),
        TypeError,
        "expected a function of output and target, got None",
    ),
}


class TestRefused:
    """What is not supported is an error that says what is."""

    @pytest.mark.parametrize(("call", "error", "message"), REFUSED.values(), ids=REFUSED)
    def test_it_says_why(self, call, error, message):
        with pytest.raises(error, match=message):
            call()
