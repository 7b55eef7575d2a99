"""One more operation is one more record: shown everywhere, sent and answered."""

from __future__ import annotations

from console.commands import COMMANDS
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Field,
    Order,
    Pane,
    People,
    Request,
    Retry,
    TargetKind,
)
from console.core.model.policy import Policy
from console.core.model.proofs import NoProof
from console.ui.screens.dialog import Dialog
from support.documentation import key_table
from support.house import house


def _whistle(order: Order) -> Request:
    assert isinstance(order.target, People)
    body = {"call_control_ids": list(order.target.legs), "tune": order.values["tune"]}
    return Request("POST", ("conferences", order.conference or "", "actions", "whistle"), body)


WHISTLE = Command(
    name="whistle",
    key="W",
    words="whistle at",
    done="whistled at",
    hint="whistle",
    hint_priority=0,
    panes=frozenset({Pane.PEOPLE}),
    target_kind=TargetKind.PEOPLE,
    confirmation=ConfirmationLevel.DIALOG,
    retry=Retry.REPEATS_EFFECT,
    proof=NoProof(),
    request=_whistle,
    why_not=lambda _, __: None,
    fields=(Field("tune", "tune", required=True, hint="hum it"),),
    help="They hear a tune that no telephone knows.",
)


async def test_one_more_record_is_reached_everywhere_and_goes_to_the_wire() -> None:
    more = {**COMMANDS, "whistle": WHISTLE}
    assert "| `W` | whistle at | people | asks for details |" in key_table(more)
    policy = Policy(sigma=0.3, proof=3.0)
    async with house("--scenario", "empty", commands=more, policy=policy) as at:
        leg = at.sim.caller("+15125550101")
        conference = at.sim.conference("board-q3", leg)
        await at.until(lambda: at.state.people.get(conference, {}).get(leg))
        await at.until(lambda: at.state.people[conference][leg].listed)
        await at.press("4")
        await at.see("W whistle")
        await at.press("question_mark", "slash", *"tune")
        await at.see("whistle at")
        await at.see("They hear a tune")
        await at.press("escape", "escape", "ctrl+p", *"whis")
        await at.see("asks       They hear a tune that no telephone knows.")
        await at.press("escape", "W")
        await at.see("whistle at +1 512 555 0101 in board-q3")
        await at.see("hum it")
        await at.until(lambda: not at.app.screen.query_one("#dialog").disabled)
        await at.press("escape", "colon", *"whistle", "space", *"la", "enter")
        await at.until(lambda: isinstance(at.app.screen, Dialog))
        await at.until(lambda: not at.app.screen.query_one("#dialog").disabled)
        await at.press("ctrl+g")
        receipt = await at.receipt("whistle", "refused")
        assert receipt.problem is not None
        assert receipt.problem.status == 404
        await at.see("whistle at +1 512 555 0101 in board-q3  refused")
        (sent,) = [one for one in at.sim.requests() if one["path"].endswith("/whistle")]
        assert sent["path"] == f"/conferences/{conference}/actions/whistle"
        assert sent["body"] == {"call_control_ids": [leg], "tune": "la"}
