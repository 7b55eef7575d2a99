"""Measurements side by side in one run; each exits non-zero where a target is missed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests"))  # what the tests lend: ``support``
