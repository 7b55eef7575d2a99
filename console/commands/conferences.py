"""Recording and ending: what is done to a conference as such.

No endpoint and no webhook shows a running or paused recording; conference.recording.saved
comes when one has ended.
"""

from __future__ import annotations

from console.commands.caps_lock import recording
from console.commands.request_builders import (
    IN_A_CONFERENCE,
    STATE,
    action,
    conference_gone,
    given,
    plain_action,
    uuid,
)
from console.commands.side_effects import ending
from console.commands.undo_records import PAUSE, RESUME
from console.core.model.command import (
    Aim,
    Command,
    ConfirmationLevel,
    EndProof,
    EventProof,
    Field,
    FieldKind,
    NoProof,
    Order,
    Request,
    Retry,
    Sensitivity,
)

LONGEST_NAME = 40
"""Characters. Telnyx API, Conference recording start: custom_file_name."""


def _record(order: Order) -> Request:
    body = given(order, "format", "channels", "custom_file_name")
    body["play_beep"] = order.values.get("play_beep") == "yes"
    if order.values.get("trim") == "yes":
        body["trim"] = "trim-silence"
    return action(order, "record_start", **body, command_id=order.id)


def _record_stop(order: Order) -> Request:
    chosen = given(order, "recording_id", "client_state")
    return action(order, "record_stop", **chosen, command_id=order.id)


def _pause(order: Order) -> Request:
    chosen = given(order, "recording_id")
    return action(order, "record_pause", **chosen, command_id=order.id)


def _resume(order: Order) -> Request:
    chosen = given(order, "recording_id")
    return action(order, "record_resume", **chosen, command_id=order.id)


def _end(order: Order) -> Request:
    return plain_action(order, "end", command_id=order.id)


RECORDING = Field(
    "recording_id",
    "recording id",
    hint="empty: the one that runs",
    check=uuid,
    folded=True,
    again=False,
    sensitivity=Sensitivity.NAME,
)
"""No start answers with an id, so that none is known of a recording that still runs."""

CONFERENCES = (
    Command(
        name="record",
        line="rec start",
        many=ConfirmationLevel.AT_ONCE,
        key="r",
        words="record",
        done="recording of",
        hint="record",
        shed=2,
        panes=IN_A_CONFERENCE,
        aims=Aim.CONFERENCE,
        tier=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=NoProof(later="recording.saved"),
        request=_record,
        why_not=conference_gone,
        fields=(
            Field("format", "format", kind=FieldKind.CHOICE, choices=("mp3", "wav"), default="mp3"),
            Field(
                "channels",
                "channels",
                kind=FieldKind.CHOICE,
                choices=("single", "dual"),
                default="single",
            ),
            Field("play_beep", "beep", kind=FieldKind.FLAG, default="yes"),
            Field("trim", "trim silence", kind=FieldKind.FLAG, default="no"),
            Field("custom_file_name", "file name", limit=LONGEST_NAME, hint="optional"),
        ),
        help="Starts a recording. Nothing shows it until it is saved.",
    ),
    Command(
        name="record_stop",
        line="rec stop",
        many=ConfirmationLevel.AT_ONCE,
        key="R",
        words="stop recording",
        done="stopped recording",
        panes=IN_A_CONFERENCE,
        aims=Aim.CONFERENCE,
        tier=ConfirmationLevel.CONFIRM,
        retry=Retry.SAME_ID,
        proof=EventProof(("recording.saved",)),
        request=_record_stop,
        why_not=conference_gone,
        fields=(RECORDING, STATE),
        help="Ends the recording for good.",
    ),
    Command(
        name="pause",
        line="rec pause",
        key="c",
        words="conceal: pause recording",
        done="paused recording",
        hint="pause rec",
        panes=IN_A_CONFERENCE,
        aims=Aim.CONFERENCE,
        tier=ConfirmationLevel.AT_ONCE,
        retry=Retry.SAME_ID,
        proof=NoProof(),
        request=_pause,
        why_not=conference_gone,
        fields=(RECORDING,),
        many=ConfirmationLevel.AT_ONCE,
        undo=PAUSE,
        help="What is said next is not recorded. Nothing can show it.",
    ),
    Command(
        name="resume",
        line="rec resume",
        key="C",
        words="continue: resume recording",
        done="resumed recording",
        panes=IN_A_CONFERENCE,
        aims=Aim.CONFERENCE,
        tier=ConfirmationLevel.AT_ONCE,
        retry=Retry.SAME_ID,
        proof=NoProof(),
        request=_resume,
        why_not=conference_gone,
        sights=recording,
        in_vain="not paused",
        fields=(RECORDING,),
        many=ConfirmationLevel.AT_ONCE,
        undo=RESUME,
        help="Recording goes on. Nothing can show it.",
    ),
    Command(
        name="end",
        key="e",
        words="end",
        done="ended",
        hint="end",
        shed=0,
        panes=IN_A_CONFERENCE,
        aims=Aim.CONFERENCE,
        tier=ConfirmationLevel.TYPED,
        retry=Retry.SAME_ID,
        proof=EndProof(),
        request=_end,
        why_not=conference_gone,
        trips=ending,
        help="Everyone is hung up. It cannot be taken back.",
    ),
)
