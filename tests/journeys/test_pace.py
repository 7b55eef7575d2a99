"""Polls that only fail pause, report it and go on; commands are sent meanwhile."""

from __future__ import annotations

from console.core.model.policy import Policy
from support.house import house

QUICK = Policy(queues_every=0.2, conferences_every=0.2, people_watched_every=0.2, stale_after=1000)


async def test_commands_pass_while_polls_pause_and_show_that_the_api_is_back() -> None:
    async with house("--scenario", "empty", policy=QUICK) as console:
        sim = console.sim
        sim.conference("board", sim.caller("+15125550101"), sim.caller("+15125550102"))
        await console.see("2 · floor")
        sim.fault("http-500", 1.0)
        await console.see("API FAILS")
        assert console.state.health.polls_paused_until is not None
        await console.see("polls pause")
        sim.fault("http-500", 0.0)
        await console.press("4", "m")

        def asked() -> bool:
            """Return True if a dialog opened, because the listing of people had failed by then."""
            found = list(console.app.screen.query("#dialog"))
            return bool(found) and not found[0].disabled

        await console.until(lambda: asked() or console.newest("mute"))
        if asked():
            await console.press("y")
        await console.receipt("mute", "seen")
        assert [one["path"].rsplit("/", 1)[1] for one in sim.requests()[-1:]] == ["mute"]
        await console.see("polls go on")
        await console.until(lambda: console.state.health.polls_paused_until is None)
        assert "API FAILS" not in console.text()
