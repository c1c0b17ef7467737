"""python -m proofs: see `proofs.cli.claims`."""

import gc
import sys

from proofs.cli.manners import well_mannered

if __name__ == "__main__":
    # What SymPy loads and remembers stays until the end; looking through it for what nobody holds
    # any longer would take a tenth of the time.
    gc.set_threshold(50_000, 20, 100)
    sys.exit(well_mannered())
