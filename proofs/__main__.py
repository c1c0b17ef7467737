"""python -m proofs: see `proofs.cli.claims`."""

import sys

from proofs.cli.claims import main

if __name__ == "__main__":
    sys.exit(main())
