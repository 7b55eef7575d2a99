"""Local time follows the zone file of the host, also after it is replaced."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from view.scenes import scene, words

from console import interactive, settings
from console.core.model.listed_resources import Moment
from console.core.model.state import State
from console.runtime.state_store import Store
from console.sources.clock import HostZone
from console.view.panes.header import line

PRAGUE = "CET-1CEST,M3.5.0,M10.5.0/3"
NEW_YORK = "EST5EDT,M3.2.0,M11.1.0"
LORD_HOWE = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"
WINTER = datetime(2027, 1, 15, 12, 0, tzinfo=UTC).timestamp()
SUMMER = datetime(2027, 7, 15, 12, 0, tzinfo=UTC).timestamp()
BACK = datetime(2027, 10, 31, 1, 0, tzinfo=UTC).timestamp()
"""At this second the clocks of Prague go from 03:00 CEST back to 02:00 CET."""


@pytest.fixture(autouse=True)
def zone_of_its_own() -> Iterator[None]:
    before = os.environ["TZ"]
    yield
    set_zone(before)


def set_zone(name: str) -> None:
    os.environ["TZ"] = name
    time.tzset()


def zone_file(rules: str) -> bytes:
    """Return a zone file without transitions and with these rules (RFC 8536, section 3)."""
    block = b"TZif2" + bytes(15) + bytes(16) + b"\0\0\0\1" + b"\0\0\0\4" + bytes(6) + b"UTC\0"
    return block + block + b"\n" + rules.encode() + b"\n"


def local(wall: float, zone: HostZone) -> str:
    return datetime.fromtimestamp(wall, zone).strftime("%H:%M:%S %Z")


def test_a_console_shows_each_moment_at_the_local_time_it_had() -> None:
    set_zone(PRAGUE)
    desk = interactive.engine_port(settings.for_demo({}), Store(State()), demo=True)
    shown = {}
    for wall in (WINTER, SUMMER, BACK - 1, BACK):
        view = scene(State(), zone=desk.zone, width=120, now=Moment(0.0, wall))
        shown[wall] = words(line(view)).split()[-2:], view.clock(Moment(0.0, SUMMER))
    assert shown == {
        WINTER: (["13:00:00", "CET"], "14:00:00"),
        SUMMER: (["14:00:00", "CEST"], "14:00:00"),
        BACK - 1: (["02:59:59", "CEST"], "14:00:00"),
        BACK: (["02:00:00", "CET"], "14:00:00"),
    }


@given(
    rules=st.sampled_from([PRAGUE, NEW_YORK, LORD_HOWE, "UTC0", "<-03>3"]),
    wall=st.integers(0, 4_000_000_000),
    filed=st.booleans(),
)
@example(rules=PRAGUE, wall=int(BACK), filed=True)
@example(rules=PRAGUE, wall=int(BACK) - 1, filed=True)
@example(rules=PRAGUE, wall=int(BACK) - 1, filed=False)
def test_every_moment_is_shown_as_the_c_library_shows_it(
    tmp_path_factory: pytest.TempPathFactory,
    rules: str,
    wall: int,
    *,
    filed: bool,
) -> None:
    set_zone(rules)
    expected = time.strftime("%H:%M:%S %Z", time.localtime(wall))
    if filed:
        path = tmp_path_factory.getbasetemp() / "rules"
        path.write_bytes(zone_file(rules))
        set_zone(f":{path}")
    assert local(wall, HostZone()) == expected


@pytest.mark.parametrize("named", ["TZ", "the host"])
def test_a_zone_that_is_moved_shows_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    path = tmp_path / "localtime"
    path.write_bytes(zone_file(PRAGUE))
    if named == "TZ":
        monkeypatch.setenv("TZ", f":{path}")
    else:
        monkeypatch.delenv("TZ")
    zone = HostZone(path, partial(next, count()))
    assert local(SUMMER, zone) == "14:00:00 CEST"
    (tmp_path / "new").write_bytes(zone_file(NEW_YORK))
    (tmp_path / "new").rename(path)
    assert local(SUMMER, zone) == "08:00:00 EDT"
    path.write_bytes(b"no zone")
    assert local(SUMMER, zone) == "08:00:00 EDT", "half a file is no reason to jump"
    path.unlink()
    path.symlink_to(tmp_path / "later")
    (tmp_path / "later").write_bytes(zone_file(PRAGUE))
    assert local(SUMMER, zone) == "14:00:00 CEST"


@pytest.mark.parametrize("name", ["", "No/Such_Zone", ":/no/such/file", "../../etc/passwd", "a\n"])
def test_a_zone_that_cannot_be_read_is_what_the_c_library_makes_of_it(name: str) -> None:
    set_zone(name)
    expected = time.strftime("%H:%M:%S %Z", time.localtime(SUMMER))
    assert local(SUMMER, HostZone()) == expected


def test_it_answers_as_any_zone_does() -> None:
    set_zone(PRAGUE)
    noon = datetime(2027, 7, 15, 12, 0, tzinfo=HostZone())
    assert noon.isoformat() == "2027-07-15T12:00:00+02:00"
    assert noon.tzname() == "CEST"
    assert noon.dst() is None
    assert HostZone().tzname(None) is None
    assert HostZone().utcoffset(None) is None
