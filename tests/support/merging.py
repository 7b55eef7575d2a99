"""The merge as a Hypothesis state machine: every rule is one step of a ``Trapped`` shift."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from support.shift import CONFERENCES, LAGS, LEGS, QUEUES, WAITS, Step
from support.traps import Trapped

conferences = st.integers(0, len(CONFERENCES) - 1)
legs = st.integers(0, LEGS - 1)
queues = st.integers(0, len(QUEUES) - 1)
indexes = st.integers(0, 23)
whats = st.integers(0, 3)
QUICK = settings(
    derandomize=True,
    max_examples=50,
    stateful_step_count=30,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


class Merging(RuleBasedStateMachine):
    """The state machine. ``begun`` counts examples; ``script`` and ``terms`` are the last one's."""

    begun = 0
    script: tuple[Step, ...] = ()
    terms: ClassVar[dict[str, float]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.shift: Trapped | None = None
        self.seed = 0
        type(self).begun += 1

    @initialize(
        offset=st.sampled_from((4_000.0, -4_000.0, 0.0)),
        error=st.sampled_from((0, 1, -1)),
        lingers=st.sampled_from((0.0, 0.0, 2.0)),
        seed=st.integers(0, 7),
    )
    def open(self, offset: float, error: int, lingers: float, seed: int) -> None:
        self.shift = Trapped(offset, error, lingers)
        self.seed = seed
        type(self).terms = {"seed": seed, "offset": offset, "error": error, "lingers": lingers}

    def do(self, word: str, *numbers: int) -> None:
        assert self.shift is not None
        type(self).script = (*self.shift.script, (word, *numbers))
        self.shift.do(word, *numbers)

    def teardown(self) -> None:
        if self.shift is not None:
            type(self).script = tuple(self.shift.script)
            self.shift.rest(self.seed)

    @rule(conference=conferences, leg=legs, waits=st.integers(0, 2))
    def create(self, conference: int, leg: int, waits: int) -> None:
        self.do("create", conference, leg, waits)

    @rule(conference=conferences, leg=legs, how=whats)
    def join(self, conference: int, leg: int, how: int) -> None:
        self.do("join", conference, leg, how)

    @rule(conference=conferences, most=st.integers(2, 5))
    def gather(self, conference: int, most: int) -> None:
        self.do("gather", conference, most)

    @rule(conference=conferences, leg=legs, index=indexes, what=st.integers(0, 5))
    def part(self, conference: int, leg: int, index: int, what: int) -> None:
        if what == 0:
            self.do("end", conference)
        elif what == 1:
            self.do("hangup", leg)
        else:
            self.do("leave", index)

    @rule(index=indexes, what=whats)
    def change(self, index: int, what: int) -> None:
        self.do("set", what, index)

    @rule(leg=legs, queue=queues, out=st.booleans())
    def queue(self, leg: int, queue: int, *, out: bool) -> None:
        if out:
            self.do("dequeue", leg)
        else:
            self.do("enqueue", leg, queue)

    @rule(index=indexes)
    def deliver(self, index: int) -> None:
        self.do("deliver", index)

    @rule(most=st.integers(2, 9))
    def deliver_all(self, most: int) -> None:
        for _ in range(most):
            self.do("deliver", 0)

    @rule(index=indexes, word=st.sampled_from(("again", "repeat", "lose", "lose", "delay")))
    def mishap(self, index: int, word: str) -> None:
        self.do(word, index)

    @rule(index=indexes)
    def begin(self, index: int) -> None:
        self.do("begin", index)

    @rule(index=st.integers(0, 2))
    def serve(self, index: int) -> None:
        self.do("serve", index)

    @rule(index=st.integers(0, 2), lag=st.integers(0, len(LAGS) - 1), fails=st.integers(0, 9))
    def answer(self, index: int, lag: int, fails: int) -> None:
        if fails == 9:
            self.do("fail", index)
        else:
            self.do("answer", index, lag)

    @rule(index=indexes, lag=st.integers(0, len(LAGS) - 1))
    def look(self, index: int, lag: int) -> None:
        self.do("list", index, lag)

    @rule(index=indexes, what=whats)
    def press(self, index: int, what: int) -> None:
        self.do("press", what, index)

    @rule(index=st.integers(0, 2), what=whats, arrives=st.booleans())
    def come(self, index: int, what: int, *, arrives: bool) -> None:
        if arrives:
            self.do("arrive", index)
        else:
            self.do("come", index, what)

    @rule(index=st.integers(0, len(WAITS) - 1))
    def wait(self, index: int) -> None:
        self.do("wait", index)

    @rule(conference=conferences, how=st.integers(0, 2))
    def trap_paging(self, conference: int, how: int) -> None:
        self.do("trap_paging", conference, how)

    @rule(conference=conferences, leg=legs)
    def trap_stale(self, conference: int, leg: int) -> None:
        self.do("trap_stale", conference, leg)

    @rule(conference=conferences, leg=legs, what=whats)
    def trap_confirm(self, conference: int, leg: int, what: int) -> None:
        self.do("trap_confirm", conference, leg, what)

    @rule(conference=conferences, leg=legs, now=st.integers(0, 1))
    def trap_overlap(self, conference: int, leg: int, now: int) -> None:
        self.do("trap_overlap", conference, leg, now)

    @rule(conference=conferences, leg=legs)
    def trap_lww(self, conference: int, leg: int) -> None:
        self.do("trap_lww", conference, leg)

    @rule(conference=conferences, leg=legs, which=st.integers(0, 5))
    def trap_short_life(self, conference: int, leg: int, which: int) -> None:
        self.do("trap_short_life", conference, leg, which)
