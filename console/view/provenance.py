"""Labels that show the source of a value: webhook, poll, own command or inferred."""

from __future__ import annotations

from console.core.model.entities import Participant
from console.core.model.listed_resources import LONG_AGO, Moment, Source
from console.view.context import ViewContext
from console.view.screen_elements import Role, Span
from console.view.text.labels import age


def newest_source(person: Participant) -> tuple[Source, Moment]:
    """Return the newest source of a participant and its time, which the row shows."""
    seen, source = person.membership.seen, person.membership.source
    if person.listed_seen is not None and person.listed_seen > seen:
        return Source.POLL, person.listed_seen
    return source, seen


def source_mark(person: Participant, source: Source) -> Span:
    """Return the letter of the source of a value, or nothing if the row shows the same source."""
    own, _ = newest_source(person)
    return Span("" if source is own else f" {source.value}", Role.FAINT)


def source_label(scene: ViewContext, source: Source, at: Moment | None = None) -> Span:
    """Return the sign of a source, with the age of ``at`` if that is known."""
    when = f" {age(scene.ago(at))}" if at is not None and at > LONG_AGO else ""
    return Span(f"{source.value}{when}", Role.DIM)
