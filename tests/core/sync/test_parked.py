"""A leg in no conference and no queue is parked, in whatever order the evidence comes."""

from __future__ import annotations

from itertools import permutations

import pytest

from console.commands import COMMANDS
from console.core.messages import facts, intents, webhooks
from console.core.messages.facts import Fact
from console.core.messages.read_scopes import OneResourceScope
from console.core.model.command import AnyLeg, Order, Queued
from console.core.model.entities import Parked
from console.core.model.listed_resources import Leg, Problem, ProblemKind, Source
from console.core.model.stage import Stage
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
    queued,
    reading,
)

OTHER = "8d2f0e52-0000-4000-8000-000000000002"
QUEUE = "vip"


def enqueued(seconds: float, leg: str, *, occurred: float | None = None) -> webhooks.CallEnqueued:
    said = origin(seconds, "call.enqueued", occurred=occurred, id_=f"e{leg}{seconds}")
    return webhooks.CallEnqueued(said, Leg(leg), QUEUE, 1, None)


def dequeued(
    seconds: float, leg: str, reason: str | None, *, occurred: float | None = None
) -> webhooks.CallDequeued:
    said = origin(seconds, "call.dequeued", occurred=occurred, id_=f"d{leg}{seconds}")
    return webhooks.CallDequeued(said, Leg(leg, f"leg-{leg}"), QUEUE, 30, reason)


def reported(
    seconds: float, leg: str, name: str = "call.hangup", *, occurred: float | None = None
) -> webhooks.CallReported:
    said = origin(seconds, name, occurred=occurred, id_=f"{name}{leg}{seconds}")
    return webhooks.CallReported(said, Leg(leg), "+1", "+1", incoming=True, ended="hangup" in name)


def calls(asked: float, *legs: str) -> facts.CallsListed:
    return facts.CallsListed(reading(asked), QUEUE, tuple(queued(leg) for leg in legs))


def floor() -> Playbook:
    """Return a world with Ana and Bo in a conference, an empty conference, and Q in a queue."""
    talk = Playbook().begin(participant("ana"), participant("bo"))
    other = listed_conference(OTHER, "other")
    talk.say(facts.ConferencesListed(reading(-0.9), "in_progress", (listed_conference(), other)))
    return talk.say(calls(-1.0, "q"))


def take_out(talk: Playbook, seconds: float, leg: str) -> None:
    assert talk.ask("leave", seconds, leg, id_="out") is not None


def test_whom_we_took_out_is_parked_by_us_as_soon_as_it_is_seen() -> None:
    talk = floor()
    take_out(talk, 1.0, "ana")
    talk.accept(1.2, "out")
    assert not talk.state.parked, "accepted is not gone"
    talk.say(left(1.4, "ana"))
    gone = talk.state.parked["ana"]
    assert (gone.conference, gone.queue, gone.was_alive, gone.operator) == (
        CONFERENCE,
        None,
        True,
        "ana",
    )
    assert (gone.source, gone.since, gone.stamp) == (Source.OWN, at(1.4), EPOCH + 1.4)
    assert talk.stage("out") is Stage.SEEN


def test_a_listing_without_whom_we_took_out_says_the_same_as_the_webhook() -> None:
    talk = floor()
    take_out(talk, 1.0, "ana")
    talk.accept(1.2, "out").say(people_listed(1.5, participant("bo")))
    gone = talk.state.parked["ana"]
    assert (gone.was_alive, gone.operator, gone.source, gone.leg_id) == (
        True,
        "ana",
        Source.OWN,
        "leg-ana",
    )
    talk.say(left(3.0, "ana", occurred=1.3))
    gone = talk.state.parked["ana"]
    assert (gone.was_alive, gone.operator, gone.source) == (True, "ana", Source.OWN)
    assert (gone.since, gone.stamp) == (at(1.55), EPOCH + 1.3), "it went when it was first told"


@pytest.mark.parametrize("end", ["refuse", "not applied"])
def test_a_take_out_that_was_not_done_is_not_why_somebody_left(end: str) -> None:
    talk = floor()
    take_out(talk, 1.0, "ana")
    if end == "refuse":
        talk.say(
            facts.CommandRefused(at(1.2), "out", Problem(ProblemKind.REFUSED, 422, "90033", "no"))
        )
    else:
        talk.accept(1.2, "out").say(people_listed(6.0, participant("ana"), participant("bo")))
        assert talk.stage("out") is Stage.NO_PROOF
    talk.say(left(60.0, "ana"))
    gone = talk.state.parked["ana"]
    assert (gone.was_alive, gone.operator) == (False, "")


def test_who_left_by_another_hand_may_have_hung_up() -> None:
    talk = floor().say(left(1.0, "ana"))
    gone = talk.state.parked["ana"]
    assert (gone.was_alive, gone.operator, gone.source) == (False, "", Source.WEBHOOK)


def test_who_is_listed_no_more_may_have_hung_up() -> None:
    talk = floor().say(people_listed(5.0, participant("bo")), calls(5.0))
    assert {(leg, p.conference, p.queue, p.was_alive) for leg, p in talk.state.parked.items()} == {
        ("ana", CONFERENCE, None, False),
        ("q", None, QUEUE, False),
    }
    assert {p.source for p in talk.state.parked.values()} == {Source.POLL}


@pytest.mark.parametrize(
    ("reason", "sure"), [("leave", True), ("timeout", True), (None, False), ("new", False)]
)
def test_out_of_a_queue_the_reason_tells_whether_the_call_goes_on(
    reason: str | None, *, sure: bool
) -> None:
    gone = floor().say(dequeued(1.0, "q", reason)).state.parked["q"]
    assert (gone.queue, gone.was_alive, gone.operator) == (QUEUE, sure, "")
    assert gone.reason == (reason if sure else "")


@pytest.mark.parametrize("reason", ["bridged", "bridging-in-process", "hangup"])
def test_who_was_connected_or_hung_up_is_not_parked(reason: str) -> None:
    assert not floor().say(dequeued(1.0, "q", reason)).state.parked
    late = floor().say(calls(5.0), dequeued(6.0, "q", reason, occurred=1.0))
    assert not late.state.parked, "also where a listing told first that it was gone"


def test_out_of_the_queue_by_us() -> None:
    talk = floor()
    order = Order("out", at(1.0), COMMANDS["leave_queue"], Queued(QUEUE, "q"), "ana")
    talk.say(intents.OrderAsked(order)).accept(1.2, "out").say(dequeued(1.4, "q", "leave"))
    assert talk.state.parked["q"].operator == "ana"


@pytest.mark.parametrize("order", permutations(range(2)))
def test_who_hung_up_is_not_parked_whichever_webhook_comes_first(order: tuple[int, ...]) -> None:
    told: list[Fact] = [reported(1.0, "ana"), left(1.1, "ana")]
    talk = floor()
    for index in order:
        talk.say(told[index])
    assert not talk.state.parked
    talk.say(left(2.0, "ana", occurred=1.5))
    assert not talk.state.parked, "a call that has ended never comes back"


def test_a_hangup_that_telnyx_remembers_clears_it() -> None:
    talk = floor().say(left(1.0, "ana"))
    talk.say(facts.CallEventsRead(reading(9.0), "leg-ana", (reported(9.0, "ana"),)))
    assert not talk.state.parked


def moves() -> list[webhooks.Webhook]:
    return [
        left(2.0, "ana", occurred=1.0),
        joined(2.0, "ana", conference=OTHER, occurred=1.5),
        left(2.1, "ana", conference=OTHER, occurred=2.0),
    ]


@pytest.mark.parametrize("order", permutations(range(3)))
def test_it_went_from_where_it_was_last_whatever_comes_late(order: tuple[int, ...]) -> None:
    talk, told = floor(), moves()
    for index in order:
        talk.say(told[index])
    assert {leg: p.conference for leg, p in talk.state.parked.items()} == {"ana": OTHER}


@pytest.mark.parametrize("order", permutations(range(2)))
def test_a_late_left_after_a_join_elsewhere_does_not_park(order: tuple[int, ...]) -> None:
    talk, told = floor(), moves()
    for index in order:
        talk.say(told[index])
    assert not talk.state.parked


@pytest.mark.parametrize(
    "found",
    [
        joined(3.0, "ana"),
        joined(3.0, "ana", conference=OTHER),
        enqueued(3.0, "ana"),
        people_listed(5.0, participant("ana", since=4.0), conference=OTHER),
        people_listed(5.0, participant("ana", since=4.0), participant("bo")),
        calls(5.0, "ana", "q"),
        reported(3.0, "ana", "call.bridged"),
    ],
)
def test_who_is_seen_anywhere_since_is_not_parked(found: Fact) -> None:
    assert not floor().say(left(1.0, "ana"), found).state.parked


@pytest.mark.parametrize(
    "earlier",
    [
        joined(3.0, "ana", occurred=0.5),
        joined(3.0, "ana", conference=OTHER, occurred=0.5),
        enqueued(3.0, "ana", occurred=0.5),
        people_listed(0.9, participant("ana"), conference=OTHER),
        reported(3.0, "ana", "call.bridged", occurred=0.5),
        reported(3.0, "ana", "call.answered"),
        dequeued(3.0, "ana", "bridged", occurred=0.5),
        dequeued(3.0, "ana", "leave", occurred=0.5),
    ],
)
def test_what_was_so_before_it_went_changes_nothing(earlier: Fact) -> None:
    talk = floor().say(left(1.0, "ana"))
    before = talk.state.parked["ana"]
    assert talk.say(earlier).state.parked == {"ana": before}


@pytest.mark.parametrize("reason", ["host_left", "ended_via_api"])
def test_an_end_hangs_up_whoever_is_inside_but_a_host_who_left(reason: str) -> None:
    talk = floor()
    host = participant("bo")
    object.__setattr__(host, "end_on_exit", True)
    talk.say(people_listed(0.0, participant("ana"), host))
    talk.say(webhooks.ConferenceEnded(origin(1.0, "conference.ended"), CONFERENCE, reason))
    assert set(talk.state.parked) == {"bo"}
    assert not talk.state.parked["bo"].was_alive
    talk.say(left(2.0, "ana", occurred=0.9))
    assert set(talk.state.parked) == {"ana", "bo"}, "left, and no hangup was told"


def test_who_was_inside_at_another_end_may_have_hung_up() -> None:
    talk = floor()
    talk.say(webhooks.ConferenceEnded(origin(1.0, "conference.ended"), CONFERENCE, "all_left"))
    assert {leg: p.was_alive for leg, p in talk.state.parked.items()} == {"ana": False, "bo": False}


def bring(talk: Playbook, seconds: float, name: str, leg: str, **values: str) -> Order:
    order = Order("in", at(seconds), COMMANDS[name], AnyLeg(leg), "ana", values)
    talk.say(intents.OrderAsked(order))
    return order


def answered(talk: Playbook, status: int, code: str, pointer: str | None = None) -> None:
    kind = "missing" if status == 404 else "refused"
    problem = Problem(ProblemKind(kind), status, code, "said so", pointer=pointer)
    talk.say(facts.CommandRefused(at(3.0), "in", problem))


@pytest.mark.parametrize(
    ("name", "status", "code", "pointer", "over"),
    [
        ("join", 422, "90018", None, True),
        ("enqueue", 422, "90018", None, True),
        ("join", 422, "90015", "/call_control_id", True),
        ("enqueue", 404, "10007", None, True),
        ("join", 404, "90058", None, False),
        ("join", 404, "10007", None, False),
        ("join", 422, "90019", None, False),
        ("join", 422, "90015", "/whisper_call_control_ids", False),
        ("enqueue", 422, "90036", None, False),
    ],
)
def test_an_answer_that_the_call_is_over_clears_it_and_is_told(
    name: str, status: int, code: str, pointer: str | None, *, over: bool
) -> None:
    talk = floor().say(left(1.0, "ana"))
    bring(talk, 2.0, name, "ana", room=OTHER, queue_name=QUEUE)
    assert talk.sent == [name]
    answered(talk, status, code, pointer)
    assert ("ana" not in talk.state.parked) is over
    said = [entry.text for entry in talk.state.log if entry.name == "parked"]
    assert said == ([f"hung up: {code} said so"] if over else [])


def test_a_command_for_who_is_parked_no_more_is_declined() -> None:
    talk = floor().say(left(1.0, "ana"), joined(2.0, "ana", conference=OTHER))
    bring(talk, 3.0, "enqueue", "ana", queue_name=QUEUE)
    assert talk.sent == []
    assert talk.state.log[-1].text.endswith("no longer parked")


@pytest.mark.parametrize(
    ("members", "kept"),
    [((("is_alive", "true"),), True), ((("is_alive", "false"),), False), (None, False)],
)
def test_a_read_of_the_call_settles_it(
    members: tuple[tuple[str, str], ...] | None, *, kept: bool
) -> None:
    talk = floor().say(left(1.0, "ana"))
    talk.say(facts.ResourceRead(reading(5.0), OneResourceScope(("calls", "ana")), members))
    shelf = talk.state.parked
    assert [(p.was_alive, p.source, p.seen) for p in shelf.values()] == (
        [(True, Source.POLL, at(5.05))] if kept else []
    )


def test_a_read_of_anything_else_says_nothing() -> None:
    talk = floor().say(left(1.0, "ana"))
    talk.say(facts.ResourceRead(reading(5.0), OneResourceScope(("queues", "ana")), None))
    assert set(talk.state.parked) == {"ana"}


def test_the_shelf_is_bounded_and_says_whom_it_forgets() -> None:
    talk = floor().say(left(1.0, "ana"), dequeued(1.0, "q", "leave"))
    talk.pass_(600.0)
    assert set(talk.state.parked) == {"ana", "q"}
    talk.pass_(662.0)
    assert set(talk.state.parked) == {"q"}
    assert talk.state.log[-1].text == "1 dropped after 10 min: they may have hung up"
    talk.pass_(3600.0).pass_(3662.0)
    assert not talk.state.parked
    assert (talk.state.log[-1].leg, talk.state.log[-1].text) == ("q", "dropped after 60 min")


def test_a_start_knows_again_what_the_journal_tells() -> None:
    before = floor()
    order = bring(before, 0.0, "enqueue", "nobody", queue_name=QUEUE)
    assert before.sent == [], "who was never parked is not on the shelf"
    take_out(before, 1.0, "ana")
    out = before.state.receipts["out"].order
    assert out != order
    told: list[Fact] = [
        joined(0.5, "ana"),
        facts.CommandRecalled(at(1.0), out),
        left(1.4, "ana"),
        facts.CommandSettled(at(1.4), "out", Stage.SEEN, ""),
        joined(2.0, "bo"),
        reported(3.0, "bo"),
        left(3.1, "bo"),
        facts.Resumed(at(9.0), 6),
    ]
    after = Playbook()
    for fact in told:
        after.say(fact)
    shelf: dict[str, Parked] = dict(after.state.parked)
    assert {leg: (p.operator, p.was_alive, p.since) for leg, p in shelf.items()} == {
        "ana": ("ana", True, at(1.4))
    }
