"""The package as a whole: what it imports, what it exports, what it explains."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import proofs
import proofs.adapters

ROOT = Path(proofs.__file__).parent
FILES = {str(path.relative_to(ROOT.parent)): path for path in sorted(ROOT.rglob("*.py"))}
MODULES = ["proofs", *(m.name for m in pkgutil.walk_packages([str(ROOT)], "proofs."))]
OPTIONAL = {"array_api_compat", "matplotlib", "rich", "sklearn", "torch", "jax"}


def fresh(code):
    """What a new interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent
    )
    return done.stdout.strip()


class TestImport:
    """`import proofs` costs next to nothing: what is heavy waits until it is asked for."""

    def test_neither_sympy_nor_matplotlib(self):
        code = "import sys, proofs; print({'sympy', 'matplotlib', 'sklearn'} & set(sys.modules))"
        assert fresh(code) == "set()"

    def test_a_network_and_its_gradients_need_no_sympy(self):
        code = "import sys; from proofs import Network, backprop; print('sympy' in sys.modules)"
        assert fresh(code) == "False"

    def test_a_process_in_which_a_target_runs_loads_no_derivatives(self):
        code = (
            "import sys, proofs.checker.calling.child;"
            "print(any('jacobian' in name or 'torch' in name for name in sys.modules))"
        )
        assert fresh(code) == "False"

    def test_claims_need_no_matplotlib(self):
        code = "import sys, proofs.claims; print({'matplotlib', 'sklearn'} & set(sys.modules))"
        assert fresh(code) == "set()"


class TestExports:
    """Every name in proofs.__all__ is what its module defines, whatever was imported before."""

    @pytest.mark.parametrize("name", proofs.adapters.__all__)
    def test_an_adapter_resolves(self, name):
        assert getattr(proofs.adapters, name).__name__ == name
        assert name in dir(proofs.adapters)

    def test_an_unknown_adapter_is_named(self):
        with pytest.raises(AttributeError, match="'from_mxnet'"):
            proofs.adapters.from_mxnet  # noqa: B018 - the look-up is the test

    @pytest.mark.parametrize("name", proofs.__all__)
    def test_resolves(self, name):
        assert getattr(proofs, name) is not None

    def test_nothing_exported_is_a_module(self):
        code = (
            "import proofs.claims, proofs.witnesses.checking, proofs.network.costs, inspect;"
            "print([n for n in proofs.__all__ if inspect.ismodule(getattr(proofs, n))])"
        )
        assert fresh(code) == "[]"

    def test_sorted_and_listed(self):
        assert list(proofs.__all__) == sorted(set(proofs.__all__))
        assert set(proofs.__all__) <= set(dir(proofs))

    def test_an_unknown_name_is_named(self):
        with pytest.raises(AttributeError, match="'bp5'"):
            proofs.bp5  # noqa: B018 - the look-up is the test


class TestDependencies:
    """proofs/ depends on numpy and sympy; anything else only inside the function that needs it."""

    @staticmethod
    def imported(nodes):
        for node in nodes:
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                yield node.module

    @pytest.mark.parametrize("file", FILES)
    def test_imports(self, file):
        tree = ast.parse(FILES[file].read_text(encoding="utf-8"))
        inside = {
            inner
            for outer in ast.walk(tree)
            if isinstance(outer, ast.FunctionDef)
            or (isinstance(outer, ast.If) and getattr(outer.test, "id", "") == "TYPE_CHECKING")
            for inner in ast.walk(outer)
        }
        allowed = {"numpy", "sympy", "proofs"} | set(sys.stdlib_module_names)
        on_top = self.imported(node for node in ast.walk(tree) if node not in inside)
        assert {name.split(".")[0] for name in on_top} <= allowed
        anywhere = self.imported(ast.walk(tree))
        assert {name.split(".")[0] for name in anywhere} <= allowed | OPTIONAL

    def test_the_truth_knows_no_site(self):
        for file in FILES.values():
            assert "import sphinx" not in file.read_text(encoding="utf-8")

    def test_arrows_point_one_way(self):
        """The network and the numeric witness know no symbols, no claims and no equations."""
        for name in ("arrays", "activations", "costs", "network", "../measuring/one_number"):
            tree = ast.parse((ROOT / "network" / f"{name}.py").read_text(encoding="utf-8"))
            for module in self.imported(ast.walk(tree)):
                assert module.split(".")[0] != "sympy"
                assert module != "proofs.network.equations"
                assert not module.startswith("proofs.claims")

    def test_typed(self):
        assert (ROOT / "py.typed").is_file()


EXAMPLES = [
    name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    for name, path in FILES.items()
    if ">>> " in path.read_text(encoding="utf-8")
]


class TestExamples:
    """What a docstring shows is what happens."""

    @pytest.mark.parametrize("module", EXAMPLES)
    def test_they_run(self, module):
        found = doctest.testmod(importlib.import_module(module))
        assert found.attempted > 0
        assert found.failed == 0

    @pytest.mark.parametrize("module", ["proofs", "proofs.network.network"])
    def test_there_are_some(self, module):
        assert module in EXAMPLES

    def test_a_wrong_one_is_seen(self, capsys):
        wrong = ModuleType("wrong", ">>> 1 + 1\n3\n")
        assert doctest.testmod(wrong).failed == 1
        assert "Expected:\n    3" in capsys.readouterr().out


class TestDocstrings:
    """Every module, and every public class, method and function says what it is."""

    @pytest.mark.parametrize("module", MODULES)
    def test_explained(self, module):
        if module == "proofs.__main__":
            code = ast.parse(FILES["proofs/cli/claims.py"].read_text(encoding="utf-8"))
            assert ast.get_docstring(code)
            return
        module = importlib.import_module(module)
        assert module.__doc__
        for name, thing in vars(module).items():
            ours = getattr(thing, "__module__", None) == module.__name__
            if not ours or name.startswith("_"):
                continue
            if inspect.isclass(thing) or inspect.isfunction(thing):
                assert thing.__doc__, f"{module.__name__}.{name}"
            if inspect.isclass(thing):
                for part, member in vars(thing).items():
                    function = member.fget if isinstance(member, property) else member
                    named = inspect.isfunction(function) and function.__name__ != "<lambda>"
                    if part.startswith("_") or not named:
                        continue
                    inherited = any(hasattr(base, part) for base in thing.__mro__[1:])
                    assert inherited or function.__doc__, f"{module.__name__}.{name}.{part}"
