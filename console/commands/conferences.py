"""Commands on a conference as a whole.

No endpoint and no webhook shows a running or paused recording. Telnyx sends
conference.recording.saved after a recording has ended.
"""

from __future__ import annotations

from console.commands.caps_lock import running_recording
from console.commands.request_builders import (
    IN_A_CONFERENCE,
    STATE,
    conference_action,
    conference_gone,
    regionless_action,
    text_answers,
    uuid,
)
from console.commands.side_effects import end_effects
from console.commands.undo_records import PAUSE, RESUME
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    RecordingChange,
    Request,
    Retry,
    Sensitivity,
    TargetKind,
)
from console.core.model.entities import RecordingState
from console.core.model.proofs import EndProof, EventProof, NoProof

LONGEST_NAME = 40
"""Characters. Telnyx API, Conference recording start: custom_file_name."""


def _record(order: Order) -> Request:
    body = text_answers(order, "format", "channels", "custom_file_name")
    body["play_beep"] = order.values.get("play_beep") == "yes"
    if order.values.get("trim") == "yes":
        body["trim"] = "trim-silence"
    return conference_action(order, "record_start", **body, command_id=order.id)


def _record_stop(order: Order) -> Request:
    chosen = text_answers(order, "recording_id", "client_state")
    return conference_action(order, "record_stop", **chosen, command_id=order.id)


def _pause(order: Order) -> Request:
    chosen = text_answers(order, "recording_id")
    return conference_action(order, "record_pause", **chosen, command_id=order.id)


def _resume(order: Order) -> Request:
    chosen = text_answers(order, "recording_id")
    return conference_action(order, "record_resume", **chosen, command_id=order.id)


def _end(order: Order) -> Request:
    return regionless_action(order, "end", command_id=order.id)


RECORDING = Field(
    "recording_id",
    "recording id",
    hint="empty: the current recording",
    check=uuid,
    hidden_at_first=True,
    remembered=False,
    sensitivity=Sensitivity.NAME,
)
"""Optional. The answer to a start has no id, so the console knows none of a running recording."""

CONFERENCES = (
    Command(
        name="record",
        typed_name="rec start",
        confirmation_of_many=ConfirmationLevel.AT_ONCE,
        key="r",
        words="record",
        done="started recording",
        hint="record",
        hint_priority=2,
        panes=IN_A_CONFERENCE,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=NoProof(later="recording.saved"),
        request=_record,
        recording=RecordingChange(RecordingState.ON),
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
        help="Starts a recording. Telnyx shows nothing until it is saved.",
    ),
    Command(
        name="record_stop",
        typed_name="rec stop",
        confirmation_of_many=ConfirmationLevel.AT_ONCE,
        key="R",
        words="stop recording",
        done="stopped recording",
        button="stop recording",
        panes=IN_A_CONFERENCE,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.CONFIRM,
        retry=Retry.SAME_ID,
        proof=EventProof(("recording.saved",)),
        request=_record_stop,
        recording=RecordingChange(RecordingState.OFF),
        why_not=conference_gone,
        fields=(RECORDING, STATE),
        help="Ends the recording for good.",
    ),
    Command(
        name="pause",
        typed_name="rec pause",
        key="c",
        words="pause recording",
        done="paused recording",
        button="pause recording",
        hint="pause rec",
        panes=IN_A_CONFERENCE,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SAME_ID,
        proof=NoProof(),
        request=_pause,
        recording=RecordingChange(RecordingState.PAUSED, needs_recording=True),
        why_not=conference_gone,
        fields=(RECORDING,),
        confirmation_of_many=ConfirmationLevel.AT_ONCE,
        undo=PAUSE,
        help="Nothing is recorded until it is resumed. Telnyx does not show a pause.",
    ),
    Command(
        name="resume",
        typed_name="rec resume",
        key="C",
        words="resume recording",
        done="resumed recording",
        button="resume recording",
        panes=IN_A_CONFERENCE,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SAME_ID,
        proof=NoProof(),
        request=_resume,
        recording=RecordingChange(RecordingState.ON, needs_recording=True),
        why_not=conference_gone,
        present_settings=running_recording,
        unchanged_text="not paused",
        fields=(RECORDING,),
        confirmation_of_many=ConfirmationLevel.AT_ONCE,
        undo=RESUME,
        help="The recording continues. Telnyx does not show it.",
    ),
    Command(
        name="end",
        key="e",
        words="end",
        done="ended",
        hint="end",
        hint_priority=0,
        panes=IN_A_CONFERENCE,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.TYPED,
        retry=Retry.SAME_ID,
        proof=EndProof(),
        request=_end,
        why_not=conference_gone,
        side_effects=end_effects,
        help="Hangs up everyone. This cannot be undone.",
    ),
)
