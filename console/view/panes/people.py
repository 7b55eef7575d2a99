"""The people pane: the participants of the selected conference."""

from __future__ import annotations

from math import inf

from console.core.audibility import role_of
from console.core.messages.read_scopes import ParticipantsScope
from console.core.model.command import Pane
from console.core.model.entities import Participant
from console.core.model.identity import is_mine, is_pinned
from console.core.model.listed_resources import Source
from console.core.model.state import State
from console.view.audibility import own_audibility
from console.view.context import NOTHING, ViewContext, cell, lasted, unknown
from console.view.freshness import listing_problem, listing_sheet, source_cell
from console.view.open_receipts import pending_value
from console.view.provenance import source_mark
from console.view.screen_elements import Cell, Column, Role, Sheet, Span
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
    return listing_sheet(
        scene,
        Pane.PEOPLE,
        ParticipantsScope(conference),
        sorted(people, key=lambda leg: (_arrival(people[leg]), leg)),
        lambda leg: _row(scene, people[leg]),
        columns=COLUMNS,
        count=len(people),
        more=(_speaker(scene, conference),),
        about=conference_name(scene.state, conference),
        empty=("Nobody is in this conference.", "Participants appear here when they join."),
    )


def visible(state: State, conference: str) -> dict[str, Participant]:
    """Return the participants who are in a conference, by leg; none once it has ended."""
    known = state.conferences.get(conference)
    if known is None or known.ended:
        return {}
    return state.people_in(conference)


def _arrival(person: Participant) -> float:
    """Return the sort key by arrival; an unknown time comes last."""
    return inf if person.joined_at is None else person.joined_at


def _speaker(scene: ViewContext, conference: str) -> Span:
    """Say who hears the operator, which no row shows, else who has the floor."""
    if own := own_audibility(scene):
        return Span(f" {scene.glyphs.dot} {own}", Role.YOU)
    known = scene.state.conferences.get(conference)
    if known is None or known.floor is None:
        return Span("")
    if listing_problem(scene, ParticipantsScope(conference), "people"):
        return Span("")  # the problem leaves space for the age alone
    return Span(f" {scene.glyphs.dot} floor {leg_name(scene.state, known.floor.leg)}", Role.DIM)


def _row(scene: ViewContext, person: Participant) -> tuple[Cell, ...]:
    fields = person.listed
    joining = fields is not None and fields.status == "joining"
    on_exit = _exit(person)
    if fields is not None and fields.status is None:
        on_exit = (*on_exit, Span(" joining?", Role.DIM))
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
    if role is not None and role.role != "none":
        return (Span(role.role, Role.YOU), source_mark(person, role.source))
    if identity is not None and (identity.agent or identity.caller):
        inferred = Span(f" {Source.INFERRED.value}", Role.FAINT)
        return (Span("agent" if identity.agent else "caller", Role.DIM), inferred)
    if role is not None:
        return (Span(role.role, Role.DIM), source_mark(person, role.source))
    return unknown()


def _mic(scene: ViewContext, person: Participant) -> Cell:
    wanted = pending_value(scene.state, person.conference, person.leg, "muted")
    if wanted is not None:
        return cell(("mute" if wanted else "unmute") + scene.glyphs.ellipsis, Role.PENDING)
    conference = scene.state.conferences.get(person.conference)
    floor = conference.floor if conference is not None else None
    speaks = floor is not None and floor.leg == person.leg
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
    fields, polled = person.listed, source_mark(person, Source.POLL)
    if fields is not None and fields.end_on_exit:
        return (Span("END-EXIT", Role.SOON), polled)
    if fields is None or None in {fields.end_on_exit, fields.soft_end_on_exit}:
        return unknown()
    return (Span("soft-end", Role.DIM), polled) if fields.soft_end_on_exit else NOTHING
