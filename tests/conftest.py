"""The same networks on every run and every machine, and sites so small that a test can build one.

The package is imported where it is used: the sessions of frameworks do without its claims.
"""

import functools
import gc
import logging
import sys
from importlib import import_module
from types import SimpleNamespace

import pytest
from golden import Golden
from hypothesis import HealthCheck, Phase, settings
from sites import FEW, copied, rest, sphinx_here, write


def pytest_addoption(parser):
    parser.addoption(
        "--accept", action="store_true", help="write down what is said now, where it is compared"
    )


def pytest_configure(config):
    if config.option.accept and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("--accept writes files, one process at a time: without -n")


# Fifteen thousand tests stay until the end, and Python would look through all of them, again and
# again, for rings that nobody holds. There are few, so it may look seldom.
gc.set_threshold(50_000, 20, 100)

settings.register_profile(
    "proofs",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=15,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    # On a busy machine networks are drawn slowly, which is nobody's fault.
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("proofs")


@pytest.fixture
def golden(request):
    """What is written down in a file beside the test."""
    accepted = request.config.option.accept
    return lambda name: Golden(request.path.parent / name, accepted)


def sources():
    """How the bibliography is parsed, but once for all builds that find the files unchanged."""
    from sphinxcontrib.bibtex.bibfile import get_mtime, parse_bibdata

    parsed = functools.cache(lambda files, encoding, _: parse_bibdata(list(files), encoding))
    return lambda files, encoding: parsed(tuple(files), encoding, tuple(map(get_mtime, files)))


@pytest.fixture(scope="session")
def conf(tmp_path_factory):
    """The conf/ of the project, where its cache is nobody else's, and the extension in it."""
    folder = copied(tmp_path_factory.mktemp("small"), "conf") / "conf"
    for name in [name for name in sys.modules if name.split(".")[0] == "printing"]:
        del sys.modules[name]  # it may know a package that has changed since
    before = list(sys.path)
    sys.path.insert(0, str(folder))
    # What is installed stays so: every build would read it anew, and tell what it registers.
    logging.disable(logging.DEBUG)
    with pytest.MonkeyPatch.context() as asked:
        for name in ("sphinx.registry", "sphinxcontrib.bibtex.plugin", "pybtex.plugin"):
            module = import_module(name)
            asked.setattr(module, "entry_points", functools.cache(module.entry_points))
        asked.setattr(import_module("sphinxcontrib.bibtex.bibfile"), "parse_bibdata", sources())
        yield SimpleNamespace(folder=folder, claims=import_module("printing.claims"))
    logging.disable(logging.NOTSET)
    sys.path[:] = before


@pytest.fixture
def claims(conf, monkeypatch):
    """The claims that the extension knows in a test, which may spoil them."""
    from proofs.claims import CLAIMS
    from proofs.witnesses import check, verdict

    few = {tag: CLAIMS[tag] for tag in FEW}

    def spoiled(tag):
        return verdict(tag) if few[tag] is CLAIMS[tag] else check(few[tag])

    monkeypatch.setattr(conf.claims, "CLAIMS", few)
    monkeypatch.setattr("printing.kept.verdict", spoiled)
    return few


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty project, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def build(conf, claims, here):
    """Build pages as `python -m sphinx` does; a page that prints every claim is added."""

    def run(text=None, *options, **pages):
        if text is not None:
            pages = {"index": f"# Page\n\n{text}\n", "rest": rest(text, claims), **pages}
        write(here, **pages)
        return sphinx_here(here, conf.folder, *options)

    return run
