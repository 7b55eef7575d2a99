"""Lost webhooks in the whole program: marked, fetched, explained and shown."""

from __future__ import annotations

from console.core.model.policy import Policy
from console.core.model.state import Sign
from support.house import House, house

IMPATIENT = Policy(
    gap_wait=0.5, missed_every=0.5, people_watched_every=0.3, conferences_every=0.5, skew=0.0
)


def told(console: House, sign: Sign) -> list[tuple[str, str]]:
    return [(entry.name, entry.text) for entry in console.state.log if entry.sign is sign]


async def test_what_no_webhook_told_is_marked_then_had_from_the_api_and_explained() -> None:
    async with house("--scenario", "empty", policy=IMPATIENT) as console:
        sim = console.sim
        ana, bo = (sim.caller(f"+1512555010{number}") for number in (1, 2))
        conference = sim.conference("gap-room", ana)
        await console.see("1 live")
        await console.until(lambda: ana in console.state.people.get(conference, {}))
        assert console.state.health.gaps == 0
        sim.fault("webhook-bad-signature", 1.0)
        sim.api("POST", f"/conferences/{conference}/actions/join", call_control_id=bo)
        await console.until(lambda: told(console, Sign.INFERRED))
        assert told(console, Sign.INFERRED)[0][0] == "conference.participant.joined"
        await console.see("from the API")
        await console.until(lambda: console.state.health.gaps == 0)
        why = "why: failed, 1 try: 401"
        await console.until(
            lambda: ("conference.participant.joined", why) in told(console, Sign.API)
        )
