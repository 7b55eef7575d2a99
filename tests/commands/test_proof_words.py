"""A dialog promises a proof only if a listing can show one for its answers."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from console.commands import COMMANDS
from console.commands.request_builders import BEEPS
from console.core.model.command import Order, People
from console.core.model.listed_resources import ParticipantResource
from console.core.model.orders import Observed
from console.core.model.proofs import ShownProof
from support.playbook import CONFERENCE, at, participant

ANA, BO = "v3:ana", "v3:bo"
FLAGS = (False, True)
ANSWERS = {
    "role": [
        {"supervisor_role": role, "whisper_call_control_ids": BO}
        for role in ("monitor", "whisper", "barge", "none")
    ],
    "options": [
        {"end_conference_on_exit": end, "soft_end_conference_on_exit": soft, "beep_enabled": beep}
        for end, soft, beep in product(*[("as it is", "on", "off")] * 2, BEEPS)
        if (end, soft, beep) != ("as it is", "as it is", BEEPS[0])
    ],
}


def listed_any() -> list[ParticipantResource]:
    """Return every participant that a listing can show."""
    return [
        replace(
            participant(ANA, muted=muted), whisper_to=to, end_on_exit=end, soft_end_on_exit=soft
        )
        for muted, to, end, soft in product(FLAGS, ((), (BO,)), FLAGS, FLAGS)
    ]


@pytest.mark.parametrize("name", ANSWERS)
def test_a_proof_is_promised_exactly_where_some_listing_can_show_it(name: str) -> None:
    command = COMMANDS[name]
    proof = command.proof
    assert isinstance(proof, ShownProof)
    assert proof.why_unprovable is not None
    for values, muted, whispering in product(ANSWERS[name], FLAGS, FLAGS):
        before = Observed(was_whispering=whispering, maybe_muted=muted)
        target = People(CONFERENCE, (ANA,))
        order = Order("o", at(0.0), command, target, "ana", values, observed=before)
        shown = any(proof.shows(order, item) for item in listed_any())
        assert (proof.why_unprovable(order) == "") is shown, order
