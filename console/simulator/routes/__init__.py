"""Every operation the API knows."""

from console.simulator.operation import Operation
from console.simulator.routes import calls, people, queues, recordings, rooms, sounds

OPERATIONS: tuple[Operation, ...] = (
    *rooms.OPERATIONS,
    *people.OPERATIONS,
    *sounds.OPERATIONS,
    *recordings.OPERATIONS,
    *queues.OPERATIONS,
    *calls.OPERATIONS,
)
