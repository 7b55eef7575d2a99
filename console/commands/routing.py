"""Commands that move a call leg into a conference or a queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from console.commands.request_builders import (
    BEEP,
    ON_CALLS,
    ON_CONFERENCES,
    ON_LEGS,
    STATE,
    beep_answer,
    call_action,
    conference_action,
    leg_gone,
    never_refused,
    not_both,
    number_answers,
    only_dots,
    only_leg,
    operator_client_state,
    split_list,
    text_answers,
    web_address,
    whole_number,
    yes_answers,
)
from console.commands.roles import ROLES, WHISPER_TO, audible_question, whisper_needs_somebody
from console.commands.shown_predicates import has_joined, is_listed
from console.commands.side_effects import chosen_leg_effects, move_effects
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    Request,
    Retry,
    Sensitivity,
    Target,
    TargetKind,
    Values,
)
from console.core.model.proofs import Among, ShownProof
from console.core.model.state import State

LONGEST_NAME = 255
"""Characters. Telnyx API, Create conference: name; Enqueue call: queue_name."""
FEWEST, MOST = 2, 800
"""Telnyx API, Create conference: max_participants."""


def _join(order: Order) -> Request:
    role = order.values.get("supervisor_role", "none")
    body: dict[str, object] = {
        "call_control_id": only_leg(order),
        **yes_answers(
            order,
            "mute",
            "hold",
            "start_conference_on_enter",
            "end_conference_on_exit",
            "soft_end_conference_on_exit",
        ),
        **text_answers(order, "hold_audio_url", "hold_media_name", "client_state"),
        **beep_answer(order),
    }
    if role != "none":
        body["supervisor_role"] = role
    if role == "whisper":
        body["whisper_call_control_ids"] = split_list(order.values["whisper_call_control_ids"])
    return conference_action(order, "join", **body, command_id=order.id)


def _create(order: Order) -> Request:
    body: dict[str, object] = {
        "call_control_id": only_leg(order),
        **text_answers(order, "name", "hold_audio_url", "hold_media_name"),
        **beep_answer(order),
        **number_answers(order, "duration_minutes", "max_participants"),
        "client_state": order.values.get("client_state") or operator_client_state(order),
        "command_id": order.id,
    }
    if order.values.get("comfort_noise") == "no":
        body["comfort_noise"] = False
    if order.values.get("start_conference_on_create") == "no":
        body["start_conference_on_create"] = False
    if order.region is not None:
        body["region"] = order.region
    return Request("POST", ("conferences",), body)


def _enqueue(order: Order) -> Request:
    body = {
        **text_answers(order, "queue_name", "client_state"),
        **number_answers(order, "max_wait_time_secs", "max_size"),
        **yes_answers(order, "keep_after_hangup"),
    }
    return call_action(order, "enqueue", **body, command_id=order.id)


def _join_check(values: Values) -> Mapping[str, str]:
    found = not_both(values, "hold_audio_url", "hold_media_name")
    audio = values.get("hold_audio_url") or values.get("hold_media_name")
    if audio and values.get("hold") != "yes":
        found["hold"] = "hold audio needs on hold: yes"
    return {**found, **whisper_needs_somebody(values)}


def _create_check(values: Values) -> Mapping[str, str]:
    found = not_both(values, "hold_audio_url", "hold_media_name")
    audio = values.get("hold_audio_url") or values.get("hold_media_name")
    if audio and values.get("start_conference_on_create") != "no":
        found["start_conference_on_create"] = "hold audio needs start at once: no"
    return found


def _makes_a_queue(state: State, _: Target, values: Values) -> str:
    name = values.get("queue_name", "")
    line = state.queues.get(name)
    known = line is not None and line.membership.here
    return "" if known or not name else "No queue has this name: a new one is created."


def _taken(state: State, _: Target, values: Values) -> str:
    name = values.get("name")
    live = (r for r in state.conferences.values() if r.membership.here and not r.ended)
    taken = any(
        conference.listed is not None and conference.listed.name == name for conference in live
    )
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
    kind=FieldKind.LEG,
    required=True,
    hint="a call_control_id",
    remembered=False,
)
HOLD_AUDIO = (
    Field(
        "hold_audio_url",
        "hold audio",
        hint="https://…",
        check=web_address,
        hidden_at_first=True,
        sensitivity=Sensitivity.NAME,
    ),
    Field(
        "hold_media_name",
        "or media",
        hint="the name of stored media",
        hidden_at_first=True,
        sensitivity=Sensitivity.NAME,
    ),
)
CREATE_FIELDS = (
    Field("name", "name", required=True, limit=LONGEST_NAME, sensitivity=Sensitivity.NAME),
    BEEP,
    Field(
        "comfort_noise", "comfort noise", kind=FieldKind.FLAG, default="yes", hidden_at_first=True
    ),
    Field(
        "max_participants",
        "max people",
        hint="250",
        check=whole_number(FEWEST, MOST),
        hidden_at_first=True,
    ),
    Field(
        "duration_minutes",
        "minutes",
        hint="4 hours at most",
        check=whole_number(1),
        hidden_at_first=True,
    ),
    Field(
        "start_conference_on_create",
        "start at once",
        kind=FieldKind.FLAG,
        default="yes",
        hidden_at_first=True,
    ),
    *HOLD_AUDIO,
    STATE,
)
QUEUE_FIELDS = (
    Field(
        "queue_name",
        "queue",
        kind=FieldKind.QUEUE,
        required=True,
        limit=LONGEST_NAME,
        check=only_dots,
    ),
    Field("max_wait_time_secs", "max wait, s", check=whole_number(1), hidden_at_first=True),
    Field(
        "keep_after_hangup", "keep place", kind=FieldKind.FLAG, default="no", hidden_at_first=True
    ),
    Field(
        "max_size",
        "max calls",
        hint="100, new queues only",
        check=whole_number(1),
        hidden_at_first=True,
        sensitivity=Sensitivity.NAME,
    ),
    STATE,
)

LEGS = (
    Command(
        name="join",
        key="a",
        words="add to a conference:",
        done="added",
        button="add",
        toward="to",
        hint="add",
        hint_priority=1,
        panes=ON_LEGS,
        target_kind=TargetKind.LEG,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.PEOPLE, has_joined, ("conference.participant.joined",)),
        request=_join,
        why_not=leg_gone,
        fields=(
            Field("room", "conference", kind=FieldKind.CONFERENCE, required=True, check=only_dots),
            Field("mute", "muted", kind=FieldKind.FLAG, default="no"),
            Field("hold", "on hold", kind=FieldKind.FLAG, default="no"),
            Field("supervisor_role", "role", kind=FieldKind.CHOICE, choices=ROLES, default="none"),
            replace(WHISPER_TO, hidden_at_first=True),
            Field(
                "start_conference_on_enter",
                "starts it",
                kind=FieldKind.FLAG,
                default="no",
                hidden_at_first=True,
            ),
            Field(
                "end_conference_on_exit",
                "ends it",
                kind=FieldKind.FLAG,
                default="no",
                hidden_at_first=True,
            ),
            Field(
                "soft_end_conference_on_exit",
                "soft end",
                kind=FieldKind.FLAG,
                default="no",
                hidden_at_first=True,
            ),
            *HOLD_AUDIO,
            BEEP,
            STATE,
        ),
        check=_join_check,
        side_effects=move_effects,
        warning=audible_question,
        help="They leave where they are now. N makes a new conference.",
    ),
    Command(
        name="create_with",
        typed_name="conf new",
        key="N",
        words="new conference with",
        why_one_at_a_time="a conference begins with one call; a adds the others",
        done="created a conference with",
        button="create",
        panes=ON_LEGS,
        target_kind=TargetKind.LEG,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CONFERENCES, is_listed, ("conference.created",)),
        request=_create,
        why_not=leg_gone,
        fields=CREATE_FIELDS,
        check=_create_check,
        side_effects=move_effects,
        warning=_taken,
        help="They leave where they are now. The conference ends after four hours.",
    ),
    Command(
        name="create",
        typed_name="conf new",
        key="n",
        words="new conference",
        done="created a conference with",
        button="create",
        hint="new",
        hint_priority=3,
        panes=ON_CONFERENCES,
        target_kind=TargetKind.NOTHING,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CONFERENCES, is_listed, ("conference.created",)),
        request=_create,
        why_not=never_refused,
        fields=(LEG, *CREATE_FIELDS),
        check=_create_check,
        warning=_with_chosen_leg(_taken),
        help="It begins with one call and ends after four hours.",
    ),
    Command(
        name="enqueue",
        key="Q",
        words="send to a queue:",
        done="sent",
        button="send",
        toward="to",
        hint="to queue",
        hint_priority=3,
        panes=ON_LEGS,
        target_kind=TargetKind.LEG,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CALLS, is_listed, ("call.enqueued",)),
        request=_enqueue,
        why_not=leg_gone,
        fields=QUEUE_FIELDS,
        side_effects=move_effects,
        warning=_makes_a_queue,
        help="They leave where they are now and wait at the end of the queue.",
    ),
    Command(
        name="enqueue_leg",
        typed_name="enqueue leg",
        key="n",
        words="send a call to a queue",
        done="sent",
        button="send",
        toward="to",
        panes=ON_CALLS,
        target_kind=TargetKind.NOTHING,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CALLS, is_listed, ("call.enqueued",)),
        request=_enqueue,
        why_not=never_refused,
        fields=(LEG, *QUEUE_FIELDS),
        warning=_with_chosen_leg(_makes_a_queue),
        help="Moves a call, given by its id, to the end of the queue.",
    ),
)
