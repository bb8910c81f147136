"""`python -m verbund` is the same as `verbund`."""

import sys

from verbund.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
