"""`python -m console` is `telnyx-console`."""

import sys

from console.cli import main

if __name__ == "__main__":
    sys.exit(main())
