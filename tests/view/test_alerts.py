"""Alarm levels at every threshold and on both sides of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from view.scenes import queue, queued, scene, text

from console.core.model.entities import (
    Conference,
    Membership,
    Queue,
    QueuedCall,
    Recording,
    RecordingState,
)
from console.core.model.listed_resources import Moment, Source
from console.core.model.policy import Policy
from console.core.model.state import Health, State
from console.view import alerts
from console.view.alerts import CALM, Alarm, Level
from console.view.context import ViewContext
from support.playbook import CONFERENCE, EPOCH, at, listed_conference

SCENE: ViewContext = scene(State(policy=Policy()))
CALM_CONFERENCE = Conference(CONFERENCE, Membership(here=True), listed_conference())


def ending(left: float) -> Conference:
    return replace(CALM_CONFERENCE, listed=replace(listed_conference(), expires_at=EPOCH + left))


def paused(conference: Conference, since: float) -> Conference:
    return replace(conference, recording=Recording(RecordingState.PAUSED, at(-since), Source.OWN))


def conference_alarm(conference: Conference) -> Alarm:
    """Return the alarm, after a check that ``level_of_conference`` has the same level."""
    alarm = alerts.of_conference(SCENE, conference)
    assert alerts.level_of_conference(SCENE, conference) is alarm.level
    return alarm


@pytest.mark.parametrize(
    ("left", "level", "why"),
    [
        (901, Level.CALM, ""),
        (900, Level.SOON, "ends in 15:00"),
        (301, Level.SOON, "ends in 5:01"),
        (300, Level.NOW, "ends in 5:00"),
        (-20, Level.NOW, "ends in 0:00"),
    ],
)
def test_four_hours_run_out(left: float, level: Level, why: str) -> None:
    assert conference_alarm(ending(left)) == Alarm(level, why)


def test_a_recording_left_paused_is_urgent_after_a_while() -> None:
    assert conference_alarm(paused(CALM_CONFERENCE, 120)) == Alarm(Level.SOON, "rec off 2:00")
    assert conference_alarm(paused(CALM_CONFERENCE, 121)) == Alarm(Level.NOW, "rec off 2:01")
    running = replace(CALM_CONFERENCE, recording=Recording(RecordingState.ON, at(-500), Source.OWN))
    assert conference_alarm(running) == CALM


def test_of_two_reasons_the_more_urgent_is_told() -> None:
    assert conference_alarm(paused(ending(800), 300)).why.startswith("rec off")
    assert conference_alarm(paused(ending(100), 30)).why.startswith("ends in")


def test_a_conference_that_waits_for_its_start_says_so_calmly() -> None:
    waiting = replace(CALM_CONFERENCE, listed=listed_conference(status="init"))
    assert conference_alarm(waiting) == Alarm(Level.CALM, "waiting to start")


def test_a_conference_that_has_ended_is_no_alarm() -> None:
    assert conference_alarm(replace(paused(ending(100), 500), ended=True)) == CALM


def test_what_is_not_known_of_a_conference_is_no_alarm() -> None:
    assert conference_alarm(Conference("x", Membership(here=True))) == CALM


@pytest.mark.parametrize(
    ("waited", "level"), [(44, Level.CALM), (45, Level.SOON), (59, Level.SOON), (60, Level.NOW)]
)
def test_a_callers_wait(waited: float, level: Level) -> None:
    call = QueuedCall("a", "q", Membership(here=True), queued("a", waited), None, EPOCH - waited)
    assert alerts.of_call(SCENE, call).level is level


@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
def test_a_clock_that_is_known_to_be_wrong_makes_nobody_wait_longer(ahead: float) -> None:
    health = Health(clock_ahead=ahead, clock_wrong=True)
    state = State(policy=Policy(), health=health)
    off = scene(state, now=Moment(at(0).mono, at(0).wall + ahead))
    assert off.since(EPOCH - 44.0) == 44.0
    assert alerts.of_conference(off, ending(901)) == CALM


def test_a_call_that_hung_up_is_a_ghost_however_long_it_has_waited() -> None:
    fields = queued("a", 500, alive=False)
    call = QueuedCall("a", "q", Membership(here=True), fields, None, EPOCH - 500)
    assert alerts.of_call(SCENE, call) == Alarm(Level.SOON, "ghost")


def test_a_wait_that_is_not_known_is_no_alarm() -> None:
    assert alerts.of_call(SCENE, QueuedCall("a", "q", Membership(here=True))) == CALM


@pytest.mark.parametrize(
    ("size", "oldest", "level", "why"),
    [
        (69, None, Level.CALM, ""),
        (70, None, Level.SOON, "filling"),
        (89, None, Level.SOON, "filling"),
        (90, None, Level.NOW, "full"),
        (None, None, Level.CALM, ""),
        (3, 60, Level.CALM, ""),
        (3, 61, Level.SOON, "waits too long"),
        (3, 180, Level.SOON, "waits too long"),
        (3, 181, Level.NOW, "waits too long"),
        (70, 181, Level.NOW, "waits too long"),
        (90, 61, Level.NOW, "full"),
    ],
)
def test_a_queue_by_its_load_and_its_first_caller(
    size: int | None, oldest: float | None, level: Level, why: str
) -> None:
    line = Queue("q", Membership(here=True), queue(most=100))
    assert alerts.of_queue(SCENE, line, size, oldest) == Alarm(level, why)


def test_a_queue_without_a_known_limit_can_only_wait_too_long() -> None:
    unlisted = Queue("q", Membership(here=True))
    assert alerts.of_queue(SCENE, unlisted, 500, None) == CALM
    assert alerts.of_queue(SCENE, unlisted, 500, 400).level is Level.NOW


def test_each_level_has_a_sign_of_its_own_beside_its_colour() -> None:
    signs = [text(alerts.level_glyph(SCENE, level)) for level in Level]
    assert signs == ["", SCENE.glyphs.soon, SCENE.glyphs.now]
    assert len(set(signs)) == 3
