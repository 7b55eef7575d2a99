"""The cells of each pane: known, unknown, pending and stale values."""

from __future__ import annotations

from dataclasses import replace

import pytest
from view.scenes import (
    QUEUE,
    calls_listed,
    cells,
    known,
    queue,
    queued,
    queues_listed,
    roles,
    scene,
    text,
)

from console.core.messages import facts, webhooks
from console.core.messages.read_scopes import CallsScope
from console.core.model.entities import Note
from console.core.model.listed_resources import Leg
from console.core.model.stage import Stage
from console.view.screen_elements import Role, Sheet
from console.view.text.glyphs import UNICODE
from console.view.workspace_layout import board
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
    reading,
)

ANA, BO = "v3:ana", "v3:bo-0199"


def pane(talk: Playbook, name: str, seconds: float = 1.0, **more: str | None) -> Sheet:
    return board(scene(talk.state, seconds, **more)).sheets[name]


def conference() -> Playbook:
    return Playbook().begin(participant(ANA), participant(BO))


def test_a_person_as_listed() -> None:
    talk = known(conference(), ANA, number="+15125550101", caller=True)
    assert cells(pane(talk, "people"), ANA) == {
        "who": "+1 512 555 0101",
        "role": "caller ~",
        "mic": "open",
        "hold": "",
        "in": "1:01",
        "exit": "",
        "source": "p 1s",
    }
    talk.say(people_listed(4.0, participant(ANA, muted=True, held=True)))
    row = cells(pane(talk, "people", 6.0), ANA)
    assert (row["mic"], row["hold"]) == ("muted", "held")


def test_a_person_no_listing_has_shown_is_unknown_and_not_open() -> None:
    talk = Playbook().begin().say(joined(0.0, BO))
    row = cells(pane(talk, "people", 2.0), BO)
    assert row == {
        "who": "?leg ..0199",
        "role": "?",
        "mic": "?",
        "hold": "?",
        "in": "0:02",
        "exit": "?",
        "source": "w 2s",
    }


def test_when_somebody_joined_may_be_unknown_too() -> None:
    said = webhooks.Origin(origin(0.0, "x").at, "id", "conference.participant.joined", None)
    talk = Playbook().begin().say(webhooks.ParticipantJoined(said, Leg(BO), CONFERENCE))
    assert cells(pane(talk, "people"), BO)["in"] == "?"


def test_the_floor_is_shown_and_says_nothing_of_the_mic() -> None:
    talk = conference()
    talk.say(webhooks.FloorChanged(origin(0.5, "conference.floor.changed"), Leg(BO), CONFERENCE))
    assert cells(pane(talk, "people"), BO)["mic"] == "◉ open"
    assert "floor ?leg ..0199" in text(pane(talk, "people").figures)
    talk.say(left(1.0, BO))
    assert "floor" not in text(pane(talk, "people").figures)
    talk.say(joined(8.0, BO))
    talk.say(webhooks.FloorChanged(origin(8.5, "conference.floor.changed"), Leg(BO), CONFERENCE))
    assert cells(pane(talk, "people", 9.0), BO)["mic"] == "? ◉"


@pytest.mark.parametrize(
    ("verb", "column", "shown"),
    [
        ("mute", "mic", "mute…"),
        ("unmute", "mic", "unmute…"),
        ("hold", "hold", "hold…"),
        ("unhold", "hold", "unhold…"),
    ],
)
def test_what_was_asked_for_is_pending_until_it_is_seen(verb: str, column: str, shown: str) -> None:
    talk = conference()
    other = cells(pane(talk, "people"), BO)
    talk.ask(verb, 0.0, ANA, id_="x")
    for _ in range(2):
        assert cells(pane(talk, "people"), ANA)[column] == shown
        assert roles(pane(talk, "people"), ANA, column) == {"pending"}
        assert cells(pane(talk, "people"), BO) == other
        talk.accept(0.5, "x")
    talk.pass_(40.0)
    assert cells(pane(talk, "people"), ANA)[column] != shown


def test_who_is_proved_is_not_pending_any_more_though_others_are() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, BO, id_="x")
    talk.accept(0.1, "x")
    talk.say(people_listed(0.4, participant(ANA, muted=True), participant(BO)))
    assert talk.stage("x") is Stage.ACCEPTED
    assert cells(pane(talk, "people"), ANA)["mic"] == "muted"
    assert cells(pane(talk, "people"), BO)["mic"] == "mute…"


def test_exits_and_whispers() -> None:
    shown = replace(participant(ANA), end_on_exit=True, whisper_to=(BO,))
    soft = replace(participant(BO), soft_end_on_exit=True)
    joining = replace(participant("v3:c"), status="joining")
    talk = known(Playbook().begin(shown, soft, joining), BO, agent="Bo")
    people = pane(talk, "people")
    assert [cells(people, leg)["exit"] for leg in (ANA, BO, "v3:c")] == [
        "END-EXIT",
        "soft-end",
        "joining",
    ]
    assert [cells(people, leg)["role"] for leg in (ANA, BO, "v3:c")] == ["whisper", "agent ~", "?"]


def test_people_stand_in_the_order_in_which_they_came() -> None:
    early, late = participant(BO, since=-90.0), participant(ANA, since=-10.0)
    assert pane(Playbook().begin(late, early), "people").keys == (BO, ANA)


def test_what_is_old_is_marked_in_its_source_and_its_figures() -> None:
    talk = conference()
    for seconds, age, role in (
        (119.0, "1m", Role.DIM),
        (119.1, "2m", Role.PLAIN),
        (298.0, "4m", Role.PLAIN),
        (300.0, "5m!", Role.SOON),
    ):
        people = pane(talk, "people", seconds)
        source = cells(people, ANA)["source"]
        assert source == f"p {age}"
        assert text(people.figures).endswith(age)
        assert people.figures[-1].role is role
        assert roles(people, ANA, "source") == {role}
        assert (roles(people, ANA, "who") == {"dim"}) is (role is Role.SOON)
        assert cells(people, ANA)["mic"] == "open", "kept, not blanked"
    talk.say(people_listed(299.9, participant(ANA), participant(BO)))
    young = pane(talk, "people", 301.0)
    assert roles(young, ANA, "source") == {Role.DIM}
    assert roles(young, ANA, "who") != {"dim"}


def test_the_newest_word_is_the_one_whose_age_is_shown() -> None:
    talk = conference().say(joined(3.0, ANA))
    assert cells(pane(talk, "people", 5.0), ANA)["source"] == "w 2s"
    talk.say(people_listed(9.0, participant(ANA, since=3.0)))
    assert cells(pane(talk, "people", 12.0), ANA)["source"] == "p 2s"


def test_a_queue_as_listed_and_as_counted() -> None:
    talk = Playbook().say(queues_listed(0.0, queue(size=3, most=100, average=221)))
    row = cells(pane(talk, "queues"), QUEUE)
    assert (row["size"], row["average"], row["oldest"]) == ("3/100", "3:41", "?")
    talk.say(calls_listed(0.2, queued("a", 70.0)))
    row = cells(pane(talk, "queues"), QUEUE)
    assert (row["sign"], row["size"], row["oldest"]) == ("◆", "1/100", "1:11")
    talk.say(calls_listed(9.0))
    row = cells(pane(talk, "queues", 9.5), QUEUE)
    assert (row["sign"], row["size"], row["oldest"]) == ("", "0/100", UNICODE.dash)


def test_a_queue_no_listing_has_shown_is_unknown_and_not_empty() -> None:
    said = origin(0.0, "call.enqueued")
    talk = Playbook().say(webhooks.CallEnqueued(said, Leg(ANA), QUEUE, 1, None))
    row = cells(pane(talk, "queues"), QUEUE)
    assert (row["size"], row["load"], row["average"]) == ("?/?", "", "?")


def test_the_gauge_is_as_wide_as_its_column_and_never_empty_for_some() -> None:
    for size in (0, 1, 50, 99, 100, 250):
        talk = Playbook().say(queues_listed(0.0, queue(size=size)))
        load = [span.text for span in pane(talk, "queues").row(QUEUE)[3]]
        assert len("".join(load)) == 8
        assert bool(load[0]) is bool(size)


def test_queues_stand_by_urgency_and_then_by_name() -> None:
    sizes = {"b": 1, "a": 1, "full": 100, "filling": 75}
    listed = queues_listed(0.0, *(queue(size, name=name) for name, size in sizes.items()))
    talk = Playbook().say(listed)
    assert pane(talk, "queues").keys == ("full", "filling", "a", "b")
    assert text(pane(talk, "queues").figures).startswith("4 · 177 waiting")


def test_a_caller_who_has_a_name_is_called_so_on_the_calls_row() -> None:
    talk = Playbook().say(calls_listed(0.0, queued("v3:a")))
    talk.say(facts.NoteKept(at(0.2), Note("v3:a", "refund-angry", at=at(0.2)), ""))
    assert cells(pane(talk, "calls"), "v3:a")["from"] == "refund-angry +1 512 555 0103"
    talk.say(facts.NoteKept(at(0.3), Note("v3:a", at=at(0.3)), ""))
    known(talk, "v3:a", number="+15125550103", agent="Bo")
    assert cells(pane(talk, "calls"), "v3:a")["from"] == "Bo +1 512 555 0103"


@pytest.mark.parametrize("number", ["", "+266696687", "anonymous"])
def test_a_caller_without_a_number_withholds_it(number: str) -> None:
    talk = Playbook().say(calls_listed(0.0, replace(queued("v3:a"), from_=number)))
    assert cells(pane(talk, "calls"), "v3:a")["from"] == "withheld"


def test_where_telnyx_has_another_order_its_own_position_is_shown() -> None:
    calls = queued("a", 90.0, place=1), queued("b", 60.0, place=2), queued("c", 30.0, place=3)
    talk = Playbook().say(calls_listed(0.0, *calls))
    talk.say(calls_listed(1.0, *calls[1:]))
    shown = pane(talk, "calls")
    assert [cells(shown, leg)["position"] for leg in "bc"] == ["1", "2"], "who left moved them up"
    talk.say(calls_listed(2.0, queued("b", 60.0, place=2), queued("c", 30.0, place=1)))
    shown = pane(talk, "calls", 2.5)
    assert [cells(shown, leg)["position"] for leg in "bc"] == ["2", "1"], "c was let in front"


def test_a_conference_with_an_empty_name_has_an_unknown_one() -> None:
    talk = Playbook().say(
        facts.ConferencesListed(
            reading(0.0), "in_progress", (replace(listed_conference(), name=""),)
        )
    )
    assert cells(pane(talk, "conferences"), CONFERENCE)["conference"] == "?"


def test_calls_stand_in_line_and_a_ghost_is_one() -> None:
    talk = Playbook().say(calls_listed(0.0, queued("b", 20.0), queued("a", 80.0, alive=False)))
    calls = pane(talk, "calls")
    assert calls.keys == ("a", "b")
    assert cells(calls, "a") | {"sla": ""} == {
        "position": "1",
        "from": "+1 512 555 0103",
        "wait": "1:21",
        "sla": "",
        "alive": "no",
    }
    assert cells(calls, "b")["alive"] == "yes"
    assert text(calls.figures).startswith("2 · oldest 1:21")


def test_a_call_no_listing_has_shown_is_not_called_alive() -> None:
    said = origin(0.0, "call.enqueued")
    talk = Playbook().say(webhooks.CallEnqueued(said, Leg(BO), QUEUE, 1, None))
    row = cells(pane(talk, "calls"), BO)
    assert (row["from"], row["wait"], row["alive"]) == ("?leg ..0199", "0:01", "?")
    unsaid = webhooks.Origin(said.at, "other", said.name, None)
    talk.say(webhooks.CallEnqueued(unsaid, Leg(ANA), QUEUE, None, None))
    row = cells(pane(talk, "calls"), ANA)
    assert (row["wait"], row["sla"]) == ("?", "")


def test_a_conference_as_listed() -> None:
    assert cells(pane(conference(), "conferences"), CONFERENCE) == {
        "sign": "",
        "conference": "board-q3",
        "people": "2",
        "rec": "?",
        "audio": "?",
        "age": "10:01",
        "left": "3h49",
        "why": "",
    }


def test_a_conference_known_by_webhooks_alone() -> None:
    said = origin(0.0, "conference.created")
    talk = Playbook().say(webhooks.ConferenceCreated(said, Leg(ANA), CONFERENCE))
    row = cells(pane(talk, "conferences"), CONFERENCE)
    assert row["conference"] == "?7c1f0e52"
    assert (row["people"], row["rec"], row["age"], row["left"]) == ("?", "?", "?", "?")
    assert row["audio"] == "", "its beginning was seen: nothing has been played"
    talk.say(joined(0.5, ANA))
    assert cells(pane(talk, "conferences"), CONFERENCE)["people"] == "~1"
    talk.say(people_listed(1.0))
    assert cells(pane(talk, "conferences"), CONFERENCE)["people"] == "1"


@pytest.mark.parametrize(
    ("verbs", "shown"),
    [
        (("record",), "● rec j"),
        (("record", "pause"), "‖ 0:07 j"),
        (("record", "pause", "resume"), "● rec j"),
        (("record_stop",), "off j"),
        (("pause",), "? pause sent"),
        (("pause", "resume"), "? resume sent"),
        (("record_stop", "pause"), "? pause sent"),
        (("pause", "record"), "● rec j"),
        (("pause", "record_stop"), "off j"),
    ],
)
def test_a_recording_is_known_from_our_own_commands(verbs: tuple[str, ...], shown: str) -> None:
    talk = conference()
    for number, verb in enumerate(verbs):
        talk.ask(verb, number, id_=verb)
        talk.accept(number + 0.5, verb)
    now = len(verbs) - 1 + 0.5 + 7
    assert cells(pane(talk, "conferences", now), CONFERENCE)["rec"] == shown


def test_audio_that_is_heard_and_that_has_ended() -> None:
    talk = conference()
    started = webhooks.PlaybackStarted(origin(0.0, "playback.started"), CONFERENCE, None, "x.mp3")
    talk.say(started)
    assert cells(pane(talk, "conferences"), CONFERENCE)["audio"] == "♪ play"
    alone = webhooks.SpeakStarted(origin(0.2, "speak.started"), CONFERENCE, Leg(BO))
    assert cells(pane(talk.say(alone), "conferences"), CONFERENCE)["audio"] == "♪ play +1"
    talk.say(webhooks.PlaybackEnded(origin(0.5, "playback.ended"), CONFERENCE, None, "x.mp3"))
    assert cells(pane(talk, "conferences"), CONFERENCE)["audio"] == "“ to 1"


def test_a_conference_being_ended_says_so_in_its_name() -> None:
    talk = conference()
    talk.ask("end", 0.0, id_="e")
    assert cells(pane(talk, "conferences"), CONFERENCE)["conference"] == "board-q3 end…"
    talk.refuse(0.5, "e")
    assert cells(pane(talk, "conferences"), CONFERENCE)["conference"] == "board-q3"


def test_conferences_stand_by_urgency_and_then_by_age() -> None:
    ages = {"young": -10.0, "old": -500.0, "ending": -100.0}
    conferences = [
        replace(listed_conference(id_, id_), created_at=EPOCH + since, expires_at=EPOCH + 9_000)
        for id_, since in ages.items()
    ]
    conferences[2] = replace(conferences[2], expires_at=EPOCH + 200)
    talk = Playbook().say(facts.ConferencesListed(reading(0.0), "in_progress", tuple(conferences)))
    listed = pane(talk, "conferences")
    assert listed.keys == ("ending", "old", "young")
    row = cells(listed, "ending")
    assert (row["sign"], row["left"], row["why"]) == ("▲", "3:19", "ends in 3:19")
    assert roles(listed, "ending", "left") == {"now"}


def test_names_of_queues_and_conferences_are_cleaned() -> None:
    talk = Playbook().say(queues_listed(0.0, queue(name="a\x1b[2J")))
    assert cells(pane(talk, "queues"), "a\x1b[2J")["queue"] == "a^[[2J"
    assert pane(talk, "calls", queue="a\x1b[2J").about == "a^[[2J"
    assert text(pane(talk, "calls", queue="x").figures) == "", "who waits there is not known"
    assert CallsScope("x") not in talk.state.coverage
