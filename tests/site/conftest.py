"""The site that the tests here read."""

import pytest
from sites import clean, once


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    """The folder of the built site, built by one process, with sets in an order of its own."""
    return once(tmp_path_factory, "site", lambda f: clean(f, seed=0))
