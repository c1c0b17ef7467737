"""Random directions where the arrays live: PyTorch, JAX, and JAX's arrays in eight pieces."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

from proofs import Network, backprop, log_likelihood, quadratic, sigmoid, softmax, tanh
from proofs.measuring.cases import softplus_share
from proofs.measuring.directions import bp4, directional
from proofs.network.activations import ACTIVATIONS

PIECES = """
import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from proofs import Network, backprop, log_likelihood, sigmoid, softmax
from proofs.measuring.directions import directional

LARGE = 200
jax.config.update("jax_enable_x64", True)
assert len(jax.devices()) == 8
across = NamedSharding(Mesh(np.array(jax.devices()), "d"), PartitionSpec("d"))

network = Network([32, 32, 32], [sigmoid, softmax], log_likelihood)  # few shapes to compile for
x, y = np.random.default_rng(0).random((32, 3)), np.eye(32)[:, [1, 5, 5]]
g = backprop(network, x, y)
lists = [network.weights, network.biases, list(g.nabla_b.values()), list(g.nabla_w.values())]
lists[3][1][7, 9] += 1e-6
w, b, nabla_b, nabla_w = ([jax.device_put(a, across) for a in arrays] for arrays in lists)
assert all(len(a.sharding.device_set) == 8 and not a.is_fully_replicated for a in (*w, *nabla_w))

largest = 0
Array = type(w[0])


def seen(name):
    before = getattr(Array, name)

    def counted(self, *args, **how):
        global largest
        largest = max(largest, self.size)
        if self.size > LARGE:
            raise AssertionError(f"{name} gathers {self.shape}")
        return before(self, *args, **how)

    setattr(Array, name, counted)


value = Array._value.fget


def noted(self):
    global largest
    largest = max(largest, self.size)
    if self.size > LARGE:
        raise AssertionError(f"an array of shape {self.shape} was gathered")
    return value(self)


Array._value = property(noted)
seen("__array__")
seen("tolist")
if GATHER:
    np.asarray(w[0])
found = directional(
    w, b, list(network.sigma.values()), network.cost, jax.numpy.asarray(x), jax.numpy.asarray(y),
    nabla_b, nabla_w, directions=1,
)
print([(p.letter, p.layer) for p in found.flagged], 0 < largest <= LARGE)
"""


def in_pieces(**settings):
    """What a process with eight virtual devices prints."""
    code = "\n".join(f"{name} = {value}" for name, value in settings.items()) + PIECES
    pieces = "--xla_force_host_platform_device_count=8"  # beside what the session asks for
    asked = " ".join(filter(None, [os.environ.get("XLA_FLAGS"), pieces]))
    flags = {"XLA_FLAGS": asked, "JAX_PLATFORMS": "cpu"}
    root = Path(__file__).parents[2]
    command = ["env", *(f"{k}={v}" for k, v in flags.items()), sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, cwd=root)


class TestPieces:
    """Arrays in eight pieces on eight devices are checked there, and never put together."""

    def test_one_wrong_entry(self):
        done = in_pieces(GATHER=False)
        assert done.stdout.strip() == "[('w', 3)] True", done.stderr

    def test_gathering_would_be_seen(self):
        done = in_pieces(GATHER=True)
        assert "gathers (32, 32)" in done.stderr or "was gathered" in done.stderr
        assert not done.stdout


def arguments(network, put):
    """The arguments of `directional`, every array brought to a framework."""
    random = np.random.default_rng(0)
    x = random.standard_normal((network.sizes[0], 4))
    y = random.dirichlet(np.ones(network.sizes[-1]), 4).T
    g = backprop(network, x, y)
    arrays = [network.weights, network.biases, list(g.nabla_b.values()), list(g.nabla_w.values())]
    w, b, nabla_b, nabla_w = ([put(a) for a in part] for part in arrays)
    return {
        "weights": w,
        "biases": b,
        "activations": list(network.sigma.values()),
        "cost": network.cost,
        "x": put(x),
        "y": put(y),
        "nabla_b": nabla_b,
        "nabla_w": nabla_w,
        "delta": [put(g.delta[l]) for l in network.layers],
    }


def to_torch(dtype):
    """NumPy's arrays as tensors."""
    return lambda array: torch.tensor(array, dtype=getattr(torch, dtype))


def to_jax(dtype):
    """NumPy's arrays as JAX's."""
    return lambda array: jnp.asarray(array, dtype)


@pytest.fixture(autouse=True)
def double():
    """JAX computes in float64 if asked."""
    with jax.enable_x64(True):
        yield


@pytest.fixture
def never_gathered(monkeypatch):
    """No tensor of more than a few numbers becomes a NumPy array or a list."""
    for name in ("numpy", "__array__", "tolist"):
        before = getattr(torch.Tensor, name)

        def guarded(self, *args, before=before, **how):
            assert self.numel() <= 200, f"gathered {tuple(self.shape)}"
            return before(self, *args, **how)

        monkeypatch.setattr(torch.Tensor, name, guarded)


class TestActivations:
    """Every activation of this package runs on tensors, and none is turned into NumPy's arrays."""

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("f", [*ACTIVATIONS.values(), softplus_share], ids=repr)
    def test_right(self, dtype, f, never_gathered):
        network = Network([20, 15, 12, 5], [f, f, softmax], log_likelihood)
        assert directional(**arguments(network, to_torch(dtype))).holds
        assert directional(**arguments(network, to_torch(dtype)), together=True).holds


class TestFrameworks:
    """The same check in PyTorch and JAX, with the activations and costs of this package."""

    # JAX in single precision is asked in pieces, above; each takes it seconds to compile.
    @pytest.mark.parametrize(
        ("to", "dtype"), [(to_torch, "float32"), (to_torch, "float64"), (to_jax, "float64")]
    )
    def test_one_wrong_entry(self, to, dtype):
        network = Network([6, 5, 4], [softplus_share, softmax], log_likelihood)
        wrong = arguments(network, np.array)
        wrong["nabla_w"][1][3, 4] += 1e-2
        put = to(dtype)
        wrong = {
            name: [put(a) for a in value]
            if name in ("weights", "biases", "nabla_b", "nabla_w", "delta")
            else value
            for name, value in wrong.items()
        }
        found = directional(**wrong)  # x and y are brought where the weights are
        assert [(p.letter, p.layer) for p in found.flagged] == [("w", 3)]

    @pytest.mark.parametrize("to", [to_torch, to_jax])
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_bp4(self, to, dtype):
        random, put = np.random.default_rng(0), to(dtype)
        a, delta = random.random((20, 5)), random.standard_normal((12, 5))
        g = delta @ a.T / 5
        assert bp4(put(a), put(delta), put(g)).holds
        g[3, 4] += 1e-2
        assert not bp4(put(a), put(delta), put(g)).holds


class TestFunctionsOfTheFramework:
    """Activations and a cost of the framework itself, and gradients of its own."""

    def test_torch(self):
        torch.manual_seed(0)
        model = torch.nn.Sequential(
            torch.nn.Linear(6, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3), torch.nn.Sigmoid()
        ).double()
        x, y = torch.rand(4, 6, dtype=torch.double), torch.rand(4, 3, dtype=torch.double)
        (((model(x) - y) ** 2).sum(dim=1) / 2).mean().backward()
        lines = [model[0], model[2]]
        args = (
            [line.weight for line in lines],
            [line.bias[:, None] for line in lines],
            [torch.tanh, torch.sigmoid],
            lambda a, y: ((a - y) ** 2).sum(dim=0) / 2,
            x.T,
            y.T,
            [line.bias.grad[:, None] for line in lines],
        )
        nabla_w = [line.weight.grad for line in lines]
        assert directional(*args, nabla_w).holds
        nabla_w[0][2, 2] += 1e-9
        assert [p.layer for p in directional(*args, nabla_w).flagged] == [2]

    def test_jax(self):
        network = Network([6, 5, 4], [tanh, sigmoid], quadratic)
        args = arguments(network, to_jax("float64"))
        del args["delta"]
        args |= {
            "activations": [jnp.tanh, jax.nn.sigmoid],
            "cost": lambda a, y: ((a - y) ** 2).sum(axis=0) / 2,
        }

        def cost(w):
            a = args["x"]
            for f, layer, b in zip(args["activations"], w, args["biases"], strict=True):
                a = f(layer @ a + b)
            return args["cost"](a, args["y"]).mean()

        args["nabla_w"] = jax.grad(cost)(args["weights"])
        assert directional(**args).holds
        args["nabla_w"][1] = args["nabla_w"][1].at[0, 1].add(1e-9)
        assert [(p.letter, p.layer) for p in directional(**args).flagged] == [("w", 3)]

    def test_arrays_of_two_frameworks(self):
        args = arguments(Network([3, 2]), np.array)
        args["nabla_w"] = [torch.tensor(g) for g in args["nabla_w"]]
        with pytest.raises(TypeError, match="nabla_w: expected a NumPy array, as the weights are"):
            directional(**args)

    def test_a_function_that_the_framework_lacks(self):
        from proofs.network.activations import Activation

        odd = Activation("odd", lambda z: z * np.spacing(z.real))
        args = arguments(Network([3, 2]), to_torch("float64")) | {"activations": [odd]}
        with pytest.raises(TypeError, match=r"np\.spacing has no counterpart in"):
            directional(**args)
