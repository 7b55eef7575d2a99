"""Commands on a conference as a whole.

No endpoint and no webhook shows a running or paused recording. Telnyx sends
conference.recording.saved after a recording has ended.
"""

from __future__ import annotations

from collections.abc import Callable

from console.commands import request_builders as build
from console.commands.caps_lock import running_recording
from console.commands.side_effects import end_effects
from console.commands.undo_methods import PAUSE, RESUME
from console.core.model.command import (
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    RecordingChange,
    Request,
    Retry,
    Sensitivity,
)
from console.core.model.entities import RecordingState
from console.core.model.proofs import EndProof, EventProof, NoProof

LONGEST_NAME = 40
"""Characters. Telnyx API, Conference recording start: custom_file_name."""


def _record(order: Order) -> Request:
    body = build.text_answers(order, "format", "channels", "custom_file_name")
    body["play_beep"] = order.values.get("play_beep") == "yes"
    if order.values.get("trim") == "yes":
        body["trim"] = "trim-silence"
    return build.conference_action(order, "record_start", **body, command_id=order.id)


def _recording_action(name: str, *answers: str) -> Callable[[Order], Request]:
    return lambda order: build.conference_action(
        order, name, **build.text_answers(order, *answers), command_id=order.id
    )


RECORDING = Field(
    "recording_id",
    "recording id",
    hint="empty: the current recording",
    check=build.uuid,
    hidden_at_first=True,
    remembered=False,
    sensitivity=Sensitivity.NAME,
)
"""Optional. The answer to a start has no id, so the console knows none of a running recording."""

CONFERENCES = (
    build.conference_command(
        name="record",
        typed_name="rec start",
        confirmation_of_many=ConfirmationLevel.AT_ONCE,
        key="r",
        words="record",
        done="started recording",
        hint="record",
        hint_priority=2,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=NoProof(later="recording.saved"),
        request=_record,
        recording=RecordingChange(RecordingState.ON),
        fields=(
            Field("format", "format", kind=FieldKind.CHOICE, choices=("mp3", "wav"), default="mp3"),
            Field("channels", "channels", FieldKind.CHOICE, ("single", "dual"), "single"),
            Field("play_beep", "beep", kind=FieldKind.FLAG, default="yes"),
            Field("trim", "trim silence", kind=FieldKind.FLAG, default="no"),
            Field("custom_file_name", "file name", limit=LONGEST_NAME, hint="optional"),
        ),
        help="Starts a recording. Telnyx shows nothing until it is saved.",
    ),
    build.conference_command(
        name="record_stop",
        typed_name="rec stop",
        confirmation_of_many=ConfirmationLevel.AT_ONCE,
        key="R",
        words="stop recording",
        done="stopped recording",
        button="stop recording",
        confirmation=ConfirmationLevel.CONFIRM,
        retry=Retry.SAME_ID,
        proof=EventProof(("recording.saved",)),
        request=_recording_action("record_stop", "recording_id", "client_state"),
        recording=RecordingChange(RecordingState.OFF),
        fields=(RECORDING, build.STATE),
        help="Ends the recording for good.",
    ),
    build.conference_command(
        name="pause",
        typed_name="rec pause",
        key="c",
        words="pause recording",
        done="paused recording",
        button="pause recording",
        hint="pause rec",
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SAME_ID,
        proof=NoProof(),
        request=_recording_action("record_pause", "recording_id"),
        recording=RecordingChange(RecordingState.PAUSED, needs_recording=True),
        fields=(RECORDING,),
        confirmation_of_many=ConfirmationLevel.AT_ONCE,
        undo=PAUSE,
        help="Nothing is recorded until it is resumed. Telnyx does not show a pause.",
    ),
    build.conference_command(
        name="resume",
        typed_name="rec resume",
        key="C",
        words="resume recording",
        done="resumed recording",
        button="resume recording",
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SAME_ID,
        proof=NoProof(),
        request=_recording_action("record_resume", "recording_id"),
        recording=RecordingChange(RecordingState.ON, needs_recording=True),
        present_settings=running_recording,
        unchanged_text="not paused",
        fields=(RECORDING,),
        confirmation_of_many=ConfirmationLevel.AT_ONCE,
        undo=RESUME,
        help="The recording continues. Telnyx does not show it.",
    ),
    build.conference_command(
        name="end",
        key="e",
        words="end",
        done="ended",
        hint="end",
        hint_priority=0,
        confirmation=ConfirmationLevel.TYPED,
        retry=Retry.SAME_ID,
        proof=EndProof(),
        request=lambda order: build.regionless_action(order, "end", command_id=order.id),
        side_effects=end_effects,
        help="Hangs up everyone. This cannot be undone.",
    ),
)
