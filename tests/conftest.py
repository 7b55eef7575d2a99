"""Every test starts from the same world: no account, no profile, UTC, nothing that moves."""

import gc
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
_FOREIGN = ("TELNYX_", "TEXTUAL", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "XDG_")

# At import, not in a fixture: Textual reads its variables when it is first imported.
_KEPT = "TEXTUAL_SNAPSHOT_"  # the picture plugin tells its workers so
for _name in [n for n in os.environ if n.startswith(_FOREIGN) and not n.startswith(_KEPT)]:
    del os.environ[_name]
os.environ.update(TEXTUAL_ANIMATIONS="none", TZ="UTC", LANG="C.UTF-8", LC_ALL="C.UTF-8")
time.tzset()

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_xdist_auto_num_workers() -> int:
    """Return the number of test processes: three fill two cores, since journeys often wait."""
    return 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the gates, and run whole programs first: they take longest."""
    for item in items:
        if "gates" in item.path.relative_to(TESTS).parts:
            item.add_marker(pytest.mark.gate)
    items.sort(key=lambda item: "journeys" not in item.path.parts)


def pytest_collection_finish() -> None:
    """Keep loaded modules out of garbage collections, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)


@pytest.fixture(autouse=True)
def home_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Configuration, state and sockets of a test, and of the programs it starts, are its own."""
    for variable in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{variable}_HOME", str(tmp_path / variable.lower()))
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
