"""JAX: its own gradients, and a custom_vjp."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from agreement import assert_agrees, broken, case_of

from proofs.adapters import from_jax
from proofs.checker.battery import battery
from proofs.checker.check_backprop import check_backprop
from proofs.checker.which_equation import check_on
from proofs.network import Network
from proofs.network.activations import linear, relu, sigmoid, softmax, tanh
from proofs.network.costs import log_likelihood, quadratic


def parameters(sizes=(4, 6, 5, 3), dtype=jnp.float32):
    """Weights as in x @ w + b."""
    network = Network(list(sizes))
    return [
        (jnp.array(w.T, dtype), jnp.array(b.ravel(), dtype))
        for w, b in zip(network.weights, network.biases, strict=True)
    ]


def logits_of(params, x, activation=jnp.tanh):
    for w, b in params[:-1]:
        x = activation(x @ w + b)
    w, b = params[-1]
    return x @ w + b


def loss(params, x, y):
    """Softmax and log-likelihood, examples as rows."""
    return -(y * jax.nn.log_softmax(logits_of(params, x))).sum(axis=1).mean()


def columns_loss(params, x, y):
    """The same cost, examples as columns, weights as in the book."""
    for layer in params[:-1]:
        x = jnp.tanh(layer["w"] @ x + layer["b"])
    z = params[-1]["w"] @ x + params[-1]["b"]
    return -(y * jax.nn.log_softmax(z, axis=0)).sum(axis=0).mean()


def mapped_loss(params, x, y):
    """A function of one example, mapped over rows, weights as in the book."""

    def one(x, y):
        for w, b in params[:-1]:
            x = jnp.tanh(w @ x + b)
        w, b = params[-1]
        return ((w @ x + b - y) ** 2).sum() / 2

    return jax.vmap(one)(x, y).mean()


MEANT = [tanh, tanh, softmax]


@pytest.fixture(params=[jnp.float32, jnp.float64], ids=["float32", "float64"])
def dtype(request):
    """Both precisions."""
    with jax.enable_x64(request.param == jnp.float64):
        yield request.param


class TestRight:
    """Its gradients are right, in both precisions and in each way of laying out the arrays."""

    def test_rows(self, dtype):
        subject = from_jax(loss, parameters(dtype=dtype), MEANT, log_likelihood)
        found = assert_agrees(subject, case_of(subject.network), dtype)
        assert found == {"nabla_b", "nabla_w"}

    def test_columns(self, dtype):
        params = [{"w": w.T, "b": b.reshape(-1, 1)} for w, b in parameters(dtype=dtype)]
        subject = from_jax(columns_loss, params, MEANT, log_likelihood)
        assert_agrees(subject, case_of(subject.network), dtype)

    def test_a_mapped_function_of_one_example(self, dtype):
        params = tuple((w.T, b) for w, b in parameters(dtype=dtype))
        meant = [tanh, tanh, linear]
        subject = from_jax(mapped_loss, params, meant, quadratic)
        assert_agrees(subject, case_of(subject.network), dtype)

    def test_a_compiled_function(self):
        subject = from_jax(jax.jit(loss), parameters(), MEANT, log_likelihood)
        assert_agrees(subject, case_of(subject.network), np.float32)

    def test_relu_at_zero(self):
        """What jax.nn.relu and jnp.maximum send back at 0 holds, and the kink is remarked."""
        params = [(np.array([[1.0, 0.5], [-1.0, 1.0]]), np.zeros(2))] * 2
        x, y, said = np.ones((2, 1)), np.array([[1.0], [0.0]]), []
        for rectifier in (jax.nn.relu, lambda z: jnp.maximum(z, 0)):
            meant = lambda p, x, y, f=rectifier: (  # noqa: E731
                ((f(x @ p[0][0] + p[0][1]) @ p[1][0] + p[1][1] - y) ** 2).sum(axis=1).mean() / 2
            )
            subject = from_jax(meant, params, [relu, linear], quadratic, transposed=True)
            report = check_backprop(subject, subject.network, x, y)
            assert report.holds, report
            said.append([r for r in report.remarks if "kink" in r or "slope" in r])
        assert all(said)

    def test_on_another_network(self):
        subject = from_jax(loss, parameters(), MEANT, log_likelihood)
        network = Network([2, 4, 5, 3], [tanh, tanh, softmax], log_likelihood, seed=2)
        assert_agrees(subject, case_of(network), np.float32)

    def test_another_depth_is_refused(self):
        subject = from_jax(loss, parameters(), MEANT, log_likelihood)
        with pytest.raises(ValueError, match="expected 3, a matrix for each layer"):
            subject([np.eye(3)], [np.ones((3, 1))], np.ones((3, 1)), np.ones((3, 1)))

    def test_square_layers(self):
        params = parameters((3, 3, 3))
        subject = from_jax(loss, params, [tanh, softmax], log_likelihood, transposed=True)
        assert (subject.network.w[2] == np.asarray(params[0][0]).T).all()
        assert_agrees(subject, case_of(subject.network), np.float32)


def hand_written(derivative):
    """A sigmoid whose vjp was written by hand."""

    @jax.custom_vjp
    def activation(z):
        return 1 / (1 + jnp.exp(-z))

    def forward(z):
        return activation(z), activation(z)

    def backward(a, error):
        return (error * derivative(a),)

    activation.defvjp(forward, backward)
    return activation


class TestHandWritten:
    """A custom_vjp is what it is said to compute, or shows."""

    def subject(self, derivative):
        activation = hand_written(derivative)

        def loss(params, x, y):
            z = logits_of(params, x, activation)
            return -(y * jax.nn.log_softmax(z)).sum(axis=1).mean()

        return from_jax(jax.jit(loss), parameters(), [sigmoid, sigmoid, softmax], log_likelihood)

    def test_right(self):
        subject = self.subject(lambda a: a * (1 - a))
        assert_agrees(subject, case_of(subject.network), np.float32)

    @pytest.mark.parametrize("derivative", [lambda a: 1 - a, lambda a: 1 - a**2, lambda a: -a])
    def test_a_wrong_vjp_breaks_bp2(self, derivative):
        assert broken(self.subject(derivative)) == ["BP2 at layer 3", "BP2 at layer 2"]

    def test_a_wrong_vjp_of_the_loss_breaks_bp1(self):
        @jax.custom_vjp
        def cost(z, y):
            return -(y * jax.nn.log_softmax(z)).sum(axis=1).mean()

        def backward(kept, error):
            z, y = kept
            a = jax.nn.softmax(z)
            return error * (a - y) * a * (1 - a) / len(z), jnp.zeros_like(y)

        cost.defvjp(lambda z, y: (cost(z, y), (z, y)), backward)

        def loss(params, x, y):
            return cost(logits_of(params, x), y)

        assert broken(from_jax(loss, parameters(), MEANT, log_likelihood)) == ["BP1 at layer 4"]


class TestReport:
    """The report holds for JAX on the whole battery."""

    def test_the_page_shows_this(self):
        params = parameters()
        x, y = np.random.default_rng(0).standard_normal((4, 6)), np.eye(3)[:, [0, 1, 2, 2, 1, 0]]
        # [on the page]
        subject = from_jax(loss, params, [tanh, tanh, softmax], log_likelihood)
        report = check_backprop(subject, subject.network, x, y)
        # [to here]
        assert report.holds

    def test_the_whole_battery(self):
        # Compiled whole: every operation by itself would be compiled anew for every shape.
        subject = from_jax(jax.jit(loss), parameters(), MEANT, log_likelihood)
        assert check_on(battery(tanh, softmax, log_likelihood), subject).holds
