"""The best name for a leg, and the ids that find a name again."""

from __future__ import annotations

from collections.abc import Mapping
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view.scenes import known

from console.core.messages import facts, intents, webhooks
from console.core.messages.effects import KeepNote
from console.core.messages.read_scopes import OneResourceScope
from console.core.model import identity, name_index
from console.core.model.draft import Draft
from console.core.model.entities import Identity, Note
from console.core.model.identity import is_mine, is_pinned, name_of, own_leg
from console.core.model.listed_resources import Leg
from console.core.model.state import State
from console.view.text.labels import leg_name
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    joined,
    origin,
    participant,
    people_listed,
    queued,
    reading,
)

LEG, OTHER = "v3:cy-0001", "v3:cy-0002"
NUMBER = "+15125550199"


def note_kept(talk: Playbook, note: Note) -> Playbook:
    return talk.say(facts.NoteKept(note.at, note))


def read(label: str) -> facts.ResourceRead:
    """The read of one participant, as Telnyx spells it."""
    members = (("call_control_id", LEG), ("call_leg_id", f"leg-{LEG}"), ("label", label))
    scope = OneResourceScope(("conferences", CONFERENCE, "participants", f"id-{LEG}"))
    return facts.ResourceRead(reading(1.0), scope, members)


def test_a_better_name_replaces_the_one_before() -> None:
    talk = Playbook().begin(participant(LEG))
    assert leg_name(talk.state, LEG) == "?leg ..0001"
    talk.say(facts.CallsListed(reading(0.0), "vip", (queued(LEG),)))
    assert leg_name(talk.state, LEG) == "+1 512 555 0199"
    report = webhooks.CallReported(
        origin(0.1, "call.initiated"), Leg(LEG, agent="Bo Reyes"), NUMBER, "+1", True, False
    )  # the event's own order
    talk.say(report)
    assert leg_name(talk.state, LEG) == "Bo Reyes"
    talk.say(read("front desk"))
    assert leg_name(talk.state, LEG) == "front desk"
    talk.say(intents.NoteAsked(at(2.0), LEG, alias="refund-angry"))
    (keep,) = talk.effects
    assert isinstance(keep, KeepNote)
    assert leg_name(talk.state, LEG) == "front desk", "not before it is on the disk"
    talk.say(facts.NoteKept(at(2.1), keep.note, keep.change))
    assert leg_name(talk.state, LEG) == "refund-angry"
    assert talk.state.log[-1].text == "alias refund-angry"
    talk.say(facts.NoteKept(at(3.0), Note(LEG)))
    assert leg_name(talk.state, LEG) == "front desk"


@pytest.mark.parametrize("label", ["", "null"])
def test_a_participant_without_a_label_has_no_name_from_it(label: str) -> None:
    talk = Playbook().begin(participant(LEG)).say(read(label))
    assert leg_name(talk.state, LEG) == "?leg ..0001"


def test_a_name_stays_with_the_leg_from_the_queue_into_the_conference() -> None:
    talk = Playbook().begin()
    talk.say(facts.CallsListed(reading(0.0), "vip", (queued(LEG),)))
    talk.say(joined(0.5, LEG), facts.CallsListed(reading(1.0), "vip", ()))
    assert leg_name(talk.state, LEG) == "+1 512 555 0199"


def test_the_same_call_leg_under_another_id_is_the_same_person() -> None:
    talk = known(Playbook(), LEG, number=NUMBER, leg_id="one")
    known(talk, OTHER, leg_id="one")
    assert leg_name(talk.state, OTHER) == "+1 512 555 0199"
    note_kept(talk, Note(LEG, "Dana", leg_id="one", at=at(1.0)))
    assert leg_name(talk.state, OTHER) == "Dana"
    known(talk, OTHER, leg_id="another")
    assert leg_name(talk.state, OTHER) == "?leg ..0002"


def test_a_listing_of_participants_brings_their_call_leg_ids() -> None:
    talk = note_kept(Playbook(), Note("v2:old", "Dana", leg_id=f"leg-{LEG}", at=at(0.0)))
    talk.begin(participant(LEG))
    assert leg_name(talk.state, LEG) == "Dana"


def test_an_alias_returns_with_the_number_and_is_shown_as_inferred() -> None:
    talk = note_kept(Playbook(), Note("v3:yesterday", "Dana", number=NUMBER, at=at(-9.0)))
    known(talk, LEG, number=NUMBER)
    assert leg_name(talk.state, LEG) == "Dana ~"
    known(talk, LEG, number=NUMBER, agent="Bo")
    assert leg_name(talk.state, LEG) == "Bo", "a name from the call itself comes first"
    known(talk, LEG, number="anonymous")
    note_kept(talk, Note("v3:hidden", "Eve", number="anonymous", at=at(-8.0)))
    assert leg_name(talk.state, LEG) == "withheld ..0001", "many callers share this word"
    known(talk, LEG, number="+266696687")
    note_kept(talk, Note("v3:keypad", "Eve", number="+266696687", at=at(-7.0)))
    assert leg_name(talk.state, LEG) == "withheld ..0001", (
        "a carrier's placeholder is nobody's number"
    )
    note_kept(talk, Note("v3:later", "", number=NUMBER, at=at(-1.0)))
    known(talk, LEG, number=NUMBER)
    assert leg_name(talk.state, LEG) == "+1 512 555 0199", "a later note removed the alias"


def test_a_leg_that_only_shares_a_session_never_gets_the_others_name_as_its_own() -> None:
    talk = known(Playbook(), LEG, number=NUMBER, session_id="s")
    known(talk, OTHER, session_id="s")
    assert leg_name(talk.state, OTHER) == "?leg ..0002 ~+1 512 555 0199"
    known(talk, "v3:third", agent="Bo", session_id="s")
    assert leg_name(talk.state, OTHER) == "?leg ..0002", "either of two people may be on the leg"


def test_your_own_leg_is_you() -> None:
    talk = note_kept(Playbook().begin(participant(LEG)), Note(LEG, mine=True, at=at(0.0)))
    assert leg_name(talk.state, LEG) == "you ..0001"
    known(talk, LEG, number=NUMBER)
    assert leg_name(talk.state, LEG) == "you +1 512 555 0199"
    assert is_mine(talk.state, LEG)
    assert own_leg(talk.state, CONFERENCE) == LEG
    talk.say(people_listed(9.0))
    assert own_leg(talk.state, CONFERENCE) is None
    assert not is_pinned(talk.state, LEG)


def test_a_note_reports_its_change_and_keeps_the_other_members() -> None:
    talk = note_kept(Playbook(), Note(LEG, "Dana", pinned=True, at=at(0.0)))
    known(talk, LEG, number=NUMBER, leg_id="one", session_id="s")
    for asked, change in (
        (intents.NoteAsked(at(1.0), LEG, pinned=False), "no longer pinned"),
        (intents.NoteAsked(at(1.0), LEG, mine=True), "is you"),
        (intents.NoteAsked(at(1.0), LEG, alias=""), "alias Dana removed"),
        (intents.NoteAsked(at(1.0), LEG, alias="Dana"), "unchanged"),
    ):
        (keep,) = talk.say(asked).effects
        assert isinstance(keep, KeepNote)
        assert isinstance(keep.note, Note)
        assert keep.change == change
        assert (keep.note.leg_id, keep.note.session_id, keep.note.number) == ("one", "s", NUMBER)


legs = st.sampled_from("abcd")
identities = st.dictionaries(
    legs,
    st.builds(
        Identity,
        agent=st.sampled_from([None, None, "Ana", "Bo"]),
        number=st.sampled_from([None, "+15125550100"]),
        leg_id=st.sampled_from([None, "", "one", "two"]),
        session_id=st.sampled_from([None, "", "s", "t"]),
    ),
)
notes = st.dictionaries(legs, st.sampled_from(["", "Cy", "Di"]).map(lambda alias: Note("", alias)))


def drafted(before: State, identities: Mapping[str, Identity], notes: Mapping[str, Note]) -> State:
    """The state after an update that makes the identities and notes these."""
    draft = Draft(before)
    for leg in before.identities.keys() - identities.keys():
        draft.identities.drop(leg)
    for leg in before.notes.keys() - notes.keys():
        draft.notes.drop(leg)
    for leg, known_now in identities.items():
        draft.identities.put(leg, known_now)
    for leg, note in notes.items():
        draft.notes.put(leg, note)
    return draft.seal()


@given(st.lists(st.tuples(identities, notes), min_size=1, max_size=5))
def test_a_name_does_not_depend_on_earlier_states(
    history: list[tuple[dict[str, Identity], dict[str, Note]]],
) -> None:
    state = State()
    for known_now, noted in history:
        state = drafted(state, known_now, noted)
        anew = State(identities=known_now, notes=noted)
        assert [name_of(state, leg) for leg in "abcd"] == [name_of(anew, leg) for leg in "abcd"]


def test_a_name_costs_the_same_in_a_session_of_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A load generator may give all its calls one session and one call leg."""
    crowd = {f"leg-{number}": Identity(session_id="s", leg_id="one") for number in range(2_000)}
    named = {f"own-{number}": Identity(agent=f"A{number}", session_id="s") for number in range(9)}
    state = drafted(State(), {**crowd, **named}, {})
    looks = Mock(side_effect=name_index.own_name)  # called for each leg that is counted
    monkeypatch.setattr(name_index, "own_name", looks)
    monkeypatch.setattr(identity, "own_name", looks)
    draft = Draft(state)
    draft.identities.put("leg-new", Identity(session_id="s"))
    assert name_of(draft.seal(), "leg-1").text == "leg-1"
    assert looks.call_count < 10
