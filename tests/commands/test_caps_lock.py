"""A capital has no effect only if every target is seen in the state that it would set."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.commands import COMMANDS
from console.commands.caps_lock import effect_of
from console.core.key_guards import CapitalEffect
from console.core.messages import intents
from console.core.model.command import ConfirmationLevel, People, WholeConference
from console.core.model.listed_resources import ParticipantResource
from support.playbook import CONFERENCE, Playbook, at, joined, order, participant

LEGS = ("v3:ana", "v3:bo", "v3:eve")
SEEN = st.sampled_from([True, False, None])
"""Value of the flag of each leg. None: no listing shows the leg."""


def floor(seen: tuple[bool | None, ...], field: str) -> Playbook:
    """Return a conference with these legs. Each has the flag set or not, or is not listed yet."""
    shown: list[ParticipantResource] = []
    for leg, on in zip(LEGS, seen, strict=True):
        if on is not None:
            muted, held = on and field == "muted", on and field == "on_hold"
            shown.append(participant(leg, muted=muted, held=held))
    talk = Playbook().begin(*shown)
    for leg, on in zip(LEGS, seen, strict=True):
        if on is None:
            talk.say(joined(-0.5, leg))
    return talk


@given(
    names=st.sampled_from([("unmute", "mute", "muted"), ("unhold", "hold", "on_hold")]),
    seen=st.tuples(SEEN, SEEN, SEEN),
    aimed=st.sets(st.integers(0, 2), min_size=1),
    pending=st.none() | st.integers(0, 2),
)
def test_it_is_in_vain_only_where_all_are_seen_so_and_nothing_of_ours_is_open(
    names: tuple[str, str, str],
    seen: tuple[bool | None, ...],
    aimed: set[int],
    pending: int | None,
) -> None:
    name, opposite, field = names
    talk = floor(seen, field)
    if pending is not None:
        talk.say(intents.OrderAsked(order(opposite, 0.0, LEGS[pending], id_="o")))
    target = People(CONFERENCE, tuple(LEGS[number] for number in sorted(aimed)))
    effect = effect_of(COMMANDS[name], (target,), talk.state, at(1.0))
    ours = pending in aimed
    shown = {seen[number] for number in aimed}
    if ours or True in shown:
        assert effect is CapitalEffect.SOME
    else:
        assert effect is (CapitalEffect.UNKNOWN if None in shown else CapitalEffect.NONE)


def test_what_is_old_is_unknown() -> None:
    talk = floor((False, False, False), "muted")
    target = People(CONFERENCE, LEGS)
    assert effect_of(COMMANDS["unmute"], (target,), talk.state, at(1.0)) is CapitalEffect.NONE
    assert effect_of(COMMANDS["unmute"], (target,), talk.state, at(900.0)) is CapitalEffect.UNKNOWN


def test_a_recording_that_was_paused_can_be_resumed_and_one_that_runs_cannot() -> None:
    talk = floor((False, False, False), "muted")
    resume, target = COMMANDS["resume"], WholeConference(CONFERENCE)

    def effect(seconds: float) -> CapitalEffect:
        return effect_of(resume, (target,), talk.state, at(seconds))

    assert effect(1.0) is CapitalEffect.UNKNOWN
    talk.ask("record", 1.0, id_="r")
    talk.accept(1.1, "r")
    assert effect(1.2) is CapitalEffect.NONE
    talk.ask("pause", 2.0, id_="p")
    assert effect(2.1) is CapitalEffect.SOME
    talk.accept(2.2, "p")
    assert effect(2.3) is CapitalEffect.SOME
    talk.ask("resume", 3.0, id_="c")
    talk.accept(3.1, "c")
    assert effect(9.0) is CapitalEffect.NONE
    talk.ask("record_stop", 10.0, id_="s")
    talk.accept(10.1, "s")
    assert effect(20.0) is CapitalEffect.UNKNOWN, "nothing runs that could go on"


def test_the_capitals_that_run_at_once_are_those_that_can_be_in_vain() -> None:
    at_once = {
        key
        for command in COMMANDS.values()
        for key in command.keys
        if key.isupper() and command.confirmation is ConfirmationLevel.AT_ONCE
    }
    guarded = {key for c in COMMANDS.values() if c.present_settings is not None for key in c.keys}
    assert at_once == guarded == set("MHCPS")
    assert all(
        bool(c.unchanged_text) is (c.present_settings is not None) for c in COMMANDS.values()
    )
