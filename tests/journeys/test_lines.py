"""Commands by name instead of by key: the same orders, on the row under the cursor."""

from __future__ import annotations

from console.core.model.policy import Policy
from console.ui.screens.workspace import Workspace
from support.house import house

HASTY = Policy(sigma=0.3, proof=3.0, burst=(0.1, 0.4, 0.8, 1.5))


async def test_a_command_is_run_by_its_line_and_from_the_palette() -> None:
    async with house("--scenario", "empty", policy=HASTY, size=(80, 24)) as at:
        leg = at.sim.caller("+15125550101")
        conference = at.sim.conference("board-q3", leg)
        await at.until(lambda: at.state.people.get(conference))
        await at.until(lambda: at.state.people[conference][leg].listed)
        await at.see("caller ~")  # a key is for the row that is drawn
        workspace = at.app.screen
        assert isinstance(workspace, Workspace)
        workspace.action_pane("people")
        workspace.action_verb("m")
        first = await at.receipt("mute", "seen")
        assert first.order.legs == (leg,), "a verb right behind a pane's key is meant for that pane"
        await at.press("M")
        await at.receipt("unmute", "seen")
        await at.press("colon", *"mut", "tab", "enter")
        await at.until(lambda: (r := at.newest("mute")) is not None and r != first)
        await at.receipt("mute", "seen")
        body = {"call_control_ids": [leg]}
        path = f"/conferences/{conference}/actions"
        assert at.sim.requests()[-1]["body"] == body
        before = at.newest("unmute")
        await at.press("ctrl+p", *"unmu", "enter")
        await at.until(lambda: at.newest("unmute") != before)
        await at.receipt("unmute", "seen")
        assert at.sim.requests()[-1]["path"] == f"{path}/unmute"
        await at.press("colon", *"dequeue")
        await at.see("dequeue is for calls")
        await at.press("enter", "escape", "colon", *"take", "space", *"out", "enter")
        await at.see("take out +1 512 555 0101")
        await at.press("escape", "colon", "up")
        await at.see("leave")
        await at.press("up", "enter")
        await at.until(lambda: at.newest("unmute") is not None)
        await at.press("colon", *"mute", "space", *"zoe", "enter")
        await at.see("nobody here is called zoe; there is +1 512 555 0101")
        sent = len(at.sim.requests())
        await at.press(*["backspace"] * 3, *"+1", "enter")
        await at.see("mute +1 512 555 0101")
        assert len(at.sim.requests()) == sent, "a name is completed before it runs"
        await at.press("escape", "colon", *"plan", "space", *"mute", "enter")
        await at.see("curl -X POST")
        await at.see("the participants listing")
        assert at.sim.api_key not in at.text()
        await at.press("y")
        await at.see("sent to the terminal's clipboard")
        assert at.app.clipboard.startswith('curl -X POST "$TELNYX_BASE_URL/conferences/')
        await at.press("escape")
        assert len(at.sim.requests()) == sent, "a plan sends nothing"
        await at.press("colon", *"keys", "enter")
        await at.see("Acting on calls")
