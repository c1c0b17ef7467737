"""The what-ifs of the pages: what each starts from, its still picture, and what it must compute.

A script in conf/static/ moves each of them; what it computes is compared with these modules.
"""

from types import ModuleType

from proofs.lessons.whatifs import demon, one_line_wrong, sigmoid_to_softmax, temperature

WHATIFS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2].replace("_", "-"): module
    for module in (sigmoid_to_softmax, demon, one_line_wrong, temperature)
}
"""The what-ifs by the names that a page calls them; each module has `start` and `picture`."""
