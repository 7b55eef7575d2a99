"""The people pane: the participants of the selected conference."""

from __future__ import annotations

from math import inf

from console.core.audibility import role_of
from console.core.messages.read_scopes import ParticipantsScope
from console.core.model.entities import Participant
from console.core.model.identity import is_mine, is_pinned
from console.core.model.resources import Source
from console.core.model.state import State
from console.view.audibility import own_audibility
from console.view.context import NOTHING, ViewContext, cell, lasted, unknown
from console.view.display import Cell, Column, Role, Sheet, Span
from console.view.freshness import (
    count_cell,
    dim_if_old,
    empty_lines,
    listing_age,
    listing_problem,
    source_cell,
)
from console.view.open_receipts import pending_value
from console.view.provenance import source_mark
from console.view.text.labels import conference_name, leg_name

COLUMNS = (
    Column("who", "who", 16, grow=1),
    Column("role", "role", 10, drop_rank=2),
    Column("mic", "mic", 8),
    Column("hold", "hold", 8),
    Column("in", "in", 5, right=True),
    Column("exit", "on exit", 9, grow=1, drop_rank=1),
    Column("source", "src", 7, right=True),
)


def sheet(scene: ViewContext) -> Sheet:
    """Return the participants of the selected conference, in order of arrival."""
    conference = scene.cursor.conference
    if conference is None:
        empty = (cell("Select a conference.", Role.DIM),)
        return Sheet("people", "People", "", (), COLUMNS, (), lambda _: (), empty)
    people = visible(scene.state, conference)
    return Sheet(
        name="people",
        title="People",
        about=conference_name(scene.state, conference),
        figures=_figures(scene, conference, len(people)),
        columns=COLUMNS,
        keys=tuple(sorted(people, key=lambda leg: (_arrival(people[leg]), leg))),
        row=dim_if_old(
            scene, ParticipantsScope(conference), COLUMNS, lambda leg: _row(scene, people[leg])
        ),
        empty=empty_lines(
            scene,
            ParticipantsScope(conference),
            "people",
            "Nobody is in this conference.",
            "Participants appear here when they join.",
        ),
        alert=listing_problem(scene, ParticipantsScope(conference), "people"),
    )


def visible(state: State, conference: str) -> dict[str, Participant]:
    """Return the participants who are in a conference, by leg; none once it has ended."""
    known = state.conferences.get(conference)
    if known is None or known.ended:
        return {}
    return {leg: p for leg, p in state.people.get(conference, {}).items() if p.membership.here}


def _arrival(person: Participant) -> float:
    """Return the sort key by arrival; an unknown time comes last."""
    return inf if person.joined_at is None else person.joined_at


def _figures(scene: ViewContext, conference: str, count: int) -> Cell:
    known = scene.state.conferences.get(conference)
    floor = known.floor if known else None
    trouble = listing_problem(scene, ParticipantsScope(conference), "people")
    speaks = (
        Span(f" {scene.glyphs.dot} floor {leg_name(scene.state, floor.leg)}", Role.DIM)
        if floor and not trouble  # which leaves space for the age alone
        else Span("")
    )
    own = own_audibility(scene)
    if own:  # the rows show the floor, but not this
        speaks = Span(f" {scene.glyphs.dot} {own}", Role.YOU)
    number = count_cell(scene, ParticipantsScope(conference), count, str(count))
    return (*number, speaks, *listing_age(scene, ParticipantsScope(conference)))


def _row(scene: ViewContext, person: Participant) -> tuple[Cell, ...]:
    fields = person.listed
    joining = fields is not None and fields.status == "joining"
    maybe_joining = Span(" joining?", Role.DIM)
    on_exit = _exit(person)
    if fields is not None and fields.status is None:
        on_exit = (*on_exit, maybe_joining)
    return (
        _name(scene, person),
        _role(scene, person),
        _mic(scene, person),
        _hold(scene, person),
        lasted(None if person.joined_at is None else scene.since(person.joined_at)),
        cell("joining", Role.SOON) if joining else on_exit,
        source_cell(scene, person),
    )


def _name(scene: ViewContext, person: Participant) -> Cell:
    leg = person.leg
    name = Span(leg_name(scene.state, leg), Role.YOU if is_mine(scene.state, leg) else Role.PLAIN)
    pin = f"{scene.glyphs.pin} " if is_pinned(scene.state, leg) else ""
    return (Span(pin, Role.ACCENT), name) if pin else (name,)


def _role(scene: ViewContext, person: Participant) -> Cell:
    """Return the supervisor role, else the inferred ``agent`` or ``caller``, else ``?``."""
    role = role_of(person, scene.state.policy.sigma)
    identity = scene.state.identities.get(person.leg)
    inferred = Span(f" {Source.INFERRED.value}", Role.FAINT)
    if role is not None and role.role != "none":
        return (Span(role.role, Role.YOU), source_mark(person, role.source))
    if identity is not None and identity.agent:
        return (Span("agent", Role.DIM), inferred)
    if identity is not None and identity.caller:
        return (Span("caller", Role.DIM), inferred)
    if role is not None:
        return (Span(role.role, Role.DIM), source_mark(person, role.source))
    return unknown()


def _mic(scene: ViewContext, person: Participant) -> Cell:
    wanted = pending_value(scene.state, person.conference, person.leg, "muted")
    if wanted is not None:
        return cell(("mute" if wanted else "unmute") + scene.glyphs.ellipsis, Role.PENDING)
    conference = scene.state.conferences.get(person.conference)
    speaks = (
        conference is not None
        and conference.floor is not None
        and conference.floor.leg == person.leg
    )
    if person.listed is None or person.listed.muted is None:
        return (Span("?", Role.DIM), Span(f" {scene.glyphs.floor}" if speaks else "", Role.GOOD))
    polled = source_mark(person, Source.POLL)
    if person.listed.muted:
        return (Span("muted", Role.SOON), polled)
    if speaks:
        return (Span(f"{scene.glyphs.floor} open", Role.GOOD), polled)
    return (Span("open"), polled)


def _hold(scene: ViewContext, person: Participant) -> Cell:
    wanted = pending_value(scene.state, person.conference, person.leg, "on_hold")
    if wanted is not None:
        return cell(("hold" if wanted else "unhold") + scene.glyphs.ellipsis, Role.PENDING)
    if person.listed is None or person.listed.on_hold is None:
        return unknown()
    if not person.listed.on_hold:
        return NOTHING
    return (Span("held", Role.SOON), source_mark(person, Source.POLL))


def _exit(person: Participant) -> Cell:
    if person.listed is None:
        return unknown()
    polled = source_mark(person, Source.POLL)
    if person.listed.end_on_exit:
        return (Span("END-EXIT", Role.SOON), polled)
    if None in {person.listed.end_on_exit, person.listed.soft_end_on_exit}:
        return unknown()
    return (Span("soft-end", Role.DIM), polled) if person.listed.soft_end_on_exit else NOTHING
