"""A filter decides which rows are shown, and an unknown value never matches a negation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view.scenes import scene, text
from view.workspaces import ANA, BO, CARO, OTHER, THIRD, floor

from console.core.model.command import Pane
from console.view.filter import RowValues, parse
from console.view.screen_elements import Sheet
from console.view.selection import Selection
from console.view.workspace_layout import board
from support.playbook import CONFERENCE, Playbook, joined

BO_MUTED = RowValues(
    "Bo +15125550102 ..0102", "v3:bo-0102", {"muted": True, "hold": False}, age=90.0
)
UNLISTED = RowValues("Eve", "v3:eve", {"muted": None, "hold": None})
PAUSED = RowValues("esc-4471-refund", rec="paused", age=5400.0)
NEVER_KNOWN = RowValues("board-q3", rec="?")
CALLER = RowValues("Dana Kowalski ..0142", "v3:x", numbers=("+15125550142", "+18005550100"))
IN_VIP = RowValues("+1 512 555 0103", queue="vip-acme", age=20.0)


@pytest.mark.parametrize(
    ("typed", "row", "shown"),
    [
        ("", BO_MUTED, True),
        ("bo", BO_MUTED, True),
        ("0102", BO_MUTED, True),
        ("ana", BO_MUTED, False),
        ("!ana", BO_MUTED, True),
        ("v3:bo-", BO_MUTED, True),
        ("v3:b", BO_MUTED, False),
        ("!bo", BO_MUTED, False),
        ("bo 0102", BO_MUTED, True),
        ("bo ana", BO_MUTED, False),
        ("(512) 555-0142", CALLER, True),
        ("512.555.0142", CALLER, True),
        ("+1 (512) 555 0142", CALLER, True),
        ("555-0142 dana", CALLER, True),
        ("555-0100 512", CALLER, False),
        ("(512) 555-0143", CALLER, False),
        ("!5550142", CALLER, False),
        ("muted", BO_MUTED, True),
        ("!muted", BO_MUTED, False),
        ("hold", BO_MUTED, False),
        ("!hold", BO_MUTED, True),
        ("muted", UNLISTED, False),
        ("!muted", UNLISTED, False),
        ("hold", PAUSED, False),
        ("hold", RowValues("on hold line"), True),
        ("rec:paused", PAUSED, True),
        ("rec:?", PAUSED, False),
        ("rec:?", NEVER_KNOWN, True),
        ("rec:on", NEVER_KNOWN, False),
        ("!rec:on", NEVER_KNOWN, False),
        ("!rec:on", PAUSED, True),
        ("rec:on", BO_MUTED, False),
        ("age>1m", BO_MUTED, True),
        ("age>90", BO_MUTED, False),
        ("age<2m", BO_MUTED, True),
        ("age>1h", PAUSED, True),
        ("!age>2h", PAUSED, True),
        ("age>0", UNLISTED, False),
        ("!age>0", UNLISTED, False),
        ("q:vip", IN_VIP, True),
        ("q:billing", IN_VIP, False),
        ("!q:billing", IN_VIP, True),
        ("!q:vip", BO_MUTED, False),
        ("re:^esc-\\d+", PAUSED, True),
        ("!re:^esc", PAUSED, False),
        ("re:BOARD Q|refund$", PAUSED, True),
        ("age>1h re:^board", PAUSED, False),
        ("!", RowValues("wow!"), True),
    ],
)
def test_every_word_must_match(typed: str, row: RowValues, shown: bool) -> None:
    found = parse(typed)
    assert found.wrong == ""
    assert found.matches(row) is shown


@pytest.mark.parametrize("typed", ["age>soon", "age>", "re:(", "re:[z-a]", "bo age<1d"])
def test_what_cannot_be_understood_says_so_and_hides_nothing(typed: str) -> None:
    found = parse(typed)
    assert found.wrong
    assert found.matches(BO_MUTED)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    found = parse(typed)
    assert found.matches(UNLISTED) in {True, False}
    assert not (found.wrong and found.tests)


def shown(pane: Pane, typed: str, *marks: str, talk: Playbook | None = None) -> Sheet:
    """Return a pane of the floor with this filter."""
    state = (talk or floor().talk).state
    filters = {pane: parse(typed)} if typed else {}
    look = scene(state, 1.0, queue="billing", pane=pane)
    return board(look, Selection({pane: marks}, filters)).sheets[pane.value]


@pytest.mark.parametrize(
    ("pane", "typed", "keys"),
    [
        (Pane.PEOPLE, "muted", (BO,)),
        (Pane.PEOPLE, "!muted", (ANA, CARO)),
        (Pane.PEOPLE, "reyes", (ANA,)),
        (Pane.PEOPLE, "v3:caro", (CARO,)),
        (Pane.CONFERENCES, "rec:?", (CONFERENCE, OTHER, THIRD)),
        (Pane.CONFERENCES, "refund", (OTHER,)),
        (Pane.CONFERENCES, "age>49m", (CONFERENCE,)),
        (Pane.CALLS, "age>30s", ("v3:q1",)),
        (Pane.CALLS, "q:billing 0103", ("v3:q1", "v3:q2")),
        (Pane.CALLS, "q:vip", ()),
        (Pane.QUEUES, "q:vip", ("vip",)),
    ],
)
def test_each_pane_shows_the_rows_that_match(pane: Pane, typed: str, keys: tuple[str, ...]) -> None:
    sheet = shown(pane, typed)
    assert sheet.keys == keys
    everything = len(shown(pane, "").keys)
    assert text(sheet.narrowed) == f"/{typed} {len(keys)} of {everything}"


def test_the_log_is_filtered_by_what_it_shows() -> None:
    talk = floor().talk.say(joined(0.5, "v3:eve-0105"))
    talk.ask("mute", 0.6, ANA, id_="m")
    every, some = shown(Pane.LOG, "", talk=talk), shown(Pane.LOG, "reyes", talk=talk)
    assert 0 < len(some.keys) < len(every.keys)
    for key in every.keys:
        assert (key in some.keys) is ("Reyes" in " ".join(map(text, every.row(key))))


def test_a_pane_that_a_filter_empties_says_how_it_is_filled_again() -> None:
    sheet = shown(Pane.CONFERENCES, "nobody")
    assert text(sheet.empty[0]) == '0 of 3 match "nobody". esc clears.'
    wrong = shown(Pane.CONFERENCES, "re:(")
    assert len(wrong.keys) == 3
    assert "re:" in text(wrong.narrowed)


def test_marks_are_counted_and_who_has_gone_stays_counted() -> None:
    sheet = shown(Pane.PEOPLE, "", ANA, "v3:gone", BO)
    assert text(sheet.figures).startswith("3 marked 1 gone")
    assert sheet.marked == {ANA, BO, "v3:gone"}
    assert sheet.held
    assert not shown(Pane.PEOPLE, "").held
    assert not shown(Pane.PEOPLE, "", "v3:gone").held, "no row is marked any more"
