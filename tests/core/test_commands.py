"""Commands as dialogues: accepted is not done, and every story ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.core.messages import facts, intents, webhooks
from console.core.model.command import WholeQueue
from console.core.model.listed_resources import ConferenceResource, Leg, Problem, ProblemKind
from console.core.model.stage import Stage
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    left,
    order,
    origin,
    participant,
    people_listed,
    queue,
    reading,
)

ANA, BO = "v3:ana", "v3:bo"


def conference() -> Playbook:
    return Playbook().begin(participant(ANA), participant(BO))


def test_a_mute_is_done_when_a_listing_asked_for_after_acceptance_shows_it() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    assert talk.sent == ["mute"]
    talk.accept(0.3, "m")
    assert talk.stage("m") is Stage.ACCEPTED
    talk.say(people_listed(0.2, participant(ANA, muted=True), participant(BO)))
    assert talk.stage("m") is Stage.ACCEPTED, "that listing was asked for before acceptance"
    talk.say(people_listed(0.6, participant(ANA, muted=True), participant(BO)))
    assert talk.stage("m") is Stage.SEEN


def test_what_was_already_so_is_proved_only_by_a_listing_later_than_reads_may_lag() -> None:
    talk = Playbook().begin(participant(ANA, muted=True))
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.accept(0.3, "m").say(people_listed(1.0, participant(ANA, muted=True)))
    assert talk.stage("m") is Stage.ACCEPTED
    talk.say(people_listed(3.6, participant(ANA, muted=True)))
    assert talk.stage("m") is Stage.SEEN


def test_accepted_and_never_applied_ends_as_no_proof() -> None:
    talk = conference()
    talk.ask("hold", 0.0, ANA, id_="h")
    talk.accept(0.3, "h").say(people_listed(1.0, participant(ANA), participant(BO)))
    assert talk.stage("h") is Stage.ACCEPTED, "the read may be stale"
    talk.say(people_listed(3.6, participant(ANA), participant(BO)))
    assert talk.stage("h") is Stage.NO_PROOF


def test_no_proof_and_no_listing_ends_at_the_deadline() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    assert talk.accept(0.3, "m").pass_(8.2).stage("m") is Stage.ACCEPTED
    assert talk.pass_(8.4).stage("m") is Stage.NO_PROOF


def test_a_timeout_is_uncertain_until_a_listing_settles_it() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.say(facts.CommandUnanswered(at(5.0), "m", Problem(ProblemKind.UNANSWERED)))
    assert talk.stage("m") is Stage.UNCERTAIN
    talk.say(people_listed(5.4, participant(ANA, muted=True), participant(BO)))
    assert talk.stage("m") is Stage.SEEN


def test_what_never_left_this_host_is_dropped_and_said_so() -> None:
    talk = conference()
    talk.ask("play", 0.0, ANA, id_="p", audio_url="https://a.example/x.mp3")
    talk.say(facts.CommandUnanswered(at(1.0), "p", Problem(ProblemKind.UNREACHABLE)))
    assert talk.stage("p") is Stage.DROPPED


def test_a_refusal_is_final_and_changes_nothing() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    assert talk.refuse(0.4, "m").stage("m") is Stage.REFUSED
    talk.accept(0.5, "m").say(people_listed(4.0, participant(ANA, muted=True)))
    assert talk.stage("m") is Stage.REFUSED


def test_a_command_of_an_earlier_process_stands_in_the_log_as_it_did_there() -> None:
    before, after = conference(), conference()
    before.say(facts.QueuesListed(reading(0.0), (queue("vip"),)))
    asked = replace(order("queue_delete", 1.0), target=WholeQueue("vip"))
    before.say(intents.OrderAsked(asked))
    after.say(facts.CommandRecalled(at(1.0), asked))
    told, then = after.state.log[-1], before.state.log[-1]
    assert told.queue == "vip"
    assert replace(told, number=then.number) == then


def test_the_same_verb_on_the_same_person_is_swallowed_and_shown() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="one")
    assert talk.ask("mute", 0.2, ANA, id_="two") is None
    assert talk.sent == []
    assert "under way" in talk.state.log[-1].text


def test_of_many_only_those_not_yet_pending_are_sent() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="one")
    receipt = talk.ask("mute", 0.2, ANA, BO, id_="two")
    assert receipt is not None
    assert receipt.order.legs == (BO,)


def test_the_opposite_verb_waits_its_turn() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.ask("unmute", 0.2, ANA, id_="u")
    assert talk.stage("u") is Stage.WAITING
    assert talk.sent == []
    talk.accept(0.3, "m").say(people_listed(0.6, participant(ANA, muted=True)))
    assert talk.stage("m") is Stage.SEEN
    assert talk.sent == ["unmute"]


def test_waiting_too_long_behind_the_opposite_is_dropped() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.ask("unmute", 0.2, ANA, id_="u")
    assert talk.pass_(10.5).stage("u") is Stage.DROPPED
    assert talk.sent == []


def test_who_leaves_before_the_proof_is_lost_and_the_rest_is_seen() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, BO, id_="m")
    talk.accept(0.3, "m").say(left(0.4, ANA))
    talk.say(people_listed(0.7, participant(BO, muted=True)))
    receipt = talk.state.receipts["m"]
    assert (receipt.stage, receipt.lost, receipt.proved) == (
        Stage.SEEN,
        frozenset({ANA}),
        frozenset({BO}),
    )


def test_of_many_those_who_left_meanwhile_are_not_sent() -> None:
    talk = conference().say(left(0.1, ANA))
    receipt = talk.ask("mute", 0.3, ANA, BO, id_="m")
    assert receipt is not None
    assert receipt.order.legs == (BO,)


def test_an_undo_that_cannot_be_sent_leaves_the_command_to_be_undone() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.accept(0.3, "m").say(people_listed(0.6, participant(ANA, muted=True)))
    talk.policy(read_only=True).say(intents.UndoAsked(at(1.0), "u", "ana"))
    assert "read-only" in talk.state.log[-1].text
    talk.policy(read_only=False).say(intents.UndoAsked(at(1.1), "u", "ana"))
    assert talk.sent == ["unmute"]


def test_a_flood_of_refused_deliveries_takes_one_line() -> None:
    talk = conference()
    for second in range(50):
        talk.say(facts.DeliveryRefused(at(second), 401, "signature missing"))
    assert talk.state.health.refused == 50
    assert [entry.name for entry in talk.state.log] == ["webhook refused"]


def test_a_command_on_somebody_who_left_is_declined() -> None:
    talk = conference().say(left(0.1, ANA))
    assert talk.ask("mute", 0.3, ANA, id_="m") is None
    assert "left already" in talk.state.log[-1].text


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ({"policy": {"read_only": True}}, "read-only"),
        ({"problem": Problem(ProblemKind.UNAUTHORISED, 401)}, "key was refused"),
        ({"problem": Problem(ProblemKind.UNREACHABLE)}, "has not answered"),
    ],
)
def test_no_command_leaves_while_the_console_may_not_or_cannot(
    state: dict[str, object], word: str
) -> None:
    talk = conference()
    if isinstance(policy := state.get("policy"), dict):
        talk.policy(**policy)
    if isinstance(problem := state.get("problem"), Problem):
        scope = next(iter(talk.state.coverage))
        talk.say(facts.ReadingFailed(at(-20.0), scope, problem))
    assert talk.ask("mute", 0.0, ANA, id_="m") is None
    assert talk.sent == []
    assert word in talk.state.log[-1].text


def started(
    seconds: float, kind: str, leg: str | None, occurred: float | None = None
) -> facts.Fact:
    said = origin(seconds, f"conference.{'participant.' if leg else ''}{kind}", occurred=occurred)
    whom = Leg(leg) if leg else None
    if kind.startswith("playback"):
        return webhooks.PlaybackStarted(said, CONFERENCE, whom, None)
    return webhooks.SpeakStarted(said, CONFERENCE, whom)


def test_play_to_one_is_proved_by_the_participant_form_and_play_to_all_by_the_conference_form() -> (
    None
):
    talk = conference()
    talk.ask("play", 0.0, ANA, id_="one", media_name="hold")
    talk.ask("play_room", 0.1, id_="all", media_name="hold")
    talk.accept(0.3, "one").accept(0.3, "all")
    talk.say(started(0.5, "playback.started", BO))
    assert (talk.stage("one"), talk.stage("all")) == (Stage.ACCEPTED, Stage.ACCEPTED)
    talk.say(started(0.6, "playback.started", ANA))
    assert (talk.stage("one"), talk.stage("all")) == (Stage.SEEN, Stage.ACCEPTED)
    talk.say(started(0.7, "playback.started", None))
    assert talk.stage("all") is Stage.SEEN


def test_a_webhook_that_overtakes_the_answer_proves_once_the_answer_is_there() -> None:
    talk = conference()
    talk.ask("speak_room", 0.0, id_="s", payload="hello", voice="v")
    talk.say(started(0.2, "speak.started", None))
    assert talk.stage("s") is Stage.SENT
    assert talk.accept(0.3, "s").stage("s") is Stage.SEEN


def test_one_that_is_late_and_comes_before_the_answer_proves_nothing() -> None:
    talk = conference()
    talk.ask("play_room", 0.0, id_="p", media_name="hold")
    talk.say(started(0.2, "playback.started", None, occurred=-30.0))
    assert talk.accept(0.3, "p").stage("p") is Stage.ACCEPTED
    talk.ask("leave", 1.0, ANA, id_="l")
    leaving = origin(1.2, "conference.participant.left", occurred=-30.0)
    talk.say(webhooks.ParticipantLeft(leaving, Leg(ANA), CONFERENCE))
    assert talk.accept(1.3, "l").stage("l") is Stage.ACCEPTED
    talk.ask("record_stop", 60.0, id_="stop")
    talk.say(saved(60.2, 0.0, 20.0))
    assert talk.accept(60.3, "stop").stage("stop") is Stage.ACCEPTED
    talk.say(saved(61.0, 30.0, 60.1))
    assert talk.stage("stop") is Stage.SEEN


def test_a_webhook_shows_also_what_was_never_answered() -> None:
    talk = conference()
    talk.ask("play_room", 0.0, id_="p", media_name="hold")
    talk.say(started(0.2, "playback.started", None), facts.CommandSent(at(0.1), "p", 1))
    talk.say(facts.CommandUnanswered(at(5.0), "p", Problem(ProblemKind.UNANSWERED)))
    assert talk.stage("p") is Stage.SEEN
    assert talk.effects == (), "nothing is looked for any more"


def test_a_webhook_of_before_the_command_proves_nothing() -> None:
    talk = conference()
    talk.ask("play_room", 0.0, id_="p", media_name="hold")
    talk.accept(0.3, "p").say(started(0.5, "playback.started", None, occurred=-30.0))
    assert talk.stage("p") is Stage.ACCEPTED


def test_recording_is_believed_from_our_own_command_and_never_called_done() -> None:
    talk = conference()
    talk.ask("record", 0.0, id_="r", format="mp3")
    talk.accept(0.3, "r")
    assert talk.stage("r") is Stage.NO_PROOF
    recording = talk.state.conferences[CONFERENCE].recording
    assert recording is not None
    assert (recording.state, recording.source.value) == ("on", "j")
    talk.ask("pause", 1.0, id_="c")
    talk.accept(1.3, "c")
    recording = talk.state.conferences[CONFERENCE].recording
    assert recording is not None
    assert recording.state == "paused"


def saved(seconds: float, started_: float, ended: float) -> webhooks.RecordingSaved:
    begin, end = at(started_).wall, at(ended).wall
    said = origin(seconds, "conference.recording.saved")
    return webhooks.RecordingSaved(said, CONFERENCE, "rec", begin, end, "mp3", "single")


def test_a_saved_recording_proves_the_stop_and_late_the_start() -> None:
    talk = conference()
    talk.ask("record", 0.0, id_="r", format="mp3")
    talk.accept(0.3, "r")
    talk.ask("record_stop", 60.0, id_="stop")
    talk.accept(60.3, "stop")
    assert talk.stage("stop") is Stage.ACCEPTED
    talk.say(saved(62.0, 0.2, 60.2))
    assert (talk.stage("stop"), talk.stage("r")) == (Stage.SEEN, Stage.SEEN)


def test_an_older_recording_that_is_saved_now_proves_no_stop() -> None:
    talk = conference()
    talk.ask("record_stop", 60.0, id_="stop")
    talk.accept(60.3, "stop").say(saved(61.0, 0.0, 20.0))
    assert talk.stage("stop") is Stage.ACCEPTED


def test_the_end_is_seen_when_a_read_shows_it_over() -> None:
    talk = conference()
    talk.ask("end", 0.0, id_="e")
    talk.accept(0.3, "e")
    over = facts.ConferenceRead(reading(0.6), CONFERENCE, conference_over("ended_via_api"))
    assert talk.say(over).stage("e") is Stage.SEEN


def conference_over(reason: str) -> ConferenceResource:
    now = at(0.5).wall
    return ConferenceResource(
        CONFERENCE, "board-q3", now - 600, now + 9000, "completed", now, reason
    )


def test_the_end_of_a_conference_ends_every_other_command_on_it() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.accept(0.3, "m")
    talk.say(webhooks.ConferenceEnded(origin(0.5, "conference.ended"), CONFERENCE, "host_left"))
    assert talk.stage("m") is Stage.GONE


def test_undo_opens_only_those_whom_the_mute_closed_and_nobody_touched_since() -> None:
    cy = "v3:cy"
    talk = Playbook().begin(participant(ANA), participant(BO, muted=True), participant(cy))
    talk.ask("mute", 0.0, ANA, BO, cy, id_="m")
    muted = [participant(leg, muted=True) for leg in (ANA, BO, cy)]
    talk.accept(0.3, "m").say(people_listed(4.0, *muted))
    assert talk.stage("m") is Stage.SEEN
    talk.say(people_listed(8.0, muted[0], muted[1], participant(cy)))
    talk.say(intents.UndoAsked(at(9.0), "u", "ana"))
    assert talk.state.receipts["u"].order.legs == (ANA,)
    assert talk.state.receipts["u"].order.command.name == "unmute"
    talk.say(intents.UndoAsked(at(9.5), "u2", "ana"))
    assert "u2" not in talk.state.receipts


def test_the_record_of_a_finished_command_is_bounded() -> None:
    talk = conference().policy(receipts=3)
    for turn in range(8):
        talk.ask("mute", turn * 20.0, ANA, id_=f"m{turn}")
        talk.refuse(turn * 20.0 + 1, f"m{turn}")
    assert len(talk.state.receipts) <= 4
