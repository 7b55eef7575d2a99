"""Who hears whom in a conference, as far as it is known.

Muted, on hold and the whisper list are seen in the participants listing; a role is not, and is
known only from our own commands. That somebody does not hear is claimed only where a listing
shows why: the speaker muted, either of the two on hold, or a whisper list that leaves the listener
out. A role that was accepted silences nobody until it is seen to.

Telnyx API, Update conference participant: supervisor_role (barge is like none; monitor is muted
and hears all; a whisper is heard by whisper_call_control_ids, and to nobody it is a monitor).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from console.core.model.entities import Identity, Participant
from console.core.model.resources import Moment, Source
from console.core.model.state import State

AUDIBLE = frozenset({"none", "barge"})
DOUBTS = {"whisper": "whisper list not seen", "monitor": "not seen muted"}
"""Why a role that was accepted proves no silence."""
CANNOT_HEAR = "on hold: cannot hear"


class Audibility(StrEnum):
    """Whether one hears another."""

    NO = "no"
    UNKNOWN = "?"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Stance:
    """How somebody stands in a conference. None is what nobody knows."""

    leg: str
    muted: bool | None = None
    held: bool | None = None
    role: str | None = None
    to: tuple[str, ...] | None = None
    """Whom they whisper to, as listed."""


@dataclass(frozen=True, slots=True)
class AudibilityVerdict:
    """Whether somebody is heard by somebody, and why it is not simply so."""

    heard: Audibility
    why: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A role, who says so and since when."""

    role: str
    source: Source
    at: Moment


def heard(speaker: Stance, listener: Stance) -> AudibilityVerdict:
    """Whether ``listener`` hears ``speaker``."""
    if silence := _silence(speaker, listener):
        return AudibilityVerdict(Audibility.NO, silence)
    if doubt := _doubt(speaker, listener):
        return AudibilityVerdict(Audibility.UNKNOWN, doubt)
    return AudibilityVerdict(Audibility.YES)


def _doubt(speaker: Stance, listener: Stance) -> str:
    if not speaker.to and speaker.role not in AUDIBLE:
        return DOUBTS.get(speaker.role or "", "role unknown")
    if speaker.muted is None and speaker.to is not None:
        return "perhaps muted still"
    unlisted = None in {speaker.muted, speaker.held, listener.held} or speaker.to is None
    return "not listed yet" if unlisted else ""


def _silence(speaker: Stance, listener: Stance) -> str:
    if speaker.muted:
        return "muted"
    if speaker.held:
        return "held: is not heard"
    if listener.held:
        return CANNOT_HEAR
    if speaker.to and listener.leg not in speaker.to:
        return "not whispered to"
    return ""


def role_of(person: Participant, sigma: float) -> Told | None:
    """The role somebody surely has: from a whisper list, or from our own command.

    None where nobody knows, or where a listing that is later than reads may lag (``sigma``
    seconds) speaks against what was accepted.
    """
    fields, seen, own = person.listed, person.listed_seen, person.own_role
    fresh = own is None or (seen is not None and seen.mono > own.since.mono + sigma)
    if fields is not None and seen is not None and fields.whisper_to and fresh:
        return Told("whisper", Source.POLL, seen)
    if own is None:
        return None
    if fresh and fields is not None:
        whispers = own.role != "whisper" or fields.whisper_to is None
        silent = own.role != "monitor" or fields.muted is not False
        if not whispers or not silent:
            return None
    return Told(own.role, Source.OWN, own.since)


def stance(state: State, conference: str, leg: str) -> Stance:
    """How somebody stands now. Callers and agents have no role but none, unless one was given."""
    person = state.people.get(conference, {}).get(leg)
    if person is None:
        return Stance(leg)
    fields, seen, own = person.listed, person.listed_seen, person.own_role
    known = state.identities.get(leg) or Identity()
    note = state.notes.get(leg)
    told = role_of(person, state.policy.sigma)
    role = told.role if told is not None else None
    mine = note is not None and note.mine
    if told is None and own is None and not mine and (known.agent or known.caller):
        role = "none"
    before = own is not None and (seen is None or seen < own.since)
    return Stance(
        leg,
        muted=None if fields is None or before else fields.muted,
        held=None if fields is None else fields.on_hold,
        role=role,
        to=None if fields is None or before else fields.whisper_to,
    )


def given(now: Stance, role: str, to: tuple[str, ...]) -> Stance:
    """How somebody is to stand once they have this role.

    Who was silenced by being a monitor speaks again; whether another's mute ends with a role
    nobody says.
    """
    if role == "monitor" or (role == "whisper" and not to):
        return replace(now, role="monitor", muted=True, to=())
    muted = now.muted
    if muted:
        muted = False if now.role == "monitor" else None
    return replace(now, role=role, muted=muted, to=to if role == "whisper" else ())


def louder(before: AudibilityVerdict, after: AudibilityVerdict) -> bool:
    """Whether somebody may hear then who did not, or perhaps did not, before."""
    order = list(Audibility)
    return order.index(after.heard) > order.index(before.heard)


def quieter(before: AudibilityVerdict, after: AudibilityVerdict) -> bool:
    """Compare two verdicts: the listener may hear less than before."""
    return louder(after, before)


@dataclass(frozen=True, slots=True)
class AudibilityChange:
    """Whether one person hears somebody now, and would then."""

    listener: str
    now: AudibilityVerdict
    then: AudibilityVerdict


def arriving(
    leg: str, role: str, to: tuple[str, ...], *, muted: bool = False, held: bool = False
) -> Stance:
    """The stance of a leg that joins a conference in this role. An empty id: not dialled yet."""
    enters = given(Stance(leg, muted=False, held=held, to=()), role, to)
    return replace(enters, muted=True) if muted else enters


def changed(
    state: State, conference: str, now: Stance | None, then: Stance
) -> tuple[AudibilityChange, ...]:
    """Compare for everyone else in a live conference. ``now`` None: the speaker is not there."""
    known = state.conferences.get(conference)
    if known is not None and known.ended:
        return ()
    absent = AudibilityVerdict(Audibility.NO, "not there yet")
    return tuple(
        AudibilityChange(one, absent if now is None else heard(now, them), heard(then, them))
        for one, person in state.people.get(conference, {}).items()
        if person.membership.here and one != then.leg
        for them in (stance(state, conference, one),)
    )
