"""Commands that move a call leg into a conference or a queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from console.commands import request_builders as build
from console.commands.listing_proofs import has_joined, is_listed
from console.commands.queues import MAX_SIZE, QUEUE_NAME
from console.commands.roles import ROLES, WHISPER_TO, audible_question, whisper_needs_somebody
from console.commands.side_effects import chosen_leg_effects, move_effects
from console.core.model.command import (
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    Request,
    Retry,
    Sensitivity,
    Target,
    Values,
)
from console.core.model.proofs import Among, ShownProof
from console.core.model.state import State

LONGEST_NAME = 255
"""Characters. Telnyx API, Create conference: name."""
FEWEST, MOST = 2, 800
"""Telnyx API, Create conference: max_participants."""


def _join(order: Order) -> Request:
    body: dict[str, object] = {
        "call_control_id": build.only_leg(order),
        **build.yes_answers(
            order,
            *("mute", "hold", "start_conference_on_enter"),
            *("end_conference_on_exit", "soft_end_conference_on_exit"),
        ),
        **build.text_answers(order, "hold_audio_url", "hold_media_name", "client_state"),
        **build.beep_answer(order),
    }
    if order.values.get("supervisor_role", "none") != "none":
        body |= build.role_answers(order)
    return build.conference_action(order, "join", **body, command_id=order.id)


def _create(order: Order) -> Request:
    body: dict[str, object] = {
        "call_control_id": build.only_leg(order),
        **build.text_answers(order, "name", "hold_audio_url", "hold_media_name"),
        **build.beep_answer(order),
        **build.number_answers(order, "duration_minutes", "max_participants"),
        "client_state": order.values.get("client_state") or build.operator_client_state(order),
        "command_id": order.id,
    }
    for name in ("comfort_noise", "start_conference_on_create"):
        if order.values.get(name) == "no":
            body[name] = False
    if order.region is not None:
        body["region"] = order.region
    return Request("POST", ("conferences",), body)


def _enqueue(order: Order) -> Request:
    body = {
        **build.text_answers(order, "queue_name", "client_state"),
        **build.number_answers(order, "max_wait_time_secs", "max_size"),
        **build.yes_answers(order, "keep_after_hangup"),
    }
    return build.call_action(order, "enqueue", **body, command_id=order.id)


def _hold_audio_check(values: Values, needed: Field, answer: str) -> dict[str, str]:
    """Return complaints by field name: hold audio has one source, and needs this answer."""
    found = build.not_both(values, "hold_")
    audio = values.get("hold_audio_url") or values.get("hold_media_name")
    if audio and values.get(needed.name) != answer:
        found[needed.name] = f"hold audio needs {needed.words}: {answer}"
    return found


def _join_check(values: Values) -> Mapping[str, str]:
    return {**_hold_audio_check(values, HOLD, "yes"), **whisper_needs_somebody(values)}


def _makes_a_queue(state: State, _: Target, values: Values) -> str:
    name = values.get("queue_name", "")
    line = state.queues.get(name)
    known = line is not None and line.is_here
    return "" if known or not name else "No queue has this name: a new one is created."


def _taken(state: State, _: Target, values: Values) -> str:
    name = values.get("name")
    live = (each.listed for each in state.conferences.values() if each.is_live)
    taken = any(listed is not None and listed.name == name for listed in live)
    return "A live conference has this name: Telnyx will refuse it." if taken else ""


def _with_chosen_leg(
    warn: Callable[[State, Target, Values], str],
) -> Callable[[State, Target, Values], str]:
    """Wrap ``warn``: add the consequences for the conference that the chosen leg leaves."""

    def warned(state: State, target: Target, values: Values) -> str:
        leg = values.get("call_control_id", "")
        return " ".join(filter(None, (warn(state, target, values), chosen_leg_effects(state, leg))))

    return warned


LEG = Field(
    "call_control_id",
    "call",
    FieldKind.LEG,
    required=True,
    hint="a call_control_id",
    remembered=False,
)
HOLD_AUDIO = build.hidden(
    *build.audio_fields("hold_", "hold audio", "https://…", "the name of stored media")
)
HOLD = Field("hold", "on hold", kind=FieldKind.FLAG, default="no")
START = Field("start_conference_on_create", "start at once", FieldKind.FLAG, default="yes")
CREATE_FIELDS = (
    Field("name", "name", required=True, limit=LONGEST_NAME, sensitivity=Sensitivity.NAME),
    build.BEEP,
    *build.hidden(
        Field("comfort_noise", "comfort noise", kind=FieldKind.FLAG, default="yes"),
        Field("max_participants", "max people", hint="250", check=build.whole_number(FEWEST, MOST)),
        Field("duration_minutes", "minutes", hint="4 hours at most", check=build.whole_number(1)),
        START,
    ),
    *HOLD_AUDIO,
    build.STATE,
)
QUEUE_FIELDS = (
    replace(QUEUE_NAME, words="queue", kind=FieldKind.QUEUE),
    *build.hidden(
        Field("max_wait_time_secs", "max wait, s", check=build.whole_number(1)),
        Field("keep_after_hangup", "keep place", kind=FieldKind.FLAG, default="no"),
        replace(MAX_SIZE, hint="100, new queues only"),
    ),
    build.STATE,
)

LEGS = (
    build.leg_command(
        name="join",
        key="a",
        words="add to a conference:",
        done="added",
        button="add",
        toward="to",
        hint="add",
        hint_priority=1,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.PEOPLE, has_joined, ("conference.participant.joined",)),
        request=_join,
        fields=(
            Field("room", "conference", FieldKind.CONFERENCE, required=True, check=build.only_dots),
            Field("mute", "muted", kind=FieldKind.FLAG, default="no"),
            HOLD,
            Field("supervisor_role", "role", kind=FieldKind.CHOICE, choices=ROLES, default="none"),
            *build.hidden(
                WHISPER_TO,
                Field("start_conference_on_enter", "starts it", FieldKind.FLAG, default="no"),
                Field("end_conference_on_exit", "ends it", FieldKind.FLAG, default="no"),
                Field("soft_end_conference_on_exit", "soft end", FieldKind.FLAG, default="no"),
            ),
            *HOLD_AUDIO,
            build.BEEP,
            build.STATE,
        ),
        check=_join_check,
        side_effects=move_effects,
        warning=audible_question,
        help="They leave where they are now. N makes a new conference.",
    ),
    build.leg_command(
        name="create_with",
        typed_name="conf new",
        key="N",
        words="new conference with",
        why_one_at_a_time="a conference begins with one call; a adds the others",
        done="created a conference with",
        button="create",
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CONFERENCES, is_listed, ("conference.created",)),
        request=_create,
        fields=CREATE_FIELDS,
        check=lambda values: _hold_audio_check(values, START, "no"),
        side_effects=move_effects,
        warning=_taken,
        help="They leave where they are now. The conference ends after four hours.",
    ),
    build.new_command(
        name="create",
        typed_name="conf new",
        key="n",
        words="new conference",
        done="created a conference with",
        button="create",
        hint="new",
        hint_priority=3,
        panes=build.ON_CONFERENCES,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CONFERENCES, is_listed, ("conference.created",)),
        request=_create,
        fields=(LEG, *CREATE_FIELDS),
        check=lambda values: _hold_audio_check(values, START, "no"),
        warning=_with_chosen_leg(_taken),
        help="It begins with one call and ends after four hours.",
    ),
    build.leg_command(
        name="enqueue",
        key="Q",
        words="send to a queue:",
        done="sent",
        button="send",
        toward="to",
        hint="to queue",
        hint_priority=3,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CALLS, is_listed, ("call.enqueued",)),
        request=_enqueue,
        fields=QUEUE_FIELDS,
        side_effects=move_effects,
        warning=_makes_a_queue,
        help="They leave where they are now and wait at the end of the queue.",
    ),
    build.new_command(
        name="enqueue_leg",
        typed_name="enqueue leg",
        key="n",
        words="send a call to a queue",
        done="sent",
        button="send",
        toward="to",
        panes=build.ON_CALLS,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CALLS, is_listed, ("call.enqueued",)),
        request=_enqueue,
        fields=(LEG, *QUEUE_FIELDS),
        warning=_with_chosen_leg(_makes_a_queue),
        help="Moves a call, given by its id, to the end of the queue.",
    ),
)
