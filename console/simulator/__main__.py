"""Run the simulator with ``python -P -m console.simulator``."""

import sys

from console.simulator.cli import main

sys.exit(main())
