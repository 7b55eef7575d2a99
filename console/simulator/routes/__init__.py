"""All operations of the API."""

from console.simulator.operation import Operation
from console.simulator.routes import (
    account,
    actions,
    calls,
    people,
    queues,
    recordings,
    records,
    rooms,
    sounds,
)

OPERATIONS: tuple[Operation, ...] = (
    *rooms.OPERATIONS,
    *people.OPERATIONS,
    *sounds.OPERATIONS,
    *recordings.OPERATIONS,
    *queues.OPERATIONS,
    *calls.OPERATIONS,
    *actions.OPERATIONS,
    *records.OPERATIONS,
    *account.OPERATIONS,
)
