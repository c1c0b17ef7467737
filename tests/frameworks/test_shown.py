"""What the page on checking shows of torch and JAX runs, as it stands there."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["with_torch.py", "with_jax.py"])
def test_the_equation_is_named(name):
    report = runpy.run_path(str(DOCS / name))["report"]
    assert [(v.equation, v.layer) for v in report.violations] == [("BP2", 2)]
