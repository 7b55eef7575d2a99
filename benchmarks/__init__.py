"""Measurements of whole runs; each exits with 1 if a target is missed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests"))  # for the helpers in ``support``
