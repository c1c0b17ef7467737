"""What the pages on checking show of torch and JAX runs, as it stands there."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["layer_with_torch.py", "layer_with_jax.py"])
def test_the_dropped_sum_is_named(name):
    report = runpy.run_path(str(DOCS / name))["report"]
    (violation,) = report.violations
    assert violation.quantity == "ds"
    assert "the sum over k was dropped" in str(report)
    assert f"```{{literalinclude}} {name}\n" in (DOCS / "check-layer.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["with_torch.py", "with_jax.py"])
def test_the_equation_is_named(name):
    report = runpy.run_path(str(DOCS / name))["report"]
    assert [(v.equation, v.layer) for v in report.violations] == [("BP2", 2)]
