"""Commands on chosen people of a conference: mute, hold, take out, role, options.

Telnyx sends no webhook about mute, hold, role or options. Only the participants listing shows them,
and it shows a role in part and a beep not at all.
"""

from __future__ import annotations

from dataclasses import replace

from console.commands import listing_proofs as shown
from console.commands import request_builders as build
from console.commands.caps_lock import listed_flag
from console.commands.roles import ROLE_FIELDS, audible_question, whisper_needs_somebody
from console.commands.side_effects import hold_effects, leave_effects
from console.commands.undo_methods import EXITS, OPTIONS, ROLE, switched
from console.core.model.command import (
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    People,
    Request,
    Retry,
    Target,
    Values,
)
from console.core.model.listed_resources import ParticipantResource
from console.core.model.orders import Observed
from console.core.model.proofs import Among, ShownProof
from console.core.model.state import State


def _leave(order: Order) -> Request:
    leg, beep = build.only_leg(order), build.beep_answer(order)
    return build.conference_action(order, "leave", call_control_id=leg, **beep, command_id=order.id)


def _role(order: Order) -> Request:
    return build.conference_action(
        order,
        "update",
        call_control_id=build.only_leg(order),
        **build.role_answers(order),
        command_id=order.id,
    )


def _options(order: Order) -> Request:
    id_ = order.observed.participant_id
    if id_ is None:
        raise ValueError("the options of a participant need its id")
    path = ("conferences", order.conference or "", "participants", id_)
    wishes = {name: order.values.get(name) for name in EXITS}
    changed = {name: wish == "on" for name, wish in wishes.items() if wish in {"on", "off"}}
    return Request("PATCH", path, {**build.beep_answer(order), **changed})


def _fields_of(state: State, target: Target) -> ParticipantResource | None:
    if not isinstance(target, People):
        return None
    person = state.people.get(target.conference, {}).get(target.legs[0])
    return person.listed if person is not None else None


def _may_change(state: State, target: Target) -> str | None:
    if (why := build.people_gone(state, target)) is not None:
        return why
    fields = _fields_of(state, target)
    if fields is None:
        return "not listed yet, so they cannot be changed"
    return "the listing has no id for them" if fields.id is None else None


def _participant(state: State, target: Target) -> Observed:
    fields = _fields_of(state, target)
    return Observed(participant_id=fields.id if fields is not None else None)


def _role_now(state: State, target: Target) -> Observed:
    fields = _fields_of(state, target)
    if fields is None:
        return Observed(was_whispering=False, maybe_muted=False)
    # A mute proves nothing about a participant who may have been muted before.
    return Observed(was_whispering=bool(fields.whisper_to), maybe_muted=fields.muted is not False)


def _something(values: Values) -> dict[str, str]:
    chosen = any(values.get(name) in {"on", "off"} for name in EXITS)
    beeps = values.get("beep_enabled") not in {None, "", build.BEEPS[0]}
    return {} if chosen or beeps else {EXITS[0]: "nothing would change"}


LEAVE_IT = ("as it is", "on", "off")

PEOPLE = (
    build.people_command(
        name="mute",
        key="m",
        words="mute",
        done="muted",
        hint="mute",
        hint_priority=0,
        panes=build.IN_A_CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SETS_STATE,
        proof=shown.flag_proof("muted", value=True),
        request=build.to_people("mute"),
        undo=switched("unmute", "muted", to=True),
        help="Nobody in the conference hears them. On a conference: everyone but supervisors.",
    ),
    build.people_command(
        name="unmute",
        key="M",
        words="unmute",
        done="unmuted",
        panes=build.IN_A_CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SETS_STATE,
        proof=shown.flag_proof("muted", value=False),
        request=build.to_people("unmute"),
        present_settings=listed_flag("muted", wish=False),
        unchanged_text="not muted",
        undo=switched("mute", "muted", to=False),
        help="The conference hears them again.",
    ),
    build.people_command(
        name="hold",
        key="h",
        words="hold",
        done="held",
        hint="hold",
        hint_priority=0,
        panes=build.IN_A_CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SETS_STATE,
        proof=shown.flag_proof("on_hold", value=True),
        request=build.to_people(
            "hold", lambda order: build.text_answers(order, "audio_url", "media_name")
        ),
        fields=build.hidden(
            *build.audio_fields("", "hold audio", "https://…", "the name of stored media")
        ),
        check=build.not_both,
        side_effects=hold_effects,
        undo=switched("unhold", "on_hold", to=True),
        help="They hear the audio last used in this conference, else silence. "
        "On a conference: everyone but supervisors.",
    ),
    build.people_command(
        name="unhold",
        key="H",
        words="take off hold",
        done="taken off hold",
        button="take off hold",
        panes=build.IN_A_CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SETS_STATE,
        proof=shown.flag_proof("on_hold", value=False),
        request=build.to_people("unhold"),
        present_settings=listed_flag("on_hold", wish=False),
        unchanged_text="not on hold",
        undo=switched("hold", "on_hold", to=False),
        help="They are back in the conversation.",
    ),
    build.person_command(
        name="leave",
        key="x",
        words="take out",
        done="took out",
        button="take out",
        toward="from",
        hint="take out",
        hint_priority=1,
        confirmation=ConfirmationLevel.CONFIRM,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.PEOPLE, shown.is_absent, ("conference.participant.left",)),
        request=_leave,
        parks=True,
        fields=(build.BEEP,),
        side_effects=leave_effects,
        help="They are parked and hear silence until you move them.",
    ),
    build.person_command(
        name="role",
        key="w",
        words="change role of",
        done="changed role of",
        button="change role",
        hint="role",
        hint_priority=2,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(
            Among.PEOPLE, shown.has_role, by_presence=False, why_unprovable=shown.why_role_unseen
        ),
        request=_role,
        fields=ROLE_FIELDS,
        prefers_own_leg=True,
        check=whisper_needs_somebody,
        observe=_role_now,
        warning=audible_question,
        undo=ROLE,
        why_one_at_a_time="roles are changed one person at a time",
        help="Monitor hears all and is muted. Whisper is heard by the chosen people only. "
        "Barge and none are heard by everyone.",
    ),
    build.person_command(
        name="options",
        typed_name="opt",
        key="o",
        words="change options of",
        done="changed options of",
        button="set options",
        hint="options",
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SETS_STATE,
        proof=ShownProof(
            Among.PEOPLE,
            shown.has_exit_flags,
            by_presence=False,
            why_unprovable=shown.why_flags_unseen,
        ),
        request=_options,
        why_not=_may_change,
        fields=(
            Field(EXITS[0], "end on exit", FieldKind.CHOICE, LEAVE_IT, LEAVE_IT[0]),
            Field(EXITS[1], "soft end", FieldKind.CHOICE, LEAVE_IT, LEAVE_IT[0]),
            replace(build.BEEP, hidden_at_first=False),
        ),
        check=_something,
        observe=_participant,
        undo=OPTIONS,
        help="Sets what happens when they leave, and the beep. Telnyx does not show the beep.",
    ),
)
