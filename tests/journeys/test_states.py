"""Every state of a pane and of the header: caused by the provider, and cleared."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from console.core.messages.read_scopes import (
    LIVE,
    CallsScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.listed_resources import Moment
from console.core.model.policy import Policy
from console.ui.themes import palette_for
from console.ui.widgets.table import Table
from console.view.screen_elements import Role
from support.house import House, house

BRISK = Policy(
    queues_every=0.5,
    calls_watched_every=0.5,
    calls_every=0.5,
    conferences_every=0.5,
    people_watched_every=0.3,
    people_every=1.0,
    offline=0.5,
    webhooks_silent=1.0,
    ended_shown=3.0,
    budget=50.0,
)
"""The same rules with shorter times."""


SLOW = replace(
    BRISK,
    people_watched_every=20.0,
    skew=0.0,
    gap_wait=0.3,
    poll_factor=20.0,
    budget=30.0,
)
"""Conferences are read so seldom that no read is seen, except after an event."""


@dataclass
class Floor:
    """A console on one conference of two and a queue of one."""

    at: House
    conference: str


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    async with house("--scenario", "empty", policy=BRISK) as at:
        conference = at.sim.conference(
            "board-q3", at.sim.caller("+15125550101"), at.sim.caller("+15125550102")
        )
        waiting = at.sim.caller("+15125550201")
        at.sim.api("POST", f"/calls/{waiting}/actions/enqueue", queue_name="vip")
        await at.see("+1 512 555 0102")
        await at.see("+1 512 555 0201")
        await at.until(lambda: all(p.listed for p in at.state.people[conference].values()))
        await at.press("4")
        yield Floor(at, conference)


async def gone(at: House, text: str) -> None:
    """Wait until the text is no longer on the screen."""
    await at.until(lambda: text not in at.text(), f"{text!r} never went")


def read(at: House, scope: Scope) -> Moment | None:
    """Return the time at which the scope was last read."""
    known = at.state.coverage.get(scope)
    return known.answered if known is not None else None


async def nothing_is_blanked(at: House) -> None:
    """Check that the last known values stay on the screen."""
    for text in ("board-q3", "+1 512 555 0101", "+1 512 555 0102", "+1 512 555 0201", "vip"):
        assert text in at.text()


def role_of(at: House, text: str) -> Role:
    """Return the style role of a text in the People pane."""
    table, roles = at.app.screen.query_one("#people Table", Table), palette_for(at.app).roles
    for y in range(table.size.height):
        for segment in table.render_line(y):
            if re.fullmatch(text, segment.text.strip()) and segment.style is not None:
                return next(r for r, style in roles.items() if style.color == segment.style.color)
    return Role.GONE


OLD = "The data of this conference is old."
TROUBLE = {
    "http-403": ("403: may not list people", "mute: 403: this key may not list people"),
    "http-503": ("error 503, ", OLD),
    "http-429": ("429: polls slowed, resume in ", ""),
}
"""For each error: the text beside a pane's title, and the answer to a key."""
COUNTED = re.compile(r"(error 503|no answer), (retry \d+ in|polls pause) \d+ s")


async def test_what_goes_wrong_is_said_and_the_last_values_stay(floor: Floor) -> None:
    at = floor.at
    for fault, (shown, answered) in TROUBLE.items():
        at.sim.fault(fault, 1.0)
        await at.press("ctrl+r")
        await at.see(shown)
        await nothing_is_blanked(at)
        if answered == OLD:
            await at.until(lambda: COUNTED.search(at.text()), "when it is tried again")
            await at.see("s!")
            await at.until(lambda: role_of(at, ".* open") is Role.DIM, "a value that is dim")
        if answered:
            await at.press("m")
            await at.see(answered)
        if answered == OLD:
            await at.press("escape")
        at.sim.fault(fault, 0.0)
        await at.press("ctrl+r")
        await gone(at, shown)
        await gone(at, "s!")
        assert role_of(at, ".* open") is Role.GOOD
        await nothing_is_blanked(at)


async def test_odd_values_in_every_listing_blind_no_pane_and_are_no_outage(floor: Floor) -> None:
    at, scopes = (
        floor.at,
        (LIVE, QueuesScope(), ParticipantsScope(floor.conference), CallsScope("vip")),
    )
    begun = at.state.health.api_ok
    assert begun is not None
    at.sim.fault("odd-values", 1.0)
    for _ in range(6):
        before = {scope: read(at, scope) for scope in scopes}
        await at.until(lambda was=before: all(read(at, one) != was[one] for one in scopes), "polls")  # type: ignore[misc]  # bound now
        here = [one for one in at.state.people[floor.conference].values() if one.membership.here]
        waiting = [one for one in at.state.waiting["vip"].values() if one.membership.here]
        assert (len(here), len(waiting)) == (2, 1)
        assert at.state.conferences[floor.conference].membership.here
        assert at.state.queues["vip"].membership.here
        assert at.state.health.unreachable is None
        assert at.state.health.polls_paused_until is None
        for text in ("no answer", "OFFLINE", "API FAILS", "not understood", "retry"):
            assert text not in at.text()
    await at.press("i")
    await at.see("odd in the listing:")
    await at.see(" is expected")
    await at.press("escape")
    at.sim.fault("odd-values", 0.0)
    await at.until(
        lambda: (
            not [p for p in at.state.people[floor.conference].values() if p.listed and p.listed.odd]
        )
    )
    await at.until(lambda: "left out" not in at.text().split("Log")[0])
    await nothing_is_blanked(at)


async def test_an_answer_that_cannot_be_read_is_no_outage(floor: Floor) -> None:
    at = floor.at
    at.sim.fault("truncated-json", 1.0)
    await at.see("answers not understood")
    await at.see("not understood, retry ")
    await at.until(lambda: at.state.coverage[QueuesScope()].failures > 5, "polls that go on")
    assert at.state.health.unreachable is None
    assert at.state.health.polls_paused_until is None
    assert re.search(r"api \d+ ms", at.text())
    await nothing_is_blanked(at)
    at.sim.fault("truncated-json", 0.0)
    await gone(at, "not understood, retry ")
    await gone(at, "answers not understood")


async def test_a_pane_says_that_it_loads_and_when_it_was_seen_to_be_empty() -> None:
    policy = replace(BRISK, attempt=1.0)
    async with house("--scenario", "empty", "--fault", "slow=1", policy=policy) as at:
        await at.see("loading conferences, ")
        at.sim.fault("slow", 0.0)
        await at.see("No conference is live. Seen ")
        await at.see("n starts one with a call.")
        await at.see("No webhook has arrived yet.")
        await gone(at, "loading conferences")
        leg = at.sim.caller("+15125550101")
        await at.see("Webhooks arrived ")
        at.sim.conference("board-q3", leg)
        await gone(at, "No conference is live.")


async def test_a_refused_key_stops_polls_and_commands_until_it_is_tried_again(floor: Floor) -> None:
    at = floor.at
    at.sim.fault("http-401", 1.0)
    await at.see("KEY REFUSED")
    await at.see("again in")
    await at.see("401: key refused")
    await nothing_is_blanked(at)
    at.sim.fault("http-401", 0.0)
    asked = len(at.sim.requests("GET"))
    await at.press("m")
    await at.see("mute: the API key was refused; ctrl+r tries it again")
    assert at.sim.requests("POST")[-1]["path"].endswith("/enqueue"), "nothing was sent"
    assert len(at.sim.requests("GET")) == asked, "nobody polls with a refused key"
    await at.press("ctrl+r")
    await gone(at, "KEY REFUSED")
    await gone(at, "401: key refused")
    await at.press("m")
    await at.receipt("mute", "seen")


async def test_while_nobody_answers_age_runs_on_and_no_command_is_queued(floor: Floor) -> None:
    at = floor.at
    at.sim.fault("timeout-before", 1.0)
    await at.see("OFFLINE since ")
    await at.see("showing last known")
    await at.until(lambda: COUNTED.search(at.text()), "when it is tried again")
    await at.see("s!")
    await nothing_is_blanked(at)
    await at.press("m")
    await at.see("no answer: commands are off  m/M mute")
    await at.see("mute: Telnyx has not answered for ")
    at.sim.fault("timeout-before", 0.0)
    await gone(at, "OFFLINE")
    await gone(at, "s!")
    assert at.newest("mute") is None


async def test_while_webhooks_are_silent_polls_are_faster_until_one_comes() -> None:
    async with house("--scenario", "empty", policy=SLOW) as at:
        conference = at.sim.conference("board-q3", at.sim.caller("+15125550101"))
        await at.see("+1 512 555 0101")
        await at.until(lambda: read(at, ParticipantsScope(conference)))
        late, waiting = at.sim.caller("+15125550102"), at.sim.caller("+15125550201")
        at.sim.fault("webhook-drop", 1.0)
        join = f"/conferences/{conference}/actions/join"
        at.sim.api("POST", join, call_control_id=late)
        at.sim.api("POST", f"/calls/{waiting}/actions/enqueue", queue_name="vip")
        await at.see("hooks silent 0:0")
        await at.see("polls faster")
        await at.see("+1 512 555 0102")  # only a reading of the conference shows this person
        at.sim.fault("webhook-drop", 0.0)
        at.sim.api(
            "POST", f"/conferences/{conference}/actions/speak", payload="hello", voice="female"
        )
        await gone(at, "hooks silent")
        last = read(at, QueuesScope())
        await at.until(lambda: read(at, QueuesScope()) != last)
        people, last = read(at, ParticipantsScope(conference)), read(at, QueuesScope())
        await at.until(lambda: read(at, QueuesScope()) != last)
        assert read(at, ParticipantsScope(conference)) == people, "as seldom as before"


async def test_a_webhook_of_another_key_is_refused_and_said(floor: Floor) -> None:
    at = floor.at
    at.sim.fault("webhook-bad-signature", 1.0)
    at.sim.api(
        "POST", f"/conferences/{floor.conference}/actions/speak", payload="hello", voice="female"
    )
    await at.see("REFUSED")
    assert not any(sound.playing for sound in at.state.conferences[floor.conference].audio)


async def test_an_ended_conference_is_struck_out_and_then_goes(floor: Floor) -> None:
    at = floor.at
    await at.press("3")
    at.sim.api("POST", f"/conferences/{floor.conference}/actions/end")
    await at.see("0 live")
    await at.see("ended ")
    await at.press("e")
    await at.see("end: the conference has ended")
    await at.see("No conference is live.")


async def test_an_age_is_lit_when_it_is_old_and_a_lock_holds_until_it_is_taken_off() -> None:
    policy = replace(BRISK, stale_after=1000, queues_every=9.0, conferences_every=9.0)
    async with house("--scenario", "empty", policy=policy) as at:
        at.sim.conference("board-q3", at.sim.caller("+15125550101"))
        await at.see("+1 512 555 0101")
        await at.press("4", "L")
        await at.see(" READ-ONLY ")
        await at.see("locked L unlocks  m/M mute")
        await at.press("m")
        await at.see("mute: locked; L unlocks")
        await at.press("L")
        await gone(at, "READ-ONLY")
        await gone(at, "locked L")
        assert role_of(at, r"p \d+s") is Role.DIM
        at.sim.fault("http-503", 1.0)
        await at.until(lambda: role_of(at, r"p \d+s") is Role.PLAIN, "an age that is lit")
        assert role_of(at, ".* open") is Role.GOOD, "but the value is not dim yet"
        at.sim.fault("http-503", 0.0)
        await at.press("ctrl+r")
        await at.until(lambda: role_of(at, r"p \d+s") is Role.DIM, "an age that is young again")
        assert at.newest("mute") is None


async def test_a_poll_that_is_asked_for_is_made_while_polls_pause_and_says_what_came(
    floor: Floor,
) -> None:
    at = floor.at
    at.sim.fault("http-503", 1.0)
    await at.until(lambda: at.state.health.polls_paused_until, "that polls pause")
    await at.press("ctrl+r")
    await at.see("0 of 5 read  reading failed: 503")
    assert at.state.health.polls_paused_until is not None
    at.sim.fault("http-503", 0.0)
    await at.press("ctrl+r")
    await at.see("polled  all 5 listings read")
    await at.until(lambda: at.state.health.polls_paused_until is None, "that polls go on")
