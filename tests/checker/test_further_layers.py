"""Graphs, scans, routing, decoding: right layers hold, a fault shows in its own gradients."""

from pathlib import Path

import further_layers as theirs
import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model

draw = np.random.default_rng(11).standard_normal
SOURCE = Path(theirs.__file__).read_text(encoding="utf-8")
GRAPH = np.eye(6) + np.eye(6, k=1) + np.eye(6, k=-1) + np.eye(6, k=3) + np.eye(6, k=-3)
LABELS = np.array([0, 2, 1, 0, 2, 1])
INPUTS = {
    "gcn": (draw((6, 4)), draw((4, 3)), GRAPH),
    "dconv": (draw((2, 3, 9)), draw((4, 3, 3)), draw(4)),
    "deform": (draw((3, 7)), draw(7) * 0.4),
    "groupnorm": (draw((2, 4, 3, 3)), draw(4), draw(4)),
    "weightnorm": (draw((5, 4)), draw((4, 3)), draw(3)),
    "spectral": (draw((5, 4)), draw((3, 4)), draw(3)),
    "bilinear": (draw((5, 4)), draw((5, 3)), draw((2, 4, 3))),
    "capsule": (draw((5, 3, 4)),),
    "crf": (draw((6, 4)), draw((4, 4)), LABELS),
    "gmm": (draw((7, 2)), draw(3), draw((3, 2)), draw((3, 2)) * 0.3),
    "posenc": (draw((5, 3)) * 0.3,),
    "gru": (draw((4, 3)), draw((4, 5)), draw((3, 15)), draw((5, 15)), draw(15)),
    "ssm": (draw((6, 3)), abs(draw((6, 3))), -abs(draw((3, 4))), draw((6, 4)), draw((6, 4))),
    "moe": (draw((6, 4)), draw((4, 5)), draw((5, 4, 3))),
    "vq": (draw((6, 3)), draw((4, 3))),
    "ctc": (draw((7, 4)), [1, 2, 2]),
}
FAULTS = [
    ("gcn", "dH = S.T @ dZ @ W.T", "dH = dZ @ W.T", "dH"),
    ("gcn", "dZ = dout * (Z > 0)", "dZ = dout * (H @ W > 0)", "dH dW"),
    ("dconv", "dx[:, :, at] += ", "dx[:, :, at] = ", "dx"),
    ("dconv", "at = slice(j * dilation, j * dilation + L - span)", "at = slice(j, j + L - span)",
     "dx dw"),
    ("deform", "* (x[rows, i + 1] - x[rows, i]) * inside",
     "* (x[rows, i + 1] - x[rows, i]) * inside * f", "doffset"),
    ("groupnorm", "d - d.mean(-1, keepdims=True) - h", "d - h", "dx"),
    ("groupnorm", "dgamma = (dout * xhat).sum((0, 2, 3))",
     "dgamma = (dout * xhat).sum((0, 2, 3)) / len(dout)", "dgamma"),
    ("weightnorm", " - v * (g * dg / norm**2)", "", "dv"),
    ("weightnorm", "dg / norm**2", "dg / norm", "dv"),
    ("spectral", " + dsigma * np.outer(u, v)", "", "dW"),
    ("bilinear", '"no,oij,ni->nj", dout, W, a', '"no,oij,ni->nj", dout, W[:, ::-1], a', "db"),
    ("capsule", "db = db + dsoft if", "db = dsoft if", "duhat"),
    ("capsule", "c * (dc - (dc * c).sum(1, keepdims=True))", "c * (1 - c) * dc", "duhat"),
    ("crf", "np.add.at(dT, (y[:-1], y[1:]), -1)", "dT[y[:-1], y[1:]] -= 1", "dT"),
    ("crf", "beta[t] = logsumexp(T + E[t + 1] + beta[t + 1], 1)",
     "beta[t] = logsumexp(T + E[t + 1] + beta[t + 1], 0)", "dE dT"),
    ("gmm", "r.sum(0) - pi * r.sum()", "r.sum(0) * (1 - pi)", "dlogits"),
    ("gmm", "(z**2 - 1)", "z**2", "dlogs"),
    ("posenc", "(da * f).sum(-1)", "da.sum(-1)", "dx"),
    ("posenc", "ds * np.cos(a) - dc", "ds * np.cos(a) + dc", "dx"),
    ("gru", "[dz, dr, dn * r]", "[dz, dr, dn]", "dh dWh"),
    ("gru", "dh = dout * z + dgh", "dh = dgh", "dh"),
    ("ssm", "da = dh * hs[t] * a", "da = dh * hs[t + 1] * a", "ddt dA"),
    ("ssm", "        dh = dh * a\n    return", "    return", "dx ddt dA dB"),
    ("moe", "g * (dg - (dg * g).sum(1, keepdims=True))", "g * dg", "dx dWg"),
    ("moe", "dx = ds @ Wg.T + np", "dx = np", "dx"),
    ("vq", "np.add.at(dE, i, diff)", "dE[i] += diff", "dE"),
    ("vq", "(E[i] - z) / z.size", "(E[i] - z) / len(z)", "dz dE"),
    ("ctc", "p[:, ext[s]] += occ[:, s]", "p[:, ext[s]] = occ[:, s]", "dlogits"),
    ("ctc", "and ext[s] != ext[s + 2]:\n                terms.append(beta",
     "and True:\n                terms.append(beta", "dlogits"),
]  # fmt: skip


def report_of(name, *change, method=None):
    """What is said of a layer with a line of it changed."""
    module = module_of(SOURCE, *[change] if change else ())
    forward, backward = getattr(module, f"{name}_forward"), getattr(module, f"{name}_backward")
    return check_layer(forward, backward, *INPUTS[name], method=method)


class TestLayers:
    """Each is judged by the derivative of its own forward pass, whatever it does."""

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    @pytest.mark.parametrize("name", INPUTS)
    def test_a_right_one_holds(self, name, method):
        report = report_of(name, method=method)
        assert report.holds, report
        assert any("were confirmed along a random direction" in said for said in report.remarks)

    @pytest.mark.usefixtures("no_words")
    @pytest.mark.parametrize(("name", "old", "new", "quantities"), FAULTS)
    def test_a_fault_is_seen(self, name, old, new, quantities):
        report = report_of(name, old, new)
        assert [row.quantity for row in report.violations] == quantities.split()
        assert not report.problems

    def test_straight_through_is_wrong_on_purpose(self):
        """A step that has no slope is handed on as if it had one; no checker can know that."""
        z, E = draw((6, 3)), draw((4, 3))
        report = check_layer(theirs.st_forward, theirs.st_backward, z, E)
        assert "delta is passed on as it is" in str(report)


def data_of(name):
    """Parameters and data for a model."""
    r = np.random.default_rng(3).standard_normal
    if name == "gru_net":
        P = {"Wx": r((3, 15)) / 2, "Wh": r((5, 15)) / 2, "b": r(15), "V": r((5, 2))}
        return P, r((4, 6, 3)), r((4, 2))
    if name == "gcn_net":
        P = {"W1": abs(r((4, 4))), "W2": r((4, 4)), "V": r((4, 2))}
        return P, abs(r((6, 4))), r((6, 2)), GRAPH
    if name == "moe_net":
        P = {"Wg": r((15, 5)), "We": r((5, 15, 4)) / 3, "v": r((4, 2)), "g": r(2)}
        return P, r((7, 3)) * 0.3, r((7, 2))
    if name == "ssm_net":
        P = {"Wdt": r((3, 3)) / 2, "WB": r((3, 4)), "WC": r((3, 4)), "logA": r((3, 4)) / 2}
        return P | {"V": r((3, 2))}, r((8, 3)), r((8, 2))
    P = {"w": r((5, 3, 2)), "b": r(5), "V": r((5, 4)), "T": r((4, 4))}
    return P, r((1, 3, 7)), LABELS


WIRES = [
    ("gru_net", 'G["Wh"] += dWh', 'G["Wh"] = dWh', {"parameter Wh"}),
    ("gru_net", "_, dh, dWx, dWh, db = gru_backward(dh, c)",
     "_, _, dWx, dWh, db = gru_backward(dh, c)", {f"after gru {n}" for n in range(1, 6)}),
    ("gcn_net", "dh1 = dh1 + dh3\n", "dh1 = dh1 + dh3 * (h2 > 0)\n", {"after gcn 1"}),
    ("gcn_net", "    dh1 = dh1 + dh3\n", "", {"after gcn 1"}),
    ("gcn_net", "_, dW1 = gcn_backward(dh1, c1)", "_, dW1 = gcn_backward(dh3, c1)",
     {"after gcn 1"}),
    ("moe_net", 'dv = dv + 0.1 * P["v"]', 'dv = dv + 0.05 * P["v"]', {"parameter v"}),
    ("moe_net", "weightnorm_backward(d, c2)", "weightnorm_backward(d * len(x), c2)",
     {"after weightnorm"}),
    ("ssm_net", "ddt * sigmoid(dt0)", "ddt * sigmoid(dt)", {"after linear 1"}),
    ("ssm_net", '"logA": dA * A', '"logA": dA', {"parameter logA"}),
    ("ssm_net", "ds = dgate * sigmoid(x)", "ds = dgate", {"after ssm"}),
    ("crf_net", "dconv_backward(dhT.T[None], c1)",
     "dconv_backward(dhT[None].reshape(h.shape), c1)", {"after dconv"}),
    ("crf_net", "crf_backward(1.0, c3)", "crf_backward(1.0 / len(e), c3)", {"after crf"}),
]  # fmt: skip


class TestModels:
    """A right one holds, and a fault between its layers shows at its place alone."""

    @pytest.mark.parametrize("name", ["gru_net", "gcn_net", "moe_net", "ssm_net", "crf_net"])
    def test_a_right_one_holds(self, name):
        report = check_model(getattr(theirs, name), *data_of(name))
        assert report.holds, report

    @pytest.mark.parametrize(("name", "old", "new", "places"), WIRES)
    def test_a_fault_is_placed(self, name, old, new, places):
        module = module_of(SOURCE, (old, new))
        report = check_model(getattr(module, name), *data_of(name))
        assert {row.place for row in report.violations} == places
        assert not report.problems

    def test_a_layer_of_data_alone_needs_no_backward_pass(self):
        """Nothing that is learnt moves what a positional encoding reads; a layer behind one is."""
        said = str(check_model(theirs.moe_net, *data_of("moe_net")))
        assert "posenc: its backward pass was never called, and need not be" in said
        moved = ("posenc_forward(x, 2)", 'posenc_forward(x + P["g"].sum(), 2)')
        module = module_of(SOURCE, moved)
        report = check_model(module.moe_net, *data_of("moe_net"))
        assert [row.quantity for row in report.violations if row.place == "posenc"] == ["backward"]

    def test_a_layer_without_bias_behind_dead_units(self):
        """All of its numbers are tied: zeros times weights that move are zeros to every engine."""
        H, W, A = np.zeros((6, 4)), *INPUTS["gcn"][1:]
        report = check_layer(theirs.gcn_forward, theirs.gcn_backward, H, W, A)
        assert report.holds, report


class TestStridesInBytes:
    """What is written for one precision means something else in another: no line is blamed."""

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_each_precision(self, dtype):
        size = np.dtype(dtype).itemsize
        k = np.array([[1, 2], [3, 4]], dtype)

        def forward(x):
            seen = np.lib.stride_tricks.as_strided(x, (2, 2), (4 * size, 2 * size))
            return seen * k, x.shape

        def backward(delta, shape):
            dx = np.zeros(shape, dtype)
            dx[:2, 0:3:2] += delta * k
            return dx

        x = draw((3, 4)).astype(dtype)
        report = check_layer(forward, backward, x)
        assert not report.violations
        assert report.holds or "sliding_window_view" in str(report)
        assert not check_layer(forward, lambda d, shape: 2 * backward(d, shape), x).holds

    def test_numbers_that_are_none_give_no_warning(self):
        """Half of a double, read as one, may be infinite or nan."""

        def forward(x):
            seen = np.lib.stride_tricks.as_strided(x, (6, 3), (4, 4))
            return (seen * seen).sum(1), x

        def backward(delta, x):
            dx = np.zeros_like(x)
            for i in range(6):
                dx[i : i + 3] += 2 * delta[i] * x[i : i + 3]
            return dx

        x = np.random.default_rng(0).standard_normal(8).astype(np.float32)
        report = str(check_layer(forward, backward, x))
        assert "as_strided with steps of a part of a number; make them of x.strides" in report
        assert "RuntimeWarning" not in report
