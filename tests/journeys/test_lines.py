"""Commands by name instead of by key: the same orders, on the row under the cursor."""

from __future__ import annotations

from console.core.policy import Policy
from support.house import house

HASTY = Policy(sigma=0.3, proof=3.0, burst=(0.1, 0.4, 0.8, 1.5))


async def test_a_command_is_run_by_its_line_and_from_the_palette() -> None:
    async with house("--scenario", "empty", policy=HASTY, size=(80, 24)) as at:
        leg = at.sim.caller("+15125550101")
        room = at.sim.room("board-q3", leg)
        await at.until(lambda: at.state.people.get(room))
        await at.until(lambda: at.state.people[room][leg].fields)
        await at.press("4", "colon", *"mut", "tab", "enter")
        await at.receipt("mute", "seen")
        body = {"call_control_ids": [leg]}
        path = f"/conferences/{room}/actions"
        assert at.sim.requests()[-1]["body"] == body
        await at.press("ctrl+p", *"unmu", "enter")
        await at.receipt("unmute", "seen")
        assert at.sim.requests()[-1]["path"] == f"{path}/unmute"
        await at.press("colon", *"dequeue")
        await at.see("dequeue is for calls")
        await at.press("enter")
        await at.see("dequeue is for calls")
        await at.press("escape", "colon", *"take", "space", *"out", "enter")
        await at.see("take out +1 512 555 0101")
        await at.press("escape")
        await at.press("colon", *"keys", "enter")
        await at.see("Acting on calls")
