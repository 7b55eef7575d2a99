"""All operations of the API."""

from console.simulator.operation import Operation
from console.simulator.routes import (
    account,
    audio,
    call_actions,
    calls,
    conferences,
    history,
    participants,
    queues,
    recordings,
)

OPERATIONS: tuple[Operation, ...] = (
    *conferences.OPERATIONS,
    *participants.OPERATIONS,
    *audio.OPERATIONS,
    *recordings.OPERATIONS,
    *queues.OPERATIONS,
    *calls.OPERATIONS,
    *call_actions.OPERATIONS,
    *history.OPERATIONS,
    *account.OPERATIONS,
)
