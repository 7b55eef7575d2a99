"""What the API remembers of missed webhooks fills their gaps; silence and a wrong clock alarm."""

from __future__ import annotations

from dataclasses import replace

import pytest
from core.unheard import MARKED, OURS, here, listening, marks, missing

from console.core import facts, webhooks
from console.core.effects import Keep
from console.core.scopes import Missed, OneConference, WhyMissed
from console.core.state import Sign
from console.core.things import Leg, Problem
from console.core.webhooks import Webhook
from support.playbook import (
    EPOCH,
    ROOM,
    Playbook,
    at,
    conference,
    joined,
    left,
    origin,
    people_listed,
    reading,
)


def remembered(event: Webhook) -> tuple[Webhook, bytes]:
    return replace(event, origin=replace(event.origin, api=True)), b"{}"


def told(asked: float, *events: Webhook) -> facts.EventsTold:
    return facts.EventsTold(reading(asked), OURS, tuple(map(remembered, events)))


def test_what_the_api_remembers_fills_the_gap_and_says_where_it_is_from() -> None:
    talk = listening(here(-60.0)).say(people_listed(2.0)).pass_(2.0 + MARKED)
    before = talk.state.health
    event = left(20.0, "a", occurred=1.5)
    floor = webhooks.FloorChanged(
        origin(20.0, "conference.floor.changed", occurred=1.0), Leg("b"), ROOM
    )
    fresh = joined(20.0, "c", occurred=19.0)
    talk.say(told(20.0, floor, event, fresh, joined(20.0, "z", occurred=-3.0)))
    said = [e for e in talk.state.log if e.sign is Sign.API]
    other = "conference.participant.joined"
    assert [e.name for e in said] == ["conference.floor.changed", event.origin.name, other]
    assert {e.lag for e in said} == {None}
    assert (missing(talk), talk.state.health.recovered) == ([], 3)
    assert talk.effects[0] == Keep(floor.origin.event_id, b"{}")
    health = talk.state.health
    assert (health.verified, health.webhook, health.gaps) == (before.verified, before.webhook, 0)
    talk.say(event)
    assert talk.state.health.duplicates == 1
    (gap,) = talk.state.gaps.values()
    assert gap.event_id == event.origin.event_id
    talk.say(facts.DeliveryTold(reading(30.0), event.origin.event_id, "failed, 1 try: 503"))
    assert talk.state.gaps == {}
    assert talk.state.log[-1].text == "why: failed, 1 try: 503"
    assert WhyMissed(event.origin.event_id) not in talk.state.coverage


def test_what_the_api_does_not_have_stays_a_gap() -> None:
    talk = listening(here(-60.0)).say(people_listed(2.0)).pass_(2.0 + MARKED)
    talk.say(told(20.0)).say(told(40.0))
    assert [gap.asked for gap in talk.state.gaps.values()] == [2]
    assert missing(talk) == ["conference.participant.left"]
    assert talk.state.coverage[Missed(OURS, 0.0)].problem is None
    talk.say(facts.ReadingFailed(at(60.0), Missed(OURS, 0.0), Problem("forbidden", 403)))
    assert talk.state.log[-1].sign is Sign.INFERRED


def test_polls_that_see_what_no_webhook_tells_raise_an_alarm_until_one_comes() -> None:
    talk = listening(*(here(-60.0, leg) for leg in "abcd"), connection="another")
    talk.say(people_listed(2.0, here(-60.0, "d"))).pass_(100.0)
    assert not talk.state.health.deaf
    talk.pass_(183.0)
    assert talk.state.health.deaf
    assert marks(talk)[-1][0] == "webhooks missing"
    talk.say(joined(200.0, "x"))
    assert not talk.state.health.deaf
    assert marks(talk)[-1] == ("webhooks arrive", "again")


def test_a_conference_read_over_that_was_heard_of_only_in_the_past_is_no_gap() -> None:
    talk = Playbook().say(
        joined(-100.0, "a"),
        facts.ReceiverOpened(at(-5.0), "x"),
        facts.ApiAnswered(at(-4.5), 0.1, date=EPOCH - 5),
    )
    over = replace(conference(), status="completed", connection_id=OURS)
    talk.say(facts.ConferenceRead(reading(-4.0), ROOM, over)).pass_(30.0)
    assert missing(talk) == []
    assert OneConference(ROOM) not in talk.state.coverage


def test_a_wrong_clock_is_an_alarm_until_it_is_right() -> None:
    def answered(seconds: float, ahead: float) -> facts.ApiAnswered:
        date = at(seconds).wall - ahead
        return facts.ApiAnswered(at(seconds), 0.2, date=date)

    talk = Playbook().say(answered(0.0, 50.0))
    assert marks(talk) == []
    talk.say(answered(1.0, -70.0), answered(2.0, -71.0))
    assert [name for name, _ in marks(talk)] == ["clock wrong"]
    assert "behind" in marks(talk)[0][1]
    assert talk.state.health.clock == pytest.approx(-71.6)
    talk.say(facts.ApiAnswered(at(3.0), 0.2))
    assert talk.state.health.clock_wrong
    talk.say(answered(4.0, 0.5))
    assert not talk.state.health.clock_wrong
    assert marks(talk)[-1][0] == "clock right"


def test_polls_that_pause_say_so_once_until_they_go_on() -> None:
    talk = Playbook().say(facts.PollsPaused(at(0.0), 5.0), facts.PollsPaused(at(5.0), 10.0))
    assert talk.state.health.paused == at(15.0)
    talk.say(facts.PollsResumed(at(15.5)))
    assert talk.state.health.paused is None
    assert [name for name, _ in marks(talk)] == ["polls pause", "polls go on"]


def test_what_happened_while_nobody_listened_is_one_gap_that_the_api_can_fill() -> None:
    def past() -> Playbook:
        return Playbook().say(
            replace(joined(-900.0, "a", occurred=-901.0), leg=Leg("a", connection_id=OURS))
        )

    assert past().say(facts.Resumed(at(-850.0), 1)).state.health.gaps == 0
    assert past().say(facts.Resumed(at(0.0), 1, alone=False)).state.health.gaps == 0
    talk = past().say(facts.Resumed(at(0.0), 1))
    assert missing(talk) == ["not listening"]
    assert talk.state.log[0].text == "joined"
    assert "for 15 min before this start" in talk.state.log[1].text
    (gap,) = talk.state.gaps.values()
    assert gap.since == EPOCH - 901.0
    talk.say(replace(told(20.0), whole=False))
    assert missing(talk) == ["not listening"]
    talk.say(told(20.0, joined(20.0, "b", occurred=-500.0)))
    assert missing(talk) == []
    assert talk.state.log[-1].text == "gap closed: the API told of 1 that was missed"
