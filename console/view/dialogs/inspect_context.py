"""The lines of the inspect screen that no read shows, each with its source."""

from __future__ import annotations

from console.core import audibility
from console.core.messages.read_scopes import OneResourceScope
from console.core.messages.read_scopes import ParticipantsScope as PeopleScope
from console.core.model import entities
from console.core.model.identity import name_of
from console.core.model.listed_resources import Source
from console.core.model.name_index import NameKind
from console.core.model.state import Receipt
from console.view.context import ViewContext, cell
from console.view.provenance import source_label
from console.view.screen_elements import Cell, Role, Span
from console.view.text.cell_width import cells
from console.view.text.labels import clean, duration, leg_name, people_count

NAME = 30
"""Terminal cells of a name."""
VALUE = 26
"""Terminal cells of a value, so that the sources of short values are aligned."""
MOST = 8
"""Most participants that the audibility lists by name."""
NEVER = Span(Source.NEVER.value, Role.DIM)


def row(name: str, value: Span, source: Span) -> Cell:
    """Return a line of a name, a value and its source."""
    gap = " " * max(2, VALUE - cells(value.text))
    return (Span(name.ljust(NAME), Role.DIM), value, Span(gap), source)


def also_known(scene: ViewContext, scope: OneResourceScope) -> tuple[Cell, ...]:
    """Return what the state holds about a resource and what a read of it does not show."""
    lines: tuple[Cell, ...] = ()
    match _entity(scene, scope), scope.path:
        case entities.Participant() as person, _:
            lines = _person(scene, person)
        case entities.Conference() as conference, _:
            lines = _conference(scene, conference)
        case _, ("queues", _, "calls", leg):
            keeps = _own_setting(scene, leg, "keep_after_hangup", "keeps place")
            lines = (_name_row(scene, leg), keeps)
        case _:
            pass
    return (cell(""), cell("also known:", Role.DIM), *lines) if lines else ()


def odd_values(scene: ViewContext, scope: OneResourceScope) -> tuple[Cell, ...]:
    """Return lines that name each JSON member with an odd value in the newest listing, and why.

    Empty if the resource has none.
    """
    found = _entity(scene, scope)
    if found is None or found.listed is None or not found.listed.odd:
        return ()
    source = source_label(scene, Source.POLL, found.listed_seen).text
    rows = (
        row(clean(name, NAME - 1), NEVER, Span(f"{source}  {clean(why)}", Role.SOON))
        for name, why in found.listed.odd
    )
    return (cell(""), cell("odd in the listing:", Role.DIM), *rows)


def _entity(
    scene: ViewContext, scope: OneResourceScope
) -> entities.Participant | entities.Conference | entities.QueuedCall | entities.Queue | None:
    state = scene.state
    match scope.path:
        case ("conferences", conference, "participants", id_):
            there = state.people.get(conference, {}).values()
            return next((p for p in there if p.listed and p.listed.id == id_), None)
        case ("conferences", id_):
            return state.conferences.get(id_)
        case ("queues", queue, "calls", leg):
            return state.waiting.get(queue, {}).get(leg)
        case ("queues", queue):
            return state.queues.get(queue)
        case _:
            return None


def _person(scene: ViewContext, person: entities.Participant) -> tuple[Cell, ...]:
    conference = scene.state.conferences.get(person.conference)
    note = scene.state.notes.get(person.leg) or entities.Note(person.leg)
    marks = [word for word, so in (("pinned", note.pinned), ("yours", note.mine)) if so]
    marked = (row("marked", Span(", ".join(marks)), source_label(scene, Source.OWN, note.at)),)
    return (
        _name_row(scene, person.leg),
        *(marked if marks else ()),
        _role(scene, person),
        _floor(scene, conference, person.leg),
        _audio(scene, conference, person.leg),
        _own_setting(scene, person.leg, "beep_enabled", "beep"),
        *_audibility_rows(scene, person),
    )


def _conference(scene: ViewContext, conference: entities.Conference) -> tuple[Cell, ...]:
    scope = scene.state.coverage.get(PeopleScope(conference.id))
    here = len(scene.state.people_in(conference.id))
    count = row("people", Span(str(here) if here else "?"), source_label(scene, Source.INFERRED))
    if scope is not None and scope.answered is not None:
        count = row("people", Span(str(here)), source_label(scene, Source.POLL, scope.answered))
    recording, wish, floor = conference.recording, conference.recording_wish, conference.floor
    recorded = row("recording", NEVER, Span("cannot be read", Role.DIM))
    if wish is not None:
        sent = Span(f"? {wish.verb} sent", Role.DIM)
        recorded = row("recording", sent, source_label(scene, Source.OWN, wish.accepted))
    if recording is not None:
        source = source_label(scene, recording.source, recording.since)
        recorded = row("recording", Span(recording.state), source)
    speaks = row("floor", NEVER, Span(""))
    if floor is not None:
        source = source_label(scene, Source.WEBHOOK, floor.since)
        speaks = row("floor", Span(leg_name(scene.state, floor.leg)), source)
    unread = row("beep, maximum, comfort noise", NEVER, Span("cannot be read", Role.DIM))
    return (count, recorded, speaks, _audio(scene, conference, None), unread)


def _name_row(scene: ViewContext, leg: str) -> Cell:
    name = name_of(scene.state, leg)
    known = scene.state.identities.get(leg) or entities.Identity()
    note = scene.state.notes.get(leg)
    source = source_label(scene, known.source, known.seen)
    if not name.sure:
        source = source_label(scene, Source.INFERRED)
    elif name.kind is NameKind.ALIAS and note is not None:
        source = source_label(scene, Source.OWN, note.at)
    elif name.kind is NameKind.TAIL:
        source = NEVER
    text = Span(leg_name(scene.state, leg))
    return row("who", text, Span(f"{source.text}  {name.kind.value}", Role.DIM))


def _role(scene: ViewContext, person: entities.Participant) -> Cell:
    role = audibility.role_of(person, scene.state.policy.sigma)
    if role is not None:
        return row("role", Span(role.role), source_label(scene, role.source, role.at))
    why = "accepted, not seen" if person.own_role is not None else "never known"
    return row("role", NEVER, Span(why, Role.DIM))


def _floor(scene: ViewContext, conference: entities.Conference | None, leg: str) -> Cell:
    floor = conference.floor if conference is not None else None
    if floor is None:
        return row("floor", NEVER, Span("nobody has spoken yet", Role.DIM))
    has = "has it" if floor.leg == leg else "another person has it"
    return row("floor", Span(has), source_label(scene, Source.WEBHOOK, floor.since))


def _audio(scene: ViewContext, conference: entities.Conference | None, leg: str | None) -> Cell:
    audio = conference.audio if conference is not None else ()
    heard = [one for one in audio if one.leg in {leg, None}]
    playing = next((one for one in heard if one.playing), None)
    if heard:
        text = f"{playing.kind} {clean(playing.media or '', 40)}".strip() if playing else "none"
        since = playing.since if playing else max(one.since for one in heard)
        return row("audio", Span(text), source_label(scene, Source.WEBHOOK, since))
    if conference is not None and conference.start_seen:
        return row("audio", Span("none"), source_label(scene, Source.INFERRED))
    return row("audio", NEVER, Span("its start was not seen", Role.DIM))


def _own_setting(scene: ViewContext, leg: str, field: str, name: str) -> Cell:
    """Return the value of a setting that we sent last: Telnyx does not return it."""
    receipts = [one for one in scene.state.receipts.values() if _sets(one, leg, field)]
    if not receipts:
        return row(name, NEVER, Span("cannot be read", Role.DIM))
    newest = max(receipts, key=lambda one: one.order.at)
    sent = Span(clean(newest.order.values[field]))
    return row(name, sent, source_label(scene, Source.OWN, newest.accepted))


def _sets(receipt: Receipt, leg: str, field: str) -> bool:
    value = receipt.order.values.get(field, "")
    accepted = receipt.accepted is not None and leg in receipt.order.legs
    return accepted and value not in {"", "as the conference"}


def _audibility_rows(scene: ViewContext, person: entities.Participant) -> tuple[Cell, ...]:
    """Return who hears this participant and whom the participant hears. All of it is inferred."""
    state, conference, leg = scene.state, person.conference, person.leg
    own = audibility.stance(state, conference, leg)
    others = [one for one in state.people_in(conference) if one != leg]
    head = row("who hears them, whom they hear", Span(""), source_label(scene, Source.INFERRED))
    lines: list[Cell] = [head] if others else []
    for one in others[:MOST]:
        other = audibility.stance(state, conference, one)
        heard = audibility.judge_audibility(own, other)
        hears = audibility.judge_audibility(other, own)
        name = clean(leg_name(state, one), NAME - 3)
        text = f"{heard.heard.value:<4} {hears.heard.value:<4}"
        why = heard.why or hears.why
        lines.append(row(f"  {name}", Span(text), Span(why, Role.DIM)))
    if len(others) > MOST:
        lines.append(cell(f"  and {people_count(len(others) - MOST)} more", Role.DIM))
    began = person.joined_at
    stay = Span(duration(scene.since(began))) if began is not None else NEVER
    return (
        row("in the conference for", stay, source_label(scene, person.membership.source)),
        *lines,
    )
