"""python -m proofs: see `proofs.cli.claims`."""

import sys

from proofs.cli.manners import well_mannered

if __name__ == "__main__":
    sys.exit(well_mannered())
