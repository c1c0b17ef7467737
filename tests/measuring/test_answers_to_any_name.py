"""A module that has an answer to any name, as torch.classes has, is one that is reached."""

import sys
from types import ModuleType

from proofs.measuring.own_numpy import reachable


class Proxy(ModuleType):
    """What stands behind a name raises where it is asked for a file."""

    def __getattr__(self, name):
        if name == "__file__":
            raise RuntimeError
        setattr(self, name, Proxy(name))  # torch keeps what it has answered
        return vars(self)[name]


def test_its_closure_is_not_asked_for(monkeypatch):
    module = Proxy("answers")
    vars(module)["__file__"] = "answers.py"
    monkeypatch.setitem(sys.modules, "answers", module)
    assert vars(module) in reachable(module)
