"""Times and names as people read them."""
# ruff: noqa: RUF001  # the signs we draw are meant

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view.scenes import known

from console.core.messages import facts
from console.view.text.labels import age, conference_name, duration, lag, leg_name, people_count
from support.playbook import CONFERENCE, Playbook, listed_conference, participant, reading

seconds = st.floats(-1e6, 1e8)


@given(seconds)
def test_a_duration_is_never_negative_and_reads_back_as_itself(value: float) -> None:
    shown = duration(value)
    whole = max(0, int(value))
    if short := re.fullmatch(r"(\d{1,2}):(\d\d)", shown):
        minutes, rest = map(int, short.groups())
        assert minutes * 60 + rest == whole
        assert rest < 60
    else:
        long = re.fullmatch(r"(\d+)h(\d\d)", shown)
        assert long is not None
        hours, minutes = map(int, long.groups())
        assert hours * 60 + minutes == whole // 60
        assert minutes < 60


@given(seconds)
def test_an_age_takes_at_most_four_characters(value: float) -> None:
    assert re.fullmatch(r"\d{1,3}[smhd]", age(value))


@given(st.floats(0, 1e8), st.floats(0, 1e8))
def test_what_is_older_never_reads_as_younger(one: float, two: float) -> None:
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}

    def read(value: float) -> int:
        shown = age(value)
        return int(shown[:-1]) * units[shown[-1]]

    older, younger = max(one, two), min(one, two)
    assert read(older) >= read(younger)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-5, "0:00"),
        (0, "0:00"),
        (59.9, "0:59"),
        (221, "3:41"),
        (3599, "59:59"),
        (3600, "1h00"),
        (4320, "1h12"),
        (90_000, "25h00"),
    ],
)
def test_durations(value: float, shown: str) -> None:
    assert duration(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-1, "0s"),
        (99.9, "99s"),
        (100, "1m"),
        (5999, "99m"),
        (6000, "1h"),
        (359_999, "99h"),
        (360_000, "4d"),
    ],
)
def test_ages(value: float, shown: str) -> None:
    assert age(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.004, "4 ms"), (-0.05, "-50 ms"), (0.4, "0.4 s"), (-3.21, "-3.2 s"), (250, "4m")],
)
def test_lags(value: float, shown: str) -> None:
    assert lag(value) == shown


def test_the_best_name_there_is_stands_for_a_leg() -> None:
    talk = Playbook()
    assert leg_name(talk.state, "v3:abc-k48K") == "?leg ..k48K"
    known(talk, "leg", number="+15125550103")
    assert leg_name(talk.state, "leg") == "+1 512 555 0103"
    known(talk, "leg", number="+15125550103", name="Dana")
    assert leg_name(talk.state, "leg") == "Dana"
    known(talk, "leg", number="+15125550103", name="Dana", agent="Bo\u202e")
    assert leg_name(talk.state, "leg") == "Bo‹202E›"
    assert "\x1b" not in leg_name(talk.state, "leg\x1b[2J")


def test_a_conference_is_named_or_known_by_its_id() -> None:
    talk = Playbook().begin(participant("a"))
    assert conference_name(talk.state, CONFERENCE) == "board-q3"
    assert conference_name(talk.state, "deadbeef-and-more") == "?deadbeef"
    hostile = listed_conference("x" * 36, "a\x1b[2Jb")
    talk.say(facts.ConferencesListed(reading(0.0), "in_progress", (listed_conference(), hostile)))
    assert conference_name(talk.state, "x" * 36) == "a^[[2Jb"


def test_people_are_counted_in_words() -> None:
    assert [people_count(count) for count in (0, 1, 2)] == ["0 people", "1 person", "2 people"]
