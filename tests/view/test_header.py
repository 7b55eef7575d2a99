"""The header shows the profile and the health of the connection, at any width."""
# ruff: noqa: RUF001  # the signs we draw are meant

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from view.scenes import healthy, queue, queues_listed, scene, words

from console.core.messages import facts, intents
from console.core.messages.facts import ReadingFailed
from console.core.messages.read_scopes import LIVE, QueuesScope
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.model.state import Health
from console.view.panes.header import line
from console.view.screen_elements import Role, TextLine
from console.view.text.cell_width import width_of
from support.playbook import Playbook, at, participant, people_listed

moments = st.none() | st.integers(-400_000, 0).map(at)
names = st.text("abcW漢é\u202e", max_size=30)
health = st.builds(
    Health,
    receiver=st.none() | st.just("127.0.0.1:8787"),
    receiver_note=names,
    last_webhook=moments,
    listening_since=moments,
    polled_changes_since=moments,
    lag=st.none() | st.floats(-1000, 100_000),
    verified=st.integers(0, 10**7),
    duplicates=st.integers(0, 99),
    refused=st.integers(0, 10**6),
    refused_last=moments,
    api_ok=moments,
    rtt=st.none() | st.floats(0, 30),
    limit=st.none() | st.integers(0, 5000),
    remaining=st.none() | st.integers(0, 5000),
    polls_resume=st.none() | st.integers(0, 60).map(at),
    key_refused=moments,
    unreachable=moments,
    polls_paused_until=moments,
    gaps=st.integers(0, 10**4),
    retried=st.integers(0, 99),
    webhooks_missing=st.booleans(),
    clock_ahead=st.none() | st.floats(-1e9, 1e9),
    clock_wrong=st.booleans(),
)


MISSED = {"listening_since": at(-120.0), "polled_changes": 1, "polled_changes_since": at(-11.0)}
"""Polls have shown a change of which no webhook told."""


def header(talk: Playbook, width: int = 120, **more: str) -> TextLine:
    return line(scene(talk.state, 0.0, width=width, **more))


@settings(max_examples=60)
@given(
    health=health,
    profile=names,
    operator=names,
    demo=st.booleans(),
    read_only=st.booleans(),
    zone=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_it_never_exceeds_its_width(
    width: int,
    health: Health,
    profile: str,
    operator: str,
    *,
    demo: bool,
    read_only: bool,
    zone: timezone,
) -> None:
    talk = Playbook().begin(participant("a")).policy(read_only=read_only, end_now=1e6)
    talk.say(queues_listed(0.0, queue(size=95)))
    talk.state = replace(talk.state, health=health)
    told = line(
        scene(talk.state, width=width, profile=profile, operator=operator, demo=demo, zone=zone)
    )
    assert width_of(told.left) + 1 + width_of(told.right) <= width
    badges = {span.text.strip() for span in told.left if span.role in {Role.BADGE, Role.ALARM}}
    assert ("DEMO" in badges) is demo
    assert ("READ-ONLY" in badges) is read_only
    if health.key_refused:
        assert "401 KEY REFUSED" in badges
    elif health.unreachable and health.unreachable < at(-10.0):
        assert any(badge.startswith("OFFLINE") for badge in badges)


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize(
    ("state", "said", "role"),
    [
        ({"key_refused": at(-18.0)}, " 401 KEY REFUSED ", Role.ALARM),
        ({"key_refused": at(-18.0)}, "again in 42s", Role.SOON),
        ({"unreachable": at(-12.0), "rtt": 0.1}, " OFFLINE ", Role.ALARM),
        ({"unreachable": at(-12.0), "rtt": 0.1}, "since 07:59:48", Role.SOON),
        ({"unreachable": at(-9.0), "rtt": 0.1}, "no answer 9s", Role.SOON),
        ({"receiver": "x", "last_webhook": at(-61.0)}, "quiet 1:01", Role.DIM),
        ({"receiver": "x", "last_webhook": at(-72.0), **MISSED}, "silent 1:12", Role.SOON),
        ({"receiver": "x", **MISSED}, "silent 2:00", Role.SOON),
        ({"receiver": "x"}, "none yet", Role.DIM),
        ({"receiver": "x", "last_webhook": at(-1.0), "lag": 0.4}, "0.4 s", Role.PLAIN),
        ({"receiver": "x", "last_webhook": at(-1.0)}, "?", Role.PLAIN),
        ({"receiver_note": "--no-receiver"}, ": --no-receiver", Role.SOON),
        ({"receiver": "x", "refused": 3, "refused_last": at(-5.0)}, " REFUSED 3 ", Role.ALARM),
        ({"polls_resume": at(6.0)}, "429, polls in 6s", Role.SOON),
        ({"rtt": 0.084}, "84 ms", Role.PLAIN),
        ({"polls_paused_until": at(6.0), "rtt": 0.1}, " API FAILS ", Role.ALARM),
        ({"receiver": "x", "gaps": 1, "last_webhook": at(-1.0)}, "1 gap", Role.SOON),
        ({"receiver": "x", "gaps": 2}, "2 gaps", Role.SOON),
        ({"receiver": "x", "webhooks_missing": True}, " NO WEBHOOKS ", Role.ALARM),
        ({"receiver": "x", "webhooks_missing": True, **MISSED}, " 2:00", Role.SOON),
        (
            {"receiver": "x", "clock_ahead": -61.0, "clock_wrong": True},
            " CLOCK 61s OFF ",
            Role.ALARM,
        ),
    ],
)
def test_what_is_wrong_is_said_at_every_width(
    width: int, state: dict[str, object], said: str, role: Role
) -> None:
    told = header(healthy(Playbook(), **state), width)
    meant = {span.role for span in told.left if said.strip() in span.text}
    shown = words(told)
    assert said.strip() in shown
    assert meant == {role}


@pytest.mark.parametrize(
    ("width", "said"), [(80, "2 odd answers"), (120, "2 answers not understood")]
)
def test_answers_that_cannot_be_read_are_said_beside_an_api_that_is_well(
    width: int, said: str
) -> None:
    why = Problem(ProblemKind.SHAPE, 200, title="answer not understood")
    talk = healthy(Playbook(), receiver="x", rtt=0.084, api_ok=at(0.0))
    assert "answer" not in words(header(talk, width))
    talk.say(*(ReadingFailed(at(0.0), scope, why) for scope in (LIVE, QueuesScope())))
    told = header(talk, width)
    assert said in words(told)
    assert {span.role for span in told.left if said in span.text} == {Role.SOON}
    assert "84 ms" in words(told)
    assert next(span.role for span in told.left) is Role.GOOD


def test_where_there_is_space_silence_says_that_polls_are_faster() -> None:
    silent = healthy(Playbook(), receiver="x", last_webhook=at(-72.0), **MISSED)
    assert "hooks silent 1:12, polls faster" in words(header(silent))
    quiet = healthy(Playbook(), receiver="x", last_webhook=at(-72.0))
    assert "faster" not in words(header(quiet))


def test_seen_is_the_age_of_the_oldest_that_is_shown_whatever_else_was_answered() -> None:
    talk = Playbook().begin(participant("a")).say(queues_listed(-0.5))
    talk.say(facts.ApiAnswered(at(0.0), 0.1))
    assert "seen" not in words(header(healthy(Playbook(), api_ok=at(0.0))))
    assert "seen 9s" in words(line(scene(talk.state, 8.1)))
    talk.say(people_listed(8.0, participant("a")))
    assert "seen 9s" in words(line(scene(talk.state, 8.1))), "the conferences are that old"


def test_a_refused_delivery_is_an_alarm_for_a_minute() -> None:
    told = healthy(Playbook(), receiver="x", refused=1, refused_last=at(-61.0), verified=1)
    assert "REFUSED" not in words(header(told))
    assert "50 % signed" in words(header(told))


def test_what_is_left_of_the_rate_limit_is_a_warning_when_it_is_little() -> None:
    for remaining, role in ((25, Role.SOON), (26, Role.PLAIN)):
        told = header(healthy(Playbook(), limit=100, remaining=remaining))
        assert [s.role for s in told.left if s.text == f"{remaining} %"] == [role]


def test_urgent_things_are_counted_by_level() -> None:
    talk = Playbook().begin(participant("a")).policy(end_soon=20_000.0)
    talk.say(queues_listed(0.0, queue(size=95)))
    shown = words(header(talk))
    assert "▲1" in shown
    assert "◆1" in shown


def test_the_zone_is_named_where_there_is_space_and_the_time_is_local() -> None:
    east = timezone(timedelta(hours=2), "CEST")
    state = Playbook().state
    assert words(line(scene(state, zone=east, width=120))).endswith("10:00:00 CEST ")
    assert words(line(scene(state, zone=east, width=80))).endswith("10:00:00 ")


@pytest.mark.parametrize("locked", [True, False])
def test_read_only_is_said_at_every_width_until_it_is_unlocked(*, locked: bool) -> None:
    talk = Playbook()
    if locked:
        talk.say(intents.LockAsked(at(0.0)))
    else:
        talk.policy(read_only=True)
    assert all(" READ-ONLY " in words(header(talk, width)) for width in (80, 120, 200))
    assert "watching ana" in words(header(talk))
    talk.say(intents.LockAsked(at(1.0)))
    assert ("READ-ONLY" in words(header(talk))) is not locked


def test_names_are_cleaned() -> None:
    told = words(header(Playbook(), profile="a\x1b[2J\u202e", operator="b\n\x07"))
    assert "a^[[2J‹202E›" in told
    assert "b^J^G" in told


def test_a_receiver_that_went_says_why_until_it_listens_again() -> None:
    talk = Playbook().say(facts.ReceiverOpened(at(-9.0), "x"))
    assert "hooks none yet" in words(header(talk))
    talk.say(facts.ReceiverClosed(at(-5.0), "the port is taken"))
    assert "hooks off: the port is taken" in words(header(talk))
    talk.say(facts.ReceiverOpened(at(-1.0), "x"))
    assert "hooks none yet" in words(header(talk))
