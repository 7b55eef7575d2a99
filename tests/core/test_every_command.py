"""Whatever comes of a command, its story ends, and only a proof ends it as seen."""

from __future__ import annotations

from math import inf

from hypothesis import example, given
from hypothesis import strategies as st

from console.commands import COMMANDS
from console.core.messages import facts, intents, webhooks
from console.core.model.command import (
    AnyLeg,
    NoTarget,
    Order,
    People,
    Queued,
    Target,
    TargetKind,
    WholeConference,
    WholeQueue,
)
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.model.orders import Observed
from console.core.model.stage import Stage
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    joined,
    left,
    origin,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)

ANA, BO = "v3:ana", "v3:bo"
SIGMA = 3.0
"""Seconds for which a listing may lag behind the request that asked for it."""


def conference() -> Playbook:
    return Playbook().begin(participant(ANA), participant(BO))


def any_order(name: str) -> Order:
    """An order of this name on whatever it takes, with an answer for every question."""
    targets: dict[TargetKind, Target] = {
        TargetKind.PEOPLE: People(CONFERENCE, (ANA, BO)),
        TargetKind.ONE: People(CONFERENCE, (ANA,)),
        TargetKind.CONFERENCE: WholeConference(CONFERENCE),
        TargetKind.CALL: Queued("vip", "v3:cy"),
        TargetKind.QUEUE: WholeQueue("empty"),
        TargetKind.LEG: AnyLeg("v3:cy", from_queue="vip"),
        TargetKind.NOTHING: NoTarget(),
    }
    command = COMMANDS[name]
    answers = {
        "room": CONFERENCE,
        "queue_name": "other",
        "call_control_id": "v3:dee",
        "supervisor_role": "whisper",
        "whisper_call_control_ids": BO,
        "end_conference_on_exit": "on",
        "max_size": "7",
    }
    values = {f.name: answers.get(f.name, f.default or "1") for f in command.fields}
    seen = Observed("id")
    return Order("x", at(0.0), command, targets[command.target_kind], "ana", values, observed=seen)


@example(steps=["accept"] * 8 + ["stale"], name="unhold")
@given(
    steps=st.lists(
        st.sampled_from(["accept", "refuse", "unanswer", "list", "stale", "leave", "end", "tick"]),
        max_size=12,
    ),
    name=st.sampled_from(sorted(COMMANDS)),
)
def test_every_command_ends_whatever_comes(steps: list[str], name: str) -> None:
    talk = conference().say(
        facts.QueuesListed(reading(-1.0), (queue("vip"), queue("empty"))),
        facts.CallsListed(reading(-1.0), "vip", (queued("v3:cy", alive=name != "ghost"),)),
    )
    talk.say(intents.OrderAsked(any_order(name)))
    answers = (second for second, step in enumerate(steps, 1) if step in {"accept", "unanswer"})
    now, answered, shown = 0.0, next(answers, inf), False
    for step in steps:
        now += 1.0
        if step == "accept":
            talk.accept(now, "x")
        elif step == "refuse":
            talk.refuse(now, "x")
        elif step == "unanswer":
            talk.say(facts.CommandUnanswered(at(now), "x", Problem(ProblemKind.UNANSWERED)))
        elif step == "list":
            talk.say(people_listed(now, participant(ANA, muted=True), participant(BO)))
            shown = True
        elif step == "stale":
            talk.say(people_listed(now - 4, participant(ANA), participant(BO)))
            shown |= now - 4 - SIGMA >= answered
        elif step == "leave":
            talk.say(left(now, ANA), joined(now + 0.1, ANA))
        elif step == "end":
            talk.say(
                webhooks.ConferenceEnded(origin(now, "conference.ended"), CONFERENCE, "all_left")
            )
        else:
            talk.pass_(now)
    receipt = talk.pass_(now + 40.0).state.receipts["x"]
    assert not receipt.stage.open
    if receipt.stage is Stage.SEEN and COMMANDS[name].flag is not None:
        assert shown
