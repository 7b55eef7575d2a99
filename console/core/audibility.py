"""Tell which participants of a conference hear each other.

The participants listing shows mute, hold and the whisper list. It does not show a role: that is
known only from our own commands. The answer "cannot hear" is given only if a listing shows the
reason: the speaker is muted, one of the two is on hold, or the whisper list leaves the listener
out. An accepted role alone is no reason, since accepted is not done.

Telnyx API, Update conference participant: supervisor_role. Barge is heard like none. A monitor is
muted and hears all. A whisper is heard by whisper_call_control_ids; without any it is a monitor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from console.core.model.entities import Identity, Participant
from console.core.model.listed_resources import Moment, Source
from console.core.model.state import State

AUDIBLE = frozenset({"none", "barge"})
DOUBTS = {"whisper": "whisper list not seen", "monitor": "not seen muted"}
"""By role, the reason why its acceptance alone does not prove that the speaker is silent."""
CANNOT_HEAR = "on hold: cannot hear"


class Audibility(StrEnum):
    """Answer to "does the listener hear the speaker?"."""

    NO = "no"
    UNKNOWN = "?"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Stance:
    """A participant's mute, hold, role and whisper list. None means unknown."""

    leg: str
    muted: bool | None = None
    held: bool | None = None
    role: str | None = None
    to: tuple[str, ...] | None = None
    """The legs of the whisper list, as listed."""


@dataclass(frozen=True, slots=True)
class AudibilityVerdict:
    """An answer, with the reason if it is not a plain yes."""

    heard: Audibility
    why: str = ""


@dataclass(frozen=True, slots=True)
class KnownRole:
    """A role, its source and the time since when it is known."""

    role: str
    source: Source
    at: Moment


def judge_audibility(speaker: Stance, listener: Stance) -> AudibilityVerdict:
    """Tell if ``listener`` hears ``speaker``, and why not."""
    if silence := _silence(speaker, listener):
        return AudibilityVerdict(Audibility.NO, silence)
    if doubt := _doubt(speaker, listener):
        return AudibilityVerdict(Audibility.UNKNOWN, doubt)
    return AudibilityVerdict(Audibility.YES)


def _doubt(speaker: Stance, listener: Stance) -> str:
    """Return the reason why it is unknown if the listener hears the speaker, or an empty text."""
    if not speaker.to and speaker.role not in AUDIBLE:
        return DOUBTS.get(speaker.role or "", "role unknown")
    if speaker.muted is None and speaker.to is not None:
        return "may still be muted"
    unlisted = None in {speaker.muted, speaker.held, listener.held} or speaker.to is None
    return "not listed yet" if unlisted else ""


def _silence(speaker: Stance, listener: Stance) -> str:
    """Return the reason why the listener cannot hear the speaker, or an empty text."""
    if speaker.muted:
        return "muted"
    if speaker.held:
        return "on hold: not heard"
    if listener.held:
        return CANNOT_HEAR
    if speaker.to and listener.leg not in speaker.to:
        return "not whispered to"
    return ""


def role_of(person: Participant, sigma: float) -> KnownRole | None:
    """Return the role that a participant surely has, from a whisper list or our own command.

    None if the role is unknown, or if a listing contradicts the accepted role. A listing counts
    only if it is later than the command by more than ``sigma`` seconds, the lag of reads.
    """
    fields, seen, own = person.listed, person.listed_seen, person.own_role
    fresh = own is None or (seen is not None and seen.mono > own.since.mono + sigma)
    if fields is not None and seen is not None and fields.whisper_to and fresh:
        return KnownRole("whisper", Source.POLL, seen)
    if own is None:
        return None
    if fresh and fields is not None:
        whispers = own.role != "whisper" or fields.whisper_to is None
        silent = own.role != "monitor" or fields.muted is not False
        if not whispers or not silent:
            return None
    return KnownRole(own.role, Source.OWN, own.since)


def stance(state: State, conference: str, leg: str) -> Stance:
    """Return the mute, hold, role and whisper list of a leg in a conference; None for each unknown.

    A caller or agent has the role "none", unless this console gave another.
    """
    person = state.people.get(conference, {}).get(leg)
    if person is None:
        return Stance(leg)
    fields, seen, own = person.listed, person.listed_seen, person.own_role
    known = state.identities.get(leg) or Identity()
    note = state.notes.get(leg)
    known_role = role_of(person, state.policy.sigma)
    role = known_role.role if known_role is not None else None
    mine = note is not None and note.mine
    if known_role is None and own is None and not mine and (known.agent or known.caller):
        role = "none"
    before = own is not None and (seen is None or seen < own.since)
    return Stance(
        leg,
        muted=None if fields is None or before else fields.muted,
        held=None if fields is None else fields.on_hold,
        role=role,
        to=None if fields is None or before else fields.whisper_to,
    )


def stance_with_role(now: Stance, role: str, to: tuple[str, ...]) -> Stance:
    """Return the stance that a participant will have with this role.

    A monitor that gets another role is unmuted. For any other muted participant the mute becomes
    unknown: Telnyx does not document if a new role ends it.
    """
    if role == "monitor" or (role == "whisper" and not to):
        return replace(now, role="monitor", muted=True, to=())
    muted = now.muted
    if muted:
        muted = False if now.role == "monitor" else None
    return replace(now, role=role, muted=muted, to=to if role == "whisper" else ())


def hears_more(before: AudibilityVerdict, after: AudibilityVerdict) -> bool:
    """True if the listener may hear more after the change than before."""
    order = list(Audibility)
    return order.index(after.heard) > order.index(before.heard)


def hears_less(before: AudibilityVerdict, after: AudibilityVerdict) -> bool:
    """True if the listener may hear less after the change than before."""
    return hears_more(after, before)


@dataclass(frozen=True, slots=True)
class AudibilityChange:
    """The verdicts on one listener before and after a command."""

    listener: str
    now: AudibilityVerdict
    then: AudibilityVerdict


def stance_on_joining(
    leg: str, role: str, to: tuple[str, ...], *, muted: bool = False, held: bool = False
) -> Stance:
    """Return the stance of a leg that joins a conference in this role.

    ``leg`` is empty for a phone that is not dialled yet. ``to`` is the whisper list.
    """
    enters = stance_with_role(Stance(leg, muted=False, held=held, to=()), role, to)
    return replace(enters, muted=True) if muted else enters


def compare_audibility(
    state: State, conference: str, now: Stance | None, then: Stance
) -> tuple[AudibilityChange, ...]:
    """Compare what each other participant of a live conference hears of a speaker, now and then.

    ``now`` is None if the speaker is not in the conference yet. Return nothing for an ended
    conference.
    """
    known = state.conferences.get(conference)
    if known is not None and known.ended:
        return ()
    absent = AudibilityVerdict(Audibility.NO, "not there yet")
    return tuple(
        AudibilityChange(
            one,
            absent if now is None else judge_audibility(now, them),
            judge_audibility(then, them),
        )
        for one in state.people_in(conference)
        if one != then.leg
        for them in (stance(state, conference, one),)
    )
