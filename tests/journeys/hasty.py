"""A policy with short waits, and the answer to a dialog that asks yes or no."""

from __future__ import annotations

from console.core.model.policy import Policy
from support.house import House

HASTY = Policy(sigma=0.6, proof=3.0, burst=(0.2, 0.5, 0.9, 1.5))


async def yes(at: House) -> None:
    """Confirm, once the dialog accepts keys."""

    def listening() -> bool:
        return not at.app.screen.query("#dialog").first().disabled

    await at.until(listening)
    await at.press("y")
