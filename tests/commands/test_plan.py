"""A plan shows the exact request as a shell command."""

from __future__ import annotations

import json
import shlex

from hypothesis import given
from hypothesis import strategies as st

from console.core.model.command import Request
from console.telnyx.client import segment
from console.view.dialogs.plan_preview import curl

TEXT = st.text(min_size=1, max_size=20)


@given(TEXT, st.dictionaries(TEXT, TEXT | st.lists(TEXT), max_size=4))
def test_a_shell_reads_what_the_client_would_send(name: str, body: dict[str, object]) -> None:
    line = curl(Request("POST", ("queues", name), body))
    assert line.isascii()
    words = shlex.split(line)
    assert words[:3] == ["curl", "-X", "POST"]
    assert words[3] == f"$TELNYX_BASE_URL/queues/{segment(name)}"
    if body:
        assert json.loads(words[-1]) == body
