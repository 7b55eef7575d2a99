"""The log: newest first, each line with its source, its place and its outcome."""
# ruff: noqa: RUF001  # the signs we draw are meant

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from view.scenes import QUEUE, cells, healthy, known, roles, scene, text

from console.commands import COMMANDS
from console.core.messages import facts, intents, webhooks
from console.core.model.command import Order, People
from console.core.model.entities import Gap
from console.core.model.listed_resources import Leg
from console.view.panes.log import sheet
from console.view.screen_elements import Sheet
from support.playbook import (
    CONFERENCE,
    EPOCH,
    Playbook,
    at,
    joined,
    origin,
    participant,
    people_listed,
)

ANA, BO = "v3:ana-0101", "v3:bo-0102"


def log(talk: Playbook) -> Sheet:
    return sheet(scene(talk.state, 9.0))


def newest(talk: Playbook) -> dict[str, str]:
    shown = log(talk)
    return cells(shown, shown.keys[0])


def conference() -> Playbook:
    return known(Playbook().begin(participant(ANA), participant(BO)), ANA, name="Ana")


def test_before_anything_it_says_that_nothing_happened() -> None:
    assert log(Playbook()).keys == ()
    assert text(log(Playbook()).empty[0]) == "Nothing has happened yet."


def test_a_webhook_with_its_place_its_person_and_its_lag() -> None:
    talk = conference().say(joined(2.0, ANA, occurred=1.6))
    assert newest(talk) == {
        "time": "08:00:02.0",
        "sign": "w",
        "name": "participant.joined",
        "place": "board-q3",
        "text": "Ana joined",
        "result": "0.4 s",
    }


def test_what_was_had_from_the_api_says_so_and_a_gap_is_a_mark() -> None:
    had = joined(2.0, ANA, occurred=1.6)
    talk = conference().say(replace(had, origin=replace(had.origin, api=True)))
    row = newest(talk)
    assert (row["sign"], row["text"], row["result"]) == ("a", "Ana joined", "from the API")
    assert "1 from the API" in text(log(talk).figures)
    talk.state = replace(talk.state, gaps={("", "", ""): _gap()})
    row = newest(talk.pass_(5.0))
    assert (row["sign"], row["text"]) == ("~", "Ana no webhook came: polls show it")


def _gap() -> Gap:
    since = EPOCH + 1.0
    name = "conference.participant.left"
    return Gap(
        name, "c", CONFERENCE, None, ANA, since, since, due=at(4.0).mono, evidence="polls show it"
    )


def test_a_later_attempt_is_said_in_place_of_its_lag() -> None:
    said = origin(1.0, "call.dequeued")
    third = webhooks.Origin(said.at, "z", said.name, said.occurred, 3)
    talk = Playbook().say(webhooks.CallDequeued(third, Leg(ANA), QUEUE, 61, "bridged"))
    row = newest(talk)
    assert (row["name"], row["place"], row["result"]) == ("dequeued", QUEUE, "try 3")
    assert row["text"] == "?leg ..0101 bridged after 1:01"


def test_an_event_that_does_not_say_when_it_occurred_has_no_lag() -> None:
    said = webhooks.Origin(at(1.0), "z", "conference.ended", None)
    assert (
        newest(conference().say(webhooks.ConferenceEnded(said, CONFERENCE, None)))["result"] == ""
    )


def test_a_commands_line_tells_its_outcome_as_it_changes() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    row = newest(talk)
    assert (row["sign"], row["name"], row["text"], row["result"]) == ("›", "mute", "Ana", "sent…")
    assert newest(talk.accept(0.4, "m"))["result"] == "accepted…"
    talk.say(people_listed(0.6, participant(ANA, muted=True), participant(BO)))
    assert newest(talk)["result"] == "seen 0.3 s"
    shown = log(talk)
    assert roles(shown, shown.keys[0], "result") == {"good"}


def test_many_are_counted_and_a_conference_is_its_place() -> None:
    talk = conference()
    talk.ask("hold", 0.0, ANA, BO, id_="h")
    assert newest(talk)["text"] == "2 people"
    talk.ask("record_stop", 0.1, id_="r")
    row = newest(talk)
    assert (row["name"], row["place"], row["text"]) == ("stop recording", "board-q3", "")


def test_why_a_conference_was_ended_is_kept() -> None:
    talk = conference()
    talk.ask("end", 0.0, id_="e", reason="abusive\x1b caller")
    assert newest(talk)["text"] == "abusive^[ caller"


def test_a_command_whose_receipt_is_forgotten_has_no_outcome() -> None:
    talk = conference().policy(receipts=0)
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.refuse(0.2, "m")
    talk.ask("hold", 1.0, BO, id_="h")
    assert "m" not in talk.state.receipts
    shown = log(talk)
    row = cells(shown, shown.keys[1])
    assert (row["name"], row["text"], row["result"]) == ("mute", "Ana", "")


def test_a_key_that_did_nothing_is_noted() -> None:
    row = newest(Playbook().say(intents.Declined(at(1.0), "mute: nobody\u2028")))
    assert (row["sign"], row["name"], row["text"]) == ("!", "not done", "mute: nobody‹2028›")


def test_a_refusal_that_was_said_again_tells_how_often() -> None:
    talk = Playbook()
    for second in range(3):
        talk.say(intents.Declined(at(second), "mute: nobody is selected"))
    row = newest(talk)
    assert (row["text"], row["result"]) == ("mute: nobody is selected", "x3")


def test_the_newest_is_first_and_only_so_many_are_kept() -> None:
    talk = Playbook().policy(log=3)
    for number in range(5):
        talk.say(intents.Declined(at(number), str(number)))
    shown = log(talk)
    assert [cells(shown, key)["text"] for key in shown.keys] == ["4", "3", "2"]
    assert shown.keys == ("5", "4", "3")


def test_its_figures_count_what_came_and_what_was_odd_about_it() -> None:
    assert text(log(Playbook()).figures) == "0 webhooks"
    talk = healthy(Playbook(), verified=9, duplicates=2, refused=1, unknown=3, unreadable=4)
    assert text(log(talk).figures) == (
        "9 webhooks · 2 doubled · 3 unknown · 4 unreadable · 1 refused"
    )


def test_a_refused_delivery_and_an_unreadable_one_are_lines() -> None:
    talk = Playbook().say(facts.DeliveryRefused(at(0.0), 401, "the signature is wrong"))
    assert newest(talk)["text"] == "401: the signature is wrong"
    talk.say(facts.UnreadableReceived(at(0.1), "not JSON\r"))
    assert newest(talk)["text"] == "not JSON^M"


def test_hostile_names_of_events_are_only_text() -> None:
    talk = Playbook().say(webhooks.UnknownReceived(origin(0.0, "x\x1b]0;evil\x07_y")))
    assert newest(talk)["name"] == "x^[]0;evil^G y"


@given(st.lists(st.sampled_from(["refused", "webhook", "other"]), min_size=1, max_size=12))
def test_a_verb_that_is_refused_is_one_line_however_often_it_is_pressed(what: list[str]) -> None:
    talk = conference()
    for number, one in enumerate(what):
        if one == "webhook":
            talk.say(joined(number, ANA, occurred=number))
        else:
            talk.say(intents.Declined(at(number), f"{one}: nobody is selected"))
    shown = log(talk)
    rows = [cells(shown, key) for key in shown.keys]
    for one in {"refused", "other"} & set(what):
        (row,) = [row for row in rows if row["text"] == f"{one}: nobody is selected"]
        times = what.count(one)
        assert row["result"] == (f"x{times}" if times > 1 else "")
        newest = max(number for number, each in enumerate(what) if each == one)
        assert row["time"] == f"08:00:{newest:02}.0"
    assert len(set(shown.keys)) == len(shown.keys)
    assert [row["time"] for row in rows] == sorted((row["time"] for row in rows), reverse=True)


def test_a_verb_that_is_refused_much_later_is_a_line_of_its_own() -> None:
    talk = conference().policy(log=9)
    for second in (0.0, 50.0, 100.0, 170.0):
        talk.say(intents.Declined(at(second), "mute: nobody is selected"))
    shown = log(talk)
    assert [cells(shown, key)["result"] for key in shown.keys] == ["", "x3"]
    entry = talk.state.log[0]
    assert (entry.times, entry.first) == (3, at(0.0))


def test_a_bulk_that_is_dropped_again_and_again_is_one_line_for_each_target() -> None:
    talk = conference()
    targets = People(CONFERENCE, ("v3:nobody",)), People("other", ("v3:nobody",))
    for press in range(3):
        for number, target in enumerate(targets):
            id_, batch = f"{press}.{number}", f"{press}.0"
            order = Order(id_, at(press), COMMANDS["mute"], target, "a", batch=batch)
            talk.say(intents.OrderAsked(order))
    shown = log(talk)
    rows = [cells(shown, key) for key in shown.keys]
    assert [row["result"] for row in rows if row["name"] == "mute"] == ["dropped x3"] * 2


def test_two_orders_of_one_batch_that_are_dropped_keep_a_line_each() -> None:
    talk = conference()
    for number in range(2):
        target = People(CONFERENCE, ("v3:nobody",))
        talk.say(
            intents.OrderAsked(
                Order(str(number), at(0.0), COMMANDS["mute"], target, "a", batch="b")
            )
        )
    assert [entry.order for entry in talk.state.log[-2:]] == ["0", "1"]
