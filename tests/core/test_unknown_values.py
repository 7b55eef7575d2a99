"""A value that a listing does not tell is unknown: it proves nothing, and is never off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.commands import COMMANDS
from console.commands.listing_proofs import (
    has_exit_flags,
    has_joined,
    has_role,
    has_size,
    is_absent,
)
from console.commands.queues import QUEUES as QUEUE_COMMANDS
from console.commands.side_effects import leave_effects
from console.core.audibility import Audibility, judge_audibility, role_of, stance
from console.core.lifecycle.settings_snapshot import current_settings
from console.core.messages import facts, webhooks
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallEventsScope,
    CallsScope,
    QueuesScope,
    Scope,
)
from console.core.messages.read_scopes import ParticipantsScope as PeopleScope
from console.core.model.command import Order, People, Queued, WholeQueue
from console.core.model.draft import Draft
from console.core.model.listed_resources import Leg, ParticipantResource
from console.core.model.orders import Observed
from console.core.model.stage import Stage
from console.sources.schedule import next_read
from support.playbook import (
    CONFERENCE,
    EPOCH,
    Playbook,
    at,
    left,
    order,
    origin,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)
from support.playbook import (
    joined as joins,
)

ANA, BO = "v3:ana", "v3:bo"


def unsure(leg: str, *names: str, **values: object) -> ParticipantResource:
    """Return a listed participant without these values."""
    known = replace(participant(leg), **values)  # type: ignore[arg-type]  # Participant's own
    return replace(known, **dict.fromkeys(names))  # type: ignore[arg-type]  # the same


def conference(*people: ParticipantResource) -> Playbook:
    return Playbook().begin(*(people or (participant(ANA), participant(BO))))


@pytest.mark.parametrize(("command", "before"), [("mute", False), ("unmute", True)])
def test_an_unknown_mute_proves_a_command_in_neither_direction(command: str, before: bool) -> None:
    talk = conference(participant(ANA, muted=before))
    talk.ask(command, 0.0, ANA, id_="m")
    talk.accept(0.2, "m")
    for seconds in (1.0, 4.0, 6.0):
        talk.say(people_listed(seconds, unsure(ANA, "muted")))
        assert talk.stage("m") is Stage.ACCEPTED
    talk.say(people_listed(7.0, participant(ANA, muted=not before)))
    assert talk.stage("m") is Stage.SEEN


def test_what_was_unknown_when_the_key_was_pressed_turned_no_way() -> None:
    """Only a listing that is later than reads may lag proves it then."""
    talk = conference(unsure(ANA, "muted"))
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.accept(0.2, "m")
    assert talk.state.receipts["m"].listed_before == {ANA: None}
    talk.say(people_listed(1.0, participant(ANA, muted=True)))
    assert talk.stage("m") is Stage.ACCEPTED
    talk.say(people_listed(4.0, participant(ANA, muted=True)))
    assert talk.stage("m") is Stage.SEEN


def test_who_is_listed_without_a_status_may_have_left_and_may_be_there() -> None:
    nobody = unsure(ANA, "status")
    order_ = order("leave", 0.0, ANA)
    assert is_absent(order_, nobody) is None
    assert has_joined(order_, nobody) is None
    talk = conference()
    talk.say(left(1.0, ANA), people_listed(6.0, nobody, participant(BO)))
    assert not talk.state.people[CONFERENCE][ANA].membership.here, (
        "a webhook said so, and no listing else"
    )
    talk = conference().say(people_listed(6.0, nobody, participant(BO)))
    assert talk.state.people[CONFERENCE][ANA].membership.here
    stranger = unsure("v3:new", "status")
    talk.say(people_listed(7.0, stranger, participant(BO)))
    assert talk.state.people[CONFERENCE]["v3:new"].membership.here


def test_a_listing_that_left_an_item_out_proves_nobody_gone() -> None:
    talk = conference()
    talk.ask("leave", 0.0, ANA, id_="x")
    talk.accept(0.2, "x")
    part = replace(reading(6.0, atomic=False), left_out=("no call_control_id",))
    talk.say(facts.ParticipantsListed(part, CONFERENCE, (participant(BO),)))
    assert talk.state.people[CONFERENCE][ANA].membership.here
    assert talk.stage("x") is Stage.ACCEPTED
    assert talk.state.parked == {}


@pytest.mark.parametrize(
    ("role", "whispering", "unknown", "shows"),
    [
        ("whisper", False, ("whisper_to",), None),
        ("monitor", False, ("muted",), None),
        ("monitor", False, ("whisper_to",), None),
        ("none", True, ("whisper_to",), None),
    ],
)
def test_no_role_is_shown_by_what_is_unknown(
    *, role: str, whispering: bool, unknown: tuple[str, ...], shows: bool | None
) -> None:
    values = {"supervisor_role": role, "whisper_call_control_ids": BO}
    before = Observed(was_whispering=whispering, maybe_muted=False)
    asked = replace(order("role", 0.0, ANA, values=values), observed=before)
    assert has_role(asked, unsure(ANA, *unknown, muted=True)) is shows


def test_who_may_have_been_muted_before_is_no_proven_monitor() -> None:
    talk = conference(unsure(ANA, "muted"), participant(BO))
    command = COMMANDS["role"]
    assert command.observe is not None
    before = command.observe(talk.state, People(CONFERENCE, (ANA,)))
    asked = order("role", 0.0, ANA, values={"supervisor_role": "monitor"})
    assert has_role(replace(asked, observed=before), participant(ANA, muted=True)) is None


def test_exit_flags_are_shown_only_where_each_is_known() -> None:
    wishes = {"end_conference_on_exit": "on", "soft_end_conference_on_exit": "off"}
    asked = order("options", 0.0, ANA, values=wishes)
    assert has_exit_flags(asked, unsure(ANA, end_on_exit=True)) is True
    assert has_exit_flags(asked, unsure(ANA, "soft_end_on_exit", end_on_exit=True)) is None
    assert has_exit_flags(asked, unsure(ANA, "soft_end_on_exit", end_on_exit=False)) is False


def test_an_unknown_size_proves_no_size() -> None:
    asked = Order("x", at(0), COMMANDS["queue_size"], WholeQueue("q"), "ana", {"max_size": "300"})
    assert has_size(asked, queue("q")) is True
    assert has_size(asked, replace(queue("q"), max_size=None)) is None


@pytest.mark.parametrize("command", ["mute", "hold", "options"])
def test_no_undo_is_offered_of_a_setting_that_was_unknown(command: str) -> None:
    names = {"mute": "muted", "hold": "on_hold", "options": "soft_end_on_exit"}
    talk = conference(unsure(ANA, names[command]), participant(BO))
    asked = order(command, 0.0, ANA, values={"end_conference_on_exit": "on"})
    assert current_settings(Draft(talk.state), asked) == {}


def test_no_size_is_put_back_that_was_unknown() -> None:
    unknown = replace(queue("q"), max_size=None)
    talk = Playbook().say(facts.QueuesListed(reading(0.0), (unknown,)))
    target = WholeQueue("q")
    asked = Order("x", at(0), COMMANDS["queue_size"], target, "ana", {"max_size": "7"})
    assert current_settings(Draft(talk.state), asked) == {}
    assert all(
        command.current is None or command.current(talk.state, target) == {}
        for command in QUEUE_COMMANDS
        if command.name == "queue_size"
    )


def test_who_may_be_a_host_is_said_before_they_leave() -> None:
    talk = conference(unsure(ANA, "end_on_exit"), participant(BO))
    texts = [effect.text for effect in leave_effects(talk.state, People(CONFERENCE, (ANA,)))]
    assert texts == ["role unknown, they may be a host:"]


def test_nobody_is_the_last_host_while_another_may_be_one() -> None:
    host = unsure(ANA, end_on_exit=True)
    [sure] = leave_effects(conference(host, participant(BO)).state, People(CONFERENCE, (ANA,)))
    assert sure.text.endswith("END-EXIT is set and nobody else is a host.")
    [perhaps] = leave_effects(
        conference(host, unsure(BO, "end_on_exit")).state, People(CONFERENCE, (ANA,))
    )
    assert perhaps.text.endswith("END-EXIT is set.")


def test_a_call_of_which_nobody_knows_whether_it_lives_is_not_cleared_away() -> None:
    call = replace(queued("v3:x"), alive=None)
    talk = Playbook().say(
        facts.QueuesListed(reading(0.0), (queue("q", 1),)),
        facts.CallsListed(reading(0.0), "q", (call,)),
    )
    [clear] = [one for one in QUEUE_COMMANDS if one.key == "X"]
    why = clear.why_not(talk.state, Queued("q", "v3:x"))
    assert why == "the listing does not say if the call is alive"


def test_who_has_no_id_of_their_own_is_told_apart_and_cannot_be_given_options() -> None:
    talk = conference(unsure(ANA, "id"), participant(BO))
    command = COMMANDS["options"]
    assert command.observe is not None
    target = People(CONFERENCE, (ANA,))
    assert command.why_not(talk.state, target) == "the listing has no id for them"
    assert command.observe(talk.state, target).participant_id is None


def test_silence_is_claimed_of_nobody_whose_mute_hold_or_whisper_is_unknown() -> None:
    for name in ("muted", "on_hold", "whisper_to"):
        talk = conference(unsure(ANA, name), participant(BO))
        speaker, listener = stance(talk.state, CONFERENCE, ANA), stance(talk.state, CONFERENCE, BO)
        assert judge_audibility(speaker, listener).heard is Audibility.UNKNOWN
    talk = conference(participant(ANA), unsure(BO, "on_hold"))
    speaker, listener = stance(talk.state, CONFERENCE, ANA), stance(talk.state, CONFERENCE, BO)
    assert judge_audibility(speaker, listener).heard is Audibility.UNKNOWN


@pytest.mark.parametrize(("role", "name"), [("monitor", "muted"), ("whisper", "whisper_to")])
def test_an_unknown_value_does_not_speak_against_a_role(role: str, name: str) -> None:
    talk = conference(participant(ANA, muted=True), participant(BO))
    values = {"supervisor_role": role, "whisper_call_control_ids": BO}
    talk.ask("role", 0.0, ANA, id_="r", **values)
    talk.accept(0.2, "r")
    talk.say(people_listed(6.0, unsure(ANA, name, muted=True), participant(BO)))
    told = role_of(talk.state.people[CONFERENCE][ANA], talk.state.policy.sigma)
    assert told is not None
    assert told.role == role


def test_times_that_are_known_are_kept_while_a_listing_has_none() -> None:
    talk = conference(participant(ANA))
    talk.say(people_listed(5.0, unsure(ANA, "created_at", "updated_at")))
    assert talk.state.people[CONFERENCE][ANA].joined_at == EPOCH - 60.0
    talk.say(people_listed(9.0, unsure(ANA, "created_at", id="another stay")))
    assert talk.state.people[CONFERENCE][ANA].joined_at is None
    listed = queued("v3:x")
    talk.say(facts.CallsListed(reading(1.0), "q", (listed,)))
    talk.say(facts.CallsListed(reading(6.0), "q", (replace(listed, enqueued_at=None),)))
    assert talk.state.waiting["q"]["v3:x"].enqueued_at == listed.enqueued_at


def test_of_which_stay_an_item_without_a_beginning_is_only_a_later_reading_tells() -> None:
    undated = unsure(ANA, "created_at", muted=True)
    talk = conference(participant(BO)).say(joins(5.0, ANA), people_listed(6.0, undated))
    assert talk.state.people[CONFERENCE][ANA].listed is None
    talk.say(people_listed(9.0, undated, participant(BO)))
    assert talk.state.people[CONFERENCE][ANA].listed == undated
    talk.say(joins(20.0, ANA, occurred=20.0))
    assert talk.state.people[CONFERENCE][ANA].listed is None


def test_a_queue_whose_size_is_unknown_is_read_as_one_where_calls_wait() -> None:
    sizes = {"empty": queue("empty", 0), "any": replace(queue("any"), size=None)}
    talk = Playbook().say(facts.QueuesListed(reading(0.0), tuple(sizes.values())))
    others: set[Scope] = {LIVE, INIT, QueuesScope()}
    assert next_read(talk.state, at(1.0), others, {}, {}) == CallsScope("any")


def test_nobody_is_asked_about_whose_call_has_no_id() -> None:
    talk = conference(unsure(ANA, "leg_id"), participant(BO))
    others: set[Scope] = {LIVE, INIT, QueuesScope(), PeopleScope(CONFERENCE)}
    assert next_read(talk.state, at(1.0), others, {}, {}) == CallEventsScope(f"leg-{BO}")


def test_a_conference_that_began_by_an_odd_webhook_names_nobody_by_its_client_state() -> None:
    """The client_state of the creation, which all webhooks repeat, is nobody's own name."""
    first = replace(origin(1.0, "conference.created"), odd=("client_state",))
    talk = Playbook().say(webhooks.ConferenceCreated(first, Leg(ANA), CONFERENCE))
    assert not talk.state.conferences[CONFERENCE].start_seen
    talk = Playbook().say(webhooks.ConferenceCreated(replace(first, odd=()), None, CONFERENCE))
    known = talk.state.conferences[CONFERENCE]
    assert (known.membership.here, known.start_seen, known.creator) == (True, False, None)
    said = origin(2.0, "conference.participant.joined")
    talk.say(webhooks.ParticipantJoined(said, Leg(BO, agent="Ann"), CONFERENCE))
    assert talk.state.identities[BO].agent is None
