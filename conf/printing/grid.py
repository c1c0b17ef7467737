"""The errors of every output with every cost, in a table whose cells are claims."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing.claims import ClaimDirective
from proofs.lessons.grid import GRID, OUTPUTS, is_difference, outside
from proofs.lessons.pictures.figures import signed
from proofs.network.activations import Activation
from proofs.network.costs import COSTS, Cost


class PrintGrid(ClaimDirective):
    """```{grid}: a row for each cost, a column for each output, in each cell what is known."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        head = ["Cost", *(f"{output} outputs" for output in OUTPUTS)]
        rows = [
            [f"**{cost}**", *(self.cell(output, cost) for output in OUTPUTS)]
            for cost in COSTS.values()
        ]
        table = "\n".join("* - " + "\n  - ".join(row) for row in [head, *rows])
        return [self.prose(f"```{{list-table}}\n:header-rows: 1\n\n{table}\n```", "ledger")]

    def cell(self, output: Activation, cost: Cost) -> str:
        """The error, or why there is none."""
        if (output, cost) not in GRID:
            a = signed(outside(output, cost) or 0, 0)
            return f"not finite:\n\n    no value at an output of {a}"
        tag = GRID[output, cost]
        self.checked(tag)  # a false one stops the build
        plain = ": **a − y**" if is_difference(tag) else ""
        return f"{{claim}}`{tag}`\n\n    ({tag}){plain}"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("grid", PrintGrid)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
