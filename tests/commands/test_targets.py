"""A request names exactly the targets of its order, and never everybody by accident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.commands import COMMANDS
from console.commands.request_builders import base64_text, operator_client_state
from console.core.model.command import (
    AnyLeg,
    FieldKind,
    NoTarget,
    Order,
    People,
    Queued,
    Target,
    TargetKind,
    WholeConference,
    WholeQueue,
)
from console.core.model.orders import Observed
from support.playbook import at

TAKE_A_LIST = {"mute", "unmute", "hold", "unhold", "play", "speak", "stop", "send_dtmf"}
"""Conference commands for which an absent or empty list means everyone (Telnyx API)."""
EVERYONE = {"play_room", "stop_room", "speak_room", "dtmf_room"}
"""Records for everyone in a conference."""
TEXT = st.text(min_size=1, max_size=12)
LEGS = st.lists(TEXT, min_size=1, max_size=4, unique=True).map(tuple)
LIKELY = st.sampled_from(["", "1", "yes", "no", "none", "whisper", "a,b", "https://a.example/x"])


def targets(aims: TargetKind) -> st.SearchStrategy[Target]:
    """Return every target that a command of this kind can have."""
    kinds: dict[TargetKind, st.SearchStrategy[Target]] = {
        TargetKind.PEOPLE: st.builds(People, TEXT, LEGS),
        TargetKind.ONE: st.builds(People, TEXT, TEXT.map(lambda leg: (leg,))),
        TargetKind.CONFERENCE: st.builds(WholeConference, TEXT),
        TargetKind.CALL: st.builds(Queued, TEXT, TEXT),
        TargetKind.QUEUE: st.builds(WholeQueue, TEXT),
        TargetKind.LEG: st.builds(AnyLeg, TEXT, st.none() | TEXT, st.none() | TEXT),
        TargetKind.NOTHING: st.builds(NoTarget),
    }
    return kinds[aims]


@given(st.data())
def test_no_request_lacks_its_targets_but_those_for_everyone(data: st.DataObject) -> None:
    command = COMMANDS[data.draw(st.sampled_from(sorted(COMMANDS)))]
    target = data.draw(targets(command.target_kind))
    numbers = {"max_size", "loop", "duration_millis", "max_participants", "duration_minutes"}
    values = {
        field.name: "3"
        if field.name in numbers or field.name.endswith(("_millis", "_digits", "_secs", "_tries"))
        else "{}"
        if field.name == "voice_settings"
        else data.draw(LIKELY if field.kind != FieldKind.LEG else TEXT)
        for field in command.fields
    }
    region = data.draw(st.sampled_from([None, "US"]))
    order = Order(
        *("id", at(0.0), command, target, "ana", values), observed=Observed("p"), region=region
    )
    request = command.request(order)
    action = request.path[-1]
    if action in TAKE_A_LIST:
        if command.name in EVERYONE:
            assert "call_control_ids" not in request.body
        else:
            assert isinstance(target, People)
            assert request.body["call_control_ids"] == list(target.legs)
    elif len(order.legs) == 1 and command.name != "options":
        named = {request.body.get("call_control_id"), *request.path}
        assert order.legs[0] in named
    assert request.body.get("whisper_call_control_ids") != [""]


@pytest.mark.parametrize("legs", [(), ("",), ("a", "")])
def test_nobody_is_no_target(legs: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="at least one person"):
        People("room", legs)


@given(st.text(max_size=30))
def test_what_a_conference_says_of_its_maker_is_base64(operator: str) -> None:
    command = COMMANDS["create"]
    said = operator_client_state(Order("id", at(0.0), command, NoTarget(), operator))
    assert base64_text(said) is None
