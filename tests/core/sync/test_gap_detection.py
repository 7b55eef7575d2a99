"""A missing webhook is marked as a gap, and a late one closes it. No event is invented.

Every dialogue begins listening at -5 s. An event from before is no gap.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.core.messages import facts, webhooks
from console.core.messages.effects import KeepEvent
from console.core.messages.read_scopes import DeliveryScope, MissedEventsScope, OneConferenceScope
from console.core.messages.webhooks import Webhook
from console.core.model.listed_resources import (
    Leg,
    ParticipantResource,
    ParticipantStatus,
    Problem,
    ProblemKind,
)
from console.core.model.state import Sign
from support.playbook import (
    CONFERENCE,
    EPOCH,
    Playbook,
    at,
    joined,
    left,
    listed_conference,
    origin,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)

OURS = "our-connection"
MARKED = 10.1
"""Seconds after a listing: the policy waits ten for the webhook."""


def here(since: float = 1.0, leg: str = "a") -> ParticipantResource:
    return participant(leg, since=since)


def listening(*legs: ParticipantResource, connection: str | None = OURS) -> Playbook:
    """Return a console that receives webhooks of our connection and has listed these people."""
    conference = replace(listed_conference(), connection_id=connection)
    talk = Playbook().say(
        facts.ReceiverOpened(at(-5.0), "127.0.0.1:8787"),
        facts.ApiAnswered(at(-4.5), 0.1, date=EPOCH - 5),
        facts.ConferencesListed(reading(-4.0), "in_progress", (conference,)),
        people_listed(-4.0, *legs),
        webhooks.UnknownReceived(origin(-3.0, "x.y")),
        webhooks.CallReported(
            origin(-3.0, "call.initiated"),
            Leg("z", connection_id=OURS),
            None,
            None,
            incoming=True,
            ended=False,
        ),
    )
    assert talk.state.health.connections == {OURS}
    return talk


def marks(talk: Playbook) -> list[tuple[str, str]]:
    """Return the log lines about gaps, oldest first."""
    return [(e.name, e.text) for e in talk.state.log if e.sign in {Sign.INFERRED, Sign.NOTE}]


def missing(talk: Playbook) -> list[str]:
    """Return the names of the events that are marked as missing."""
    marked = [gap.name for gap in talk.state.gaps.values() if gap.logged and not gap.event_id]
    assert talk.state.health.gaps == len(marked)
    return sorted(marked)


def test_a_joining_that_only_polls_show_is_marked_after_a_while() -> None:
    talk = listening().say(people_listed(2.0, here()))
    talk.pass_(11.9)
    assert missing(talk) == []
    talk.pass_(2.0 + MARKED)
    assert missing(talk) == ["conference.participant.joined"]
    assert marks(talk) == [("conference.participant.joined", "no webhook came: polls show it")]
    assert talk.pass_(60.0).state.health.gaps == 1


def test_a_poll_just_ahead_of_its_webhook_cries_nothing() -> None:
    talk = listening().say(people_listed(2.0, here()), joined(2.5, "a", occurred=1.0))
    assert missing(talk.pass_(30.0)) == []
    assert marks(talk) == []
    talk.say(people_listed(31.0), left(40.9, "a", occurred=30.5))
    assert missing(talk.pass_(60.0)) == []


def test_a_late_webhook_closes_its_gap_and_says_so() -> None:
    talk = listening(here(-60.0)).say(people_listed(2.0)).pass_(2.0 + MARKED)
    assert missing(talk) == ["conference.participant.left"]
    talk.say(left(44.0, "a", occurred=1.5))
    assert missing(talk) == []
    assert marks(talk)[-1][1] == "gap closed: its webhook came 42 s late"


def test_a_later_event_of_the_same_kind_closes_no_gap() -> None:
    talk = listening(here(-60.0)).say(people_listed(2.0)).pass_(2.0 + MARKED)
    talk.say(joined(20.0, "a"), left(30.0, "a"))
    assert missing(talk) == ["conference.participant.left"]


def test_a_listing_behind_its_time_opens_no_gap_for_good() -> None:
    talk = listening(here(-60.0)).say(people_listed(2.0), people_listed(4.0, here(-60.0)))
    assert missing(talk.pass_(30.0)) == []
    talk.say(people_listed(31.0)).pass_(45.0)
    assert missing(talk) == ["conference.participant.left"]
    talk.say(people_listed(50.0, here(-60.0))).pass_(70.0)
    assert missing(talk) == []


def test_a_listing_behind_its_time_whose_word_a_webhook_takes_back() -> None:
    talk = listening().say(people_listed(2.0, here()), people_listed(4.0))
    talk.say(joined(5.0, "a", occurred=1.0), people_listed(6.0, here()))
    assert missing(talk.pass_(30.0)) == []


def test_who_was_heard_of_before_we_listened_may_have_gone_before_too() -> None:
    conference = replace(listed_conference(), connection_id=OURS)
    talk = Playbook().say(
        joined(-900.0, "a"),
        facts.ReceiverOpened(at(-5.0), "x"),
        facts.ApiAnswered(at(-4.5), 0.1, date=EPOCH - 5),
        facts.ConferencesListed(reading(-4.0), "in_progress", (conference,)),
        replace(joined(-3.0, "b"), leg=Leg("b", connection_id=OURS)),
        people_listed(2.0, here(-3.0, "b")),
    )
    assert missing(talk.pass_(30.0)) == []
    assert missing(talk.say(people_listed(31.0)).pass_(60.0)) == ["conference.participant.left"]


def test_a_listing_behind_a_webhook_shows_nothing_that_was_not_told() -> None:
    talk = listening().say(joined(1.0, "a"), left(2.0, "a"), people_listed(8.0, here()))
    assert missing(talk.pass_(25.0)) == []
    talk.say(people_listed(26.0))
    assert missing(talk.pass_(40.0)) == []


@pytest.mark.parametrize(
    "talk",
    [
        listening().say(people_listed(2.0, here(-60.0))),
        listening(connection="another").say(people_listed(2.0, here())),
        listening(connection=None).say(people_listed(2.0, here())),
        listening().say(people_listed(2.0, replace(here(), status=ParticipantStatus.JOINING))),
        listening(here(-60.0)).say(facts.ReceiverClosed(at(0.0), "x"), people_listed(2.0)),
        listening(here(-60.0)).say(
            people_listed(2.0),
            webhooks.ConferenceEnded(origin(4.0, "conference.ended"), CONFERENCE, "all_left"),
        ),
    ],
    ids=[
        "was there before we listened",
        "of a connection whose webhooks go elsewhere",
        "of no known connection",
        "is still joining",
        "nothing is listened for",
        "the conference is over",
    ],
)
def test_no_gap(talk: Playbook) -> None:
    assert missing(talk.pass_(600.0)) == []


def test_a_conference_that_began_and_ended_unheard() -> None:
    new = replace(listed_conference("r2"), created_at=EPOCH + 3, connection_id=OURS)
    talk = listening().say(facts.ConferencesListed(reading(5.0), "in_progress", (new,)))
    assert missing(talk.pass_(20.0)) == ["conference.created"]
    over = replace(new, status="completed", end_reason="all_left")
    talk.say(facts.ConferenceRead(reading(30.0), "r2", over))
    assert missing(talk.pass_(50.0)) == ["conference.created", "conference.ended"]
    talk.say(
        webhooks.ConferenceEnded(origin(51.0, "conference.ended", occurred=29.0), "r2", "all_left"),
        webhooks.ConferenceCreated(
            origin(51.0, "conference.created", occurred=3.0), Leg("a"), "r2"
        ),
    )
    assert missing(talk) == []


def test_a_call_that_came_to_wait_and_went_unheard_unless_it_was_dead() -> None:
    def listed(asked: float, *items: str) -> facts.CallsListed:
        calls = [
            replace(queued(leg), enqueued_at=EPOCH + 1, connection_id=OURS, alive=leg != "dead")
            for leg in items
        ]
        return facts.CallsListed(reading(asked), "vip", tuple(calls))

    talk = listening().say(facts.QueuesListed(reading(0.0), (queue("vip", 2),)))
    talk.say(listed(2.0, "c", "dead")).pass_(15.0)
    assert missing(talk) == ["call.enqueued", "call.enqueued"]
    talk.say(listed(20.0)).pass_(40.0)
    assert missing(talk) == ["call.dequeued", "call.enqueued", "call.enqueued"]


def test_one_event_can_show_that_another_is_missing() -> None:
    talk = listening().say(joined(1.0, "a"), joined(5.0, "a"))
    assert missing(talk.pass_(20.0)) == ["conference.participant.left"]
    talk = listening().say(joined(1.0, "a"), left(5.0, "a"), left(9.0, "a"))
    assert missing(talk.pass_(20.0)) == ["conference.participant.joined"]
    talk = listening().say(left(1.0, "a"))
    assert missing(talk.pass_(20.0)) == []
    begun = webhooks.ConferenceCreated(origin(0.0, "conference.created"), Leg("h"), "r2")
    talk = listening().say(begun, left(1.0, "a", conference="r2"))
    assert missing(talk.pass_(20.0)) == ["conference.participant.joined"]


def test_out_of_order_is_not_missing() -> None:
    talk = listening().say(
        joined(1.0, "a"), joined(5.0, "a", occurred=4.0), left(8.0, "a", occurred=3.0)
    )
    assert missing(talk.pass_(30.0)) == []


def test_who_leaves_after_the_end_is_told_of_late_and_no_joining_is_missing() -> None:
    talk = listening().say(
        webhooks.ConferenceCreated(origin(0.0, "conference.created"), Leg("h"), "r2"),
        joined(1.0, "a", conference="r2"),
        webhooks.ConferenceEnded(origin(5.0, "conference.ended"), "r2", "all_left"),
        left(8.0, "a", conference="r2", occurred=4.9),
    )
    assert missing(talk.pass_(30.0)) == []


def started(seconds: float, leg: str | None = None) -> webhooks.SpeakStarted:
    name = "conference.participant.speak.started" if leg else "conference.speak.started"
    return webhooks.SpeakStarted(origin(seconds, name), CONFERENCE, Leg(leg) if leg else None)


def test_speech_that_no_webhook_ended_is_marked_when_it_cannot_go_on() -> None:
    talk = listening().say(started(1.0)).pass_(800.0)
    assert missing(talk) == []
    talk.pass_(1_000.0)
    assert missing(talk.pass_(1_000.3)) == ["conference.speak.ended"]
    talk = listening(here(-60.0)).say(started(1.0, "a"), left(5.0, "a")).pass_(20.0)
    assert missing(talk) == ["conference.participant.speak.ended"]
    over = webhooks.ConferenceEnded(origin(5.0, "conference.ended"), CONFERENCE, "all_left")
    talk = listening().say(started(1.0), over).pass_(20.0)
    assert missing(talk) == ["conference.speak.ended"]
    ended = webhooks.SpeakEnded(
        origin(22.0, "conference.speak.ended", occurred=5.0), CONFERENCE, None
    )
    assert missing(talk.say(ended)) == []


def test_a_recording_that_we_stopped_and_that_is_not_saved_in_time() -> None:
    talk = listening(here(-60.0))
    for seconds, name in ((1.0, "record"), (30.0, "record_stop")):
        made = talk.ask(name, seconds, id_=name)
        assert made is not None
        talk.accept(seconds + 0.5, name)
    assert missing(talk.pass_(320.0)) == []
    assert missing(talk.pass_(331.0)) == ["conference.recording.saved"]


def remembered(event: Webhook) -> tuple[Webhook, bytes]:
    return replace(event, origin=replace(event.origin, api=True)), b"{}"


def told(asked: float, *events: Webhook) -> facts.MissedEventsRead:
    return facts.MissedEventsRead(reading(asked), OURS, tuple(map(remembered, events)))


def test_what_the_api_remembers_fills_the_gap_and_says_where_it_is_from() -> None:
    talk = listening(here(-60.0)).say(people_listed(2.0)).pass_(2.0 + MARKED)
    before = talk.state.health
    event = left(20.0, "a", occurred=1.5)
    floor = webhooks.FloorChanged(
        origin(20.0, "conference.floor.changed", occurred=1.0), Leg("b"), CONFERENCE
    )
    fresh = joined(20.0, "c", occurred=19.0)
    talk.say(told(20.0, floor, event, fresh, joined(20.0, "z", occurred=-3.0)))
    said = [e for e in talk.state.log if e.sign is Sign.API]
    other = "conference.participant.joined"
    assert [e.name for e in said] == ["conference.floor.changed", event.origin.name, other]
    assert {e.lag for e in said} == {None}
    assert (missing(talk), talk.state.health.recovered) == ([], 3)
    assert talk.effects[0] == KeepEvent(floor.origin.event_id, b"{}")
    health = talk.state.health
    assert (health.verified, health.last_webhook, health.gaps) == (
        before.verified,
        before.last_webhook,
        0,
    )
    talk.say(event)
    assert talk.state.health.duplicates == 1
    (gap,) = talk.state.gaps.values()
    assert gap.event_id == event.origin.event_id
    talk.say(facts.DeliveryRead(reading(30.0), event.origin.event_id, "failed, 1 try: 503"))
    assert talk.state.gaps == {}
    assert talk.state.log[-1].text == "why: failed, 1 try: 503"
    assert DeliveryScope(event.origin.event_id) not in talk.state.coverage


def test_what_the_api_does_not_have_stays_a_gap() -> None:
    talk = listening(here(-60.0)).say(people_listed(2.0)).pass_(2.0 + MARKED)
    talk.say(told(20.0)).say(told(40.0))
    assert [gap.api_reads for gap in talk.state.gaps.values()] == [2]
    assert missing(talk) == ["conference.participant.left"]
    assert talk.state.coverage[MissedEventsScope(OURS, 0.0)].problem is None
    talk.say(
        facts.ReadingFailed(
            at(60.0), MissedEventsScope(OURS, 0.0), Problem(ProblemKind.FORBIDDEN, 403)
        )
    )
    assert talk.state.log[-1].sign is Sign.INFERRED


def test_polls_that_see_what_no_webhook_tells_raise_an_alarm_until_one_comes() -> None:
    talk = listening(*(here(-60.0, leg) for leg in "abcd"), connection="another")
    talk.say(people_listed(2.0, here(-60.0, "d"))).pass_(100.0)
    assert not talk.state.health.webhooks_missing
    talk.pass_(183.0)
    assert talk.state.health.webhooks_missing
    assert marks(talk)[-1][0] == "webhooks missing"
    talk.say(joined(200.0, "x"))
    assert not talk.state.health.webhooks_missing
    assert marks(talk)[-1] == ("webhooks arrive", "again")


def test_a_conference_read_over_that_was_heard_of_only_in_the_past_is_no_gap() -> None:
    talk = Playbook().say(
        joined(-100.0, "a"),
        facts.ReceiverOpened(at(-5.0), "x"),
        facts.ApiAnswered(at(-4.5), 0.1, date=EPOCH - 5),
    )
    over = replace(listed_conference(), status="completed", connection_id=OURS)
    talk.say(facts.ConferenceRead(reading(-4.0), CONFERENCE, over)).pass_(30.0)
    assert missing(talk) == []
    assert OneConferenceScope(CONFERENCE) not in talk.state.coverage


def test_what_happened_while_nobody_listened_is_one_gap_that_the_api_can_fill() -> None:
    def past() -> Playbook:
        return Playbook().say(
            replace(joined(-900.0, "a", occurred=-901.0), leg=Leg("a", connection_id=OURS))
        )

    assert past().say(facts.Resumed(at(-850.0), 1)).state.health.gaps == 0
    assert past().say(facts.Resumed(at(0.0), 1, unattended=False)).state.health.gaps == 0
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
    assert talk.state.log[-1].text == "gap closed: missed events from the API: 1"
