"""Names: a name is shown as sure only if it is certainly the leg's own."""

from __future__ import annotations

from console.core.messages import facts, webhooks
from console.core.model.listed_resources import Leg
from console.view.text.labels import leg_name
from support.playbook import CONFERENCE, Playbook, at, origin, participant, reading

AGENT, CALLER = "v3:agent-0001", "v3:caller-0002"


def created(name: str | None) -> webhooks.ConferenceCreated:
    said = origin(0.0, "conference.created")
    return webhooks.ConferenceCreated(said, Leg(AGENT, agent=name), CONFERENCE)


def joined(leg: str, name: str | None) -> webhooks.ParticipantJoined:
    said = origin(0.1, "conference.participant.joined", id_=leg)
    return webhooks.ParticipantJoined(said, Leg(leg, agent=name), CONFERENCE)


def test_the_state_given_at_creation_names_its_creator_and_nobody_else() -> None:
    talk = Playbook().say(
        created("Bo Reyes"), joined(AGENT, "Bo Reyes"), joined(CALLER, "Bo Reyes")
    )
    assert leg_name(talk.state, AGENT) == "Bo Reyes"
    assert leg_name(talk.state, CALLER) == "?leg ..0002"


def test_in_a_conference_whose_beginning_was_not_seen_nobody_is_named_by_its_webhooks() -> None:
    talk = Playbook().begin(participant(CALLER)).say(joined(CALLER, "Bo Reyes"))
    assert leg_name(talk.state, CALLER) == "?leg ..0002"


def test_what_telnyx_remembers_of_the_call_tells_number_and_name() -> None:
    said = origin(-60.0, "call.initiated")
    number = "+15125550142"
    report = webhooks.CallReported(
        said, Leg(CALLER, name="Dana K."), number, "+1", True, False
    )  # the event's own order
    talk = Playbook().begin(participant(CALLER))
    assert leg_name(talk.state, CALLER) == "?leg ..0002"
    talk.say(facts.CallEventsRead(reading(0.5), f"leg-{CALLER}", (report,)))
    assert leg_name(talk.state, CALLER) == "Dana K."
    assert talk.state.identities[CALLER].number == number
    assert talk.state.health.verified == 0, "it is a reading, not a delivery"


def test_an_outgoing_leg_is_called_by_whom_it_was_dialled() -> None:
    said = origin(0.0, "call.initiated")
    report = webhooks.CallReported(
        said, Leg(AGENT), "+1999", "+15125550177", False, False
    )  # the event's own order
    assert leg_name(Playbook().say(report).state, AGENT) == "+1 512 555 0177"


def test_time_alone_forgets_strangers_but_not_those_who_are_there() -> None:
    talk = Playbook().begin(participant(CALLER))
    talk.say(joined(AGENT, None))
    talk.pass_(1.0)
    talk.say(facts.Ticked(at(7300.0)))
    assert CALLER in talk.state.people[CONFERENCE]
