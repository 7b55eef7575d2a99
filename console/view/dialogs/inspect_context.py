"""What is known of a thing beside what one read of it shows, each with whose word it is."""

from __future__ import annotations

from console.core import audibility
from console.core.messages.read_scopes import OneResourceScope
from console.core.messages.read_scopes import ParticipantsScope as PeopleScope
from console.core.model.entities import (
    Audio,
    Conference,
    Identity,
    Note,
    Participant,
    Queue,
    QueuedCall,
)
from console.core.model.identity import Kind, name_of
from console.core.model.proofs import ListedResource
from console.core.model.resources import Moment, Source
from console.core.model.state import Receipt
from console.view.context import ViewContext, cell
from console.view.display import Cell, Role, Span
from console.view.provenance import label
from console.view.text.labels import cells, clean, duration, people, who

NAME = 30
"""Cells for a name."""
VALUE = 26
"""Cells for a value, so that short ones have their sources below each other."""
MOST = 8
"""Others that are named one by one."""
NEVER = Span(Source.NEVER.value, Role.DIM)


def row(name: str, value: Span, told: Span) -> Cell:
    """A name, a value and whose word it is."""
    gap = " " * max(2, VALUE - cells(value.text))
    return (Span(name.ljust(NAME), Role.DIM), value, Span(gap), told)


def beside(scene: ViewContext, scope: OneResourceScope) -> tuple[Cell, ...]:
    """Everything that is believed of it and that no single read shows."""
    lines: tuple[Cell, ...] = ()
    match scope.path:
        case ("conferences", conference, "participants", id_):
            there = scene.state.people.get(conference, {}).values()
            found = next((p for p in there if p.listed and p.listed.id == id_), None)
            lines = () if found is None else _person(scene, found)
        case ("conferences", id_):
            known = scene.state.conferences.get(id_)
            lines = () if known is None else _conference(scene, known)
        case ("queues", _, "calls", leg):
            lines = (_who(scene, leg), _own(scene, leg, "keep_after_hangup", "keeps place"))
        case _:
            pass
    return (cell(""), cell("beside it:", Role.DIM), *lines) if lines else ()


def misfits(scene: ViewContext, scope: OneResourceScope) -> tuple[Cell, ...]:
    """The members of the last listing that do not fit, each with the reason."""
    listed, seen = _listed(scene, scope)
    if listed is None or not listed.odd:
        return ()
    told = label(scene, Source.POLL, seen).text
    rows = (
        row(clean(name, NAME - 1), NEVER, Span(f"{told}  {clean(why)}", Role.SOON))
        for name, why in listed.odd
    )
    return (cell(""), cell("odd in the listing:", Role.DIM), *rows)


def _listed(
    scene: ViewContext, scope: OneResourceScope
) -> tuple[ListedResource | None, Moment | None]:
    """The newest listing of a resource, and its time."""
    state = scene.state
    found: Participant | QueuedCall | Queue | Conference | None = None
    match scope.path:
        case ("conferences", conference, "participants", id_):
            there = state.people.get(conference, {}).values()
            found = next((p for p in there if p.listed and p.listed.id == id_), None)
        case ("conferences", id_):
            found = state.conferences.get(id_)
        case ("queues", queue, "calls", leg):
            found = state.waiting.get(queue, {}).get(leg)
        case ("queues", queue):
            found = state.queues.get(queue)
        case _:
            pass
    return (None, None) if found is None else (found.listed, found.listed_seen)


def _person(scene: ViewContext, person: Participant) -> tuple[Cell, ...]:
    conference = scene.state.conferences.get(person.conference)
    note = scene.state.notes.get(person.leg) or Note(person.leg)
    marks = [word for word, so in (("pinned", note.pinned), ("yours", note.mine)) if so]
    marked = (row("marked", Span(", ".join(marks)), label(scene, Source.OWN, note.at)),)
    return (
        _who(scene, person.leg),
        *(marked if marks else ()),
        _role(scene, person),
        _floor(scene, conference, person.leg),
        _audio(scene, conference, person.leg),
        _own(scene, person.leg, "beep_enabled", "beep"),
        *_hearing(scene, person),
    )


def _conference(scene: ViewContext, conference: Conference) -> tuple[Cell, ...]:
    scope = scene.state.coverage.get(PeopleScope(conference.id))
    here = sum(p.membership.here for p in scene.state.people.get(conference.id, {}).values())
    count = row("people", Span(str(here) if here else "?"), label(scene, Source.INFERRED))
    if scope is not None and scope.answered is not None:
        count = row("people", Span(str(here)), label(scene, Source.POLL, scope.answered))
    said, wish, floor = conference.recording, conference.recording_wish, conference.floor
    recorded = row("recording", NEVER, Span("nothing can be read of it", Role.DIM))
    if wish is not None:
        sent = Span(f"? {wish.verb} sent", Role.DIM)
        recorded = row("recording", sent, label(scene, Source.OWN, wish.accepted))
    if said is not None:
        recorded = row("recording", Span(said.state), label(scene, said.source, said.since))
    speaks = row("floor", NEVER, Span(""))
    if floor is not None:
        told = label(scene, Source.WEBHOOK, floor.since)
        speaks = row("floor", Span(who(scene.state, floor.leg)), told)
    unread = row("beep, most people, comfort", NEVER, Span("cannot be read", Role.DIM))
    return (count, recorded, speaks, _audio(scene, conference, None), unread)


def _who(scene: ViewContext, leg: str) -> Cell:
    name = name_of(scene.state, leg)
    known = scene.state.identities.get(leg) or Identity()
    note = scene.state.notes.get(leg)
    told = label(scene, known.source, known.seen)
    if not name.sure:
        told = label(scene, Source.INFERRED)
    elif name.kind is Kind.ALIAS and note is not None:
        told = label(scene, Source.OWN, note.at)
    elif name.kind is Kind.TAIL:
        told = NEVER
    text = Span(who(scene.state, leg))
    return row("who", text, Span(f"{told.text}  {name.kind.value}", Role.DIM))


def _role(scene: ViewContext, person: Participant) -> Cell:
    told = audibility.role_of(person, scene.state.policy.sigma)
    if told is not None:
        return row("role", Span(told.role), label(scene, told.source, told.at))
    why = "accepted, and not seen" if person.own_role is not None else "never known"
    return row("role", NEVER, Span(why, Role.DIM))


def _floor(scene: ViewContext, conference: Conference | None, leg: str) -> Cell:
    floor = conference.floor if conference is not None else None
    if floor is None:
        return row("floor", NEVER, Span("nobody was heard yet", Role.DIM))
    has = "has it" if floor.leg == leg else "somebody else has it"
    return row("floor", Span(has), label(scene, Source.WEBHOOK, floor.since))


def _audio(scene: ViewContext, conference: Conference | None, leg: str | None) -> Cell:
    heard = [
        one
        for one in (conference.audio if conference is not None else ())
        if one.leg in {leg, None}
    ]
    playing = [one for one in heard if one.playing]
    if playing:
        return row("audio", Span(_sound(playing[0])), _since(scene, playing[0].since))
    if heard:
        return row("audio", Span("none"), _since(scene, max(one.since for one in heard)))
    if conference is not None and conference.born:
        return row("audio", Span("none"), label(scene, Source.INFERRED))
    return row("audio", NEVER, Span("began unseen", Role.DIM))


def _sound(sound: Audio) -> str:
    return f"{sound.kind} {clean(sound.media or '', 40)}".strip()


def _since(scene: ViewContext, at: Moment) -> Span:
    return label(scene, Source.WEBHOOK, at)


def _own(scene: ViewContext, leg: str, field: str, name: str) -> Cell:
    """What we last sent of something that cannot be read."""
    receipts = [one for one in scene.state.receipts.values() if _says(one, leg, field)]
    if not receipts:
        return row(name, NEVER, Span("cannot be read", Role.DIM))
    newest = max(receipts, key=lambda one: one.order.at)
    said = Span(clean(newest.order.values[field]))
    return row(name, said, label(scene, Source.OWN, newest.accepted))


def _says(receipt: Receipt, leg: str, field: str) -> bool:
    value = receipt.order.values.get(field, "")
    told = receipt.accepted is not None and leg in receipt.order.legs
    return told and value not in {"", "as the conference"}


def _hearing(scene: ViewContext, person: Participant) -> tuple[Cell, ...]:
    """Who hears them and whom they hear, as far as it is known: worked out, not told."""
    state, conference, leg = scene.state, person.conference, person.leg
    own = audibility.stance(state, conference, leg)
    there = state.people.get(conference, {})
    others = [one for one, other in there.items() if other.membership.here and one != leg]
    head = row("who hears them, whom they hear", Span(""), label(scene, Source.INFERRED))
    lines: list[Cell] = [head] if others else []
    for one in others[:MOST]:
        other = audibility.stance(state, conference, one)
        heard, hears = audibility.heard(own, other), audibility.heard(other, own)
        name = clean(who(state, one), NAME - 3)
        text = f"{heard.heard.value:<4} {hears.heard.value:<4}"
        why = heard.why or hears.why
        lines.append(row(f"  {name}", Span(text), Span(why, Role.DIM)))
    if len(others) > MOST:
        lines.append(cell(f"  and {people(len(others) - MOST)} more", Role.DIM))
    began = person.joined_at
    stay = Span(duration(scene.since(began))) if began is not None else NEVER
    return (row("in the conference for", stay, label(scene, person.membership.source)), *lines)
