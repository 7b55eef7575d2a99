"""Conferences: creating one, and finding one by id or name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.simulator import conference_end, errors, legs, participants, webhook_events
from console.simulator.models import Beep, Conference, Leg, Status
from console.simulator.webhook_events import webhook_time

if TYPE_CHECKING:
    from console.simulator.world import World

SITES = {"US": "ch1", "Europe": "fr5", "Australia": "sy1", "Middle East": "db1"}


@dataclass(frozen=True, slots=True)
class ConferenceOptions:
    """The options of POST /conferences. INFERRED: each region is one site code."""

    name: str
    client_state: str | None = None
    beep: Beep = "never"
    comfort_noise: bool = True
    duration_minutes: int | None = None
    max_participants: int = 250
    start_on_create: bool = True
    hold_media: str | None = None
    region: str = "US"


def create(
    world: World,
    leg: Leg,
    options: ConferenceOptions,
    join_options: participants.JoinOptions = participants.DEFAULT_JOIN,
) -> Conference:
    """Create a conference with an answered call in it, and return it.

    It ends by itself after four hours or ``duration_minutes``, whichever is sooner. The webhooks
    come in the order seen live: floor.changed, created, joined.

    Raises:
        ApiError: 90033 if an active conference has the name.
    """
    if options.name in world.live_names:
        raise errors.name_taken(options.name)
    legs.take_out(leg, "bridged")
    conference = _new(world, leg, options)
    if options.start_on_create:
        conference.floor = leg.call_control_id
        participants.emit_floor(world, conference, leg)
    payload = {
        **webhook_events.conference_fields(conference, leg),
        "occurred_at": webhook_time(world.now),
    }
    world.emit("conference.created", payload, leg)
    participants.admit(world, conference, leg, join_options)
    return conference


def _new(world: World, leg: Leg, options: ConferenceOptions) -> Conference:
    """Add an empty conference to the world, and plan its end."""
    rules, minutes = world.rules, options.duration_minutes
    duration = rules.longest_secs if minutes is None else minutes * rules.minute_secs
    conference = Conference(
        id=world.ids.uuid(),
        name=options.name,
        creator=leg,
        created_at=world.now,
        updated_at=world.now,
        expires_at=world.now + min(duration, rules.longest_secs),
        region=options.region,
        connection_id=leg.connection_id,
        status=Status.IN_PROGRESS if options.start_on_create else Status.INIT,
        client_state=options.client_state,
        beep=options.beep,
        comfort_noise=options.comfort_noise,
        max_participants=options.max_participants,
        hold_media=options.hold_media,
    )
    world.conferences[conference.id] = world.live_names[conference.name] = conference
    conference.expiry = world.at(
        conference.expires_at, lambda: conference_end.end(world, conference, "time_exceeded")
    )
    return conference


def find(world: World, id_or_name: str, region: str | None = None) -> Conference:
    """Find a conference of any status by its id, or an active conference by its name.

    Raises:
        ApiError: 404 if there is none, or (INFERRED) if it is not in ``region``.
    """
    conference = world.conferences.get(id_or_name) or world.live_names.get(id_or_name)
    return _in_region(conference, id_or_name, region)


def find_by_id(world: World, conference_id: str, region: str | None = None) -> Conference:
    """Return a conference by id; some routes do not take a name.

    Raises:
        ApiError: 404 if there is none, or if it is not in ``region`` (INFERRED).
    """
    return _in_region(world.conferences.get(conference_id), conference_id, region)


def must_be_active(conference: Conference) -> Conference:
    """Return the conference if it has not ended.

    Raises:
        ApiError: 90019 if it has ended.
    """
    if conference.status is Status.COMPLETED:
        raise errors.conference_ended()
    return conference


def _in_region(conference: Conference | None, id_or_name: str, region: str | None) -> Conference:
    if conference is None or (region is not None and conference.region != region):
        raise errors.no_conference(id_or_name)
    return conference
