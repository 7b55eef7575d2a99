"""The mutants of the merge: each of its rules, removed at the one place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from types import ModuleType

from console.core import health, webhook_handlers
from console.core.lifecycle import lifecycle, proof
from console.core.messages.facts import Reading
from console.core.messages.webhooks import Origin
from console.core.model.draft import Draft
from console.core.model.entities import Membership
from console.core.model.listed_resources import ListedResource, Moment
from console.core.model.stage import Stage
from console.core.model.state import Receipt
from console.core.sync import merge_rules, reconcile
from console.sources import schedule
from console.telnyx import listings
from console.telnyx.resources import Page


@dataclass(frozen=True)
class Mutant:
    """A rule, its place, and the code that replaces it."""

    rule: str
    places: tuple[tuple[ModuleType | type, str, Callable[..., object]], ...]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Remove the rule inside the block."""
        kept = [getattr(where, name) for where, name, _ in self.places]
        for where, name, broken in self.places:
            setattr(where, name, broken)
        try:
            yield
        finally:
            for (where, name, _), whole in zip(self.places, kept, strict=True):
                setattr(where, name, whole)


merge_event = merge_rules.merge_event
end_conference = reconcile.end_conference
missing = reconcile._absent_keys  # noqa: SLF001  # the place where absence is judged
count_event = health.count_event
next_read = schedule.next_read
pages = listings._ListingUnderWay._pages  # noqa: SLF001  # reads the pages
verdict = proof._verdict  # noqa: SLF001  # decides on a listing


def _any_reading_overrules(*_: object) -> bool:
    return True


def _last_heard_wins(
    register: Membership, *, stamp: float | None, here: bool, scope_floor: float, at: Moment
) -> Membership:
    blank = replace(register, stamp=-inf, rank=-1)
    return merge_event(blank, stamp=stamp, here=here, scope_floor=scope_floor, at=at)


def _an_end_is_forgotten(draft: Draft, id_: str, at: Moment, reason: str | None) -> None:
    """Mark a conference as gone for now, so that it may come back."""
    end_conference(draft, id_, at, reason)
    conference = draft.conferences.get(id_)
    if conference is not None:
        gone = replace(conference.membership, here=False, known_at=at.mono)
        draft.conferences.put(id_, replace(conference, membership=gone, ended=False, listed=None))


def _absent_from_a_part(known: object, listed: object, reading: Reading) -> tuple[str, ...]:
    return missing(known, listed, replace(reading, atomic=True))  # type: ignore[arg-type]  # handed on


async def _read_once(
    self: object, path: object, query: object, convert: object, identity: object
) -> tuple[object, ...] | None:
    del identity
    arguments = (self, path, query, convert)
    found: list[Page[object]] | None = await pages(*arguments, again=False)  # type: ignore[arg-type]  # handed on
    return None if found is None else tuple(item for page in found for item in page.items)


def _everything_is_new(draft: Draft, origin: Origin) -> bool:
    draft.seen_event_ids = ()
    return count_event(draft, origin)


def _no_floor(*_: object) -> float:
    return -inf


def _read_at_once_again(
    state: object, now: object, in_flight: object, due: object, begun: object
) -> object:
    del in_flight
    return next_read(state, now, (), due, begun)  # type: ignore[arg-type]  # handed on


def _seen_whenever_asked(
    receipt: Receipt,
    key: str,
    item: ListedResource | None,
    reading: Reading,
    *,
    since: Moment,
    sigma: float,
) -> Stage | None:
    """Accept a listing as proof, at whatever time it was requested."""
    later = replace(reading, asked=since.later(sigma + 1.0))
    said = verdict(receipt, key, item, later, since=since, sigma=sigma)
    whole = verdict(receipt, key, item, reading, since=since, sigma=sigma)
    return said if said is Stage.SEEN else whole


def _no_end(_: Draft, __: Moment) -> None:
    """Do nothing: no command runs out of time."""


def _its_own_floor_only(
    register: Membership, *, stamp: float | None, here: bool, scope_floor: float, at: Moment
) -> Membership:
    del scope_floor
    return merge_event(register, stamp=stamp, here=here, scope_floor=-inf, at=at)


MUTANTS = (
    Mutant("request start", ((merge_rules, "may_overrule", _any_reading_overrules),)),
    Mutant("last writer wins", ((webhook_handlers, "merge_event", _last_heard_wins),)),
    Mutant(
        "an end is for good",
        (
            (webhook_handlers, "end_conference", _an_end_is_forgotten),
            (reconcile, "end_conference", _an_end_is_forgotten),
        ),
    ),
    Mutant(
        "absence from a whole listing only", ((reconcile, "_absent_keys", _absent_from_a_part),)
    ),
    Mutant("pages are read twice", ((listings._ListingUnderWay, "listing", _read_once),)),  # noqa: SLF001
    Mutant("each event once", ((health, "count_event", _everything_is_new),)),
    Mutant("floor", ((merge_rules, "floor_of", _no_floor),)),
    Mutant("one reading of a scope at a time", ((schedule, "next_read", _read_at_once_again),)),
    Mutant("seen only after asking", ((proof, "_verdict", _seen_whenever_asked),)),
    Mutant("a command runs out of time", ((lifecycle, "time_passed", _no_end),)),
    Mutant("scope floor", ((webhook_handlers, "merge_event", _its_own_floor_only),)),
)
