"""A refusal keeps its reason at every width, and a log entry opens all of it."""
# ruff: noqa: RUF001  # the signs we draw are meant

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from view.scenes import cells, known, scene, text, words

from console.commands import COMMANDS
from console.core.messages import facts, intents
from console.core.model.command import Order, People
from console.core.model.listed_resources import Problem, ProblemKind
from console.view.dialogs.log_entry import entry_at, entry_lines, title_of
from console.view.panes.log import sheet
from console.view.panes.receipt import line
from console.view.text.cell_width import cells as width
from console.view.text.cell_width import width_of
from console.view.text.error_text import title_and_detail
from support.playbook import CONFERENCE, Playbook, at, joined, left, participant

ANA, BO, EVE = "v3:ana-0101", "v3:bo-0102", "v3:eve-0103"
NAMES = {ANA: "Ana", BO: "Bo", EVE: "Eve"}
TITLE = "Call is not in a state to be muted"
DETAIL = "The participant 7c1f0e52 left the conference a moment before the request was read"
LONG = Problem(
    ProblemKind.REFUSED, 422, "90018", TITLE, f"{DETAIL}, and so nothing was done to it."
)


def conference() -> Playbook:
    talk = Playbook().begin(*(participant(leg) for leg in NAMES))
    for leg, name in NAMES.items():
        known(talk, leg, name=name)
    return talk


def refused(problem: Problem, talk: Playbook | None = None) -> Playbook:
    talk = talk or conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    return talk.say(facts.CommandRefused(at(0.4), "m", problem))


def receipt(talk: Playbook, columns: int) -> str:
    shown = line(scene(talk.state, 1.0, width=columns))
    assert width_of(shown.left) + 1 + width_of(shown.right) <= columns
    return text(shown.left)


def opened(talk: Playbook, place: int = 0) -> list[str]:
    """Return all lines of a log entry; 0 is the newest."""
    key = sheet(scene(talk.state, 9.0)).keys[place]
    entry = entry_at(talk.state, key)
    assert entry is not None
    return [text(cell) for cell in entry_lines(scene(talk.state, 9.0), entry)]


@pytest.mark.parametrize("columns", [40, 80, 120, 140])
def test_the_code_and_the_title_come_before_the_detail(columns: int) -> None:
    told = receipt(refused(LONG), columns)
    assert "refused 422 90018" in told
    assert told.endswith("…")
    if columns >= 80:
        assert f"refused 422 90018  {TITLE}" in told
    if columns >= 120:
        assert f"{TITLE}: The participant 7c1f" in told


def test_with_space_for_all_of_it_nothing_is_cut() -> None:
    told = receipt(refused(LONG), 250)
    assert told.endswith(f"refused 422 90018  {TITLE}: {DETAIL}, and so nothing was done to it")


problems = st.builds(
    Problem,
    st.just(ProblemKind.REFUSED),
    st.none() | st.integers(400, 599),
    st.none() | st.from_regex(r"[0-9]{5}", fullmatch=True),
    st.text(max_size=300),
    st.text(max_size=2000),
)


@example(Problem(ProblemKind.REFUSED, 400, title="0\x80", detail="0"), 40, "aaa漢漢漢a")
@given(problems, st.integers(40, 250), st.text("abc é漢", max_size=60))
def test_a_refusal_keeps_its_reason_at_every_width(
    problem: Problem, columns: int, name: str
) -> None:
    talk = refused(problem)
    known(talk, ANA, name=name)
    told = receipt(talk, columns)
    numbers = " ".join(filter(None, (str(problem.status or ""), problem.code)))
    head, _, shown = told.partition(f"refused {numbers}" if numbers else "refused")
    assert head.startswith(" ✗ mute ")
    title, detail = title_and_detail(problem)
    whole = f"{title}: {detail}" if detail else title
    said = shown.strip()
    assert said == whole.strip() or (
        said.endswith("…") and whole.strip().startswith(said[:-1].strip())
    )
    if columns - width(head) - len(f"refused {numbers}") - 4 >= width(title):
        assert title.strip() in said


def test_the_log_row_tells_the_code_and_the_reason() -> None:
    talk = refused(LONG)
    shown = sheet(scene(talk.state, 1.0))
    row = cells(shown, shown.keys[0])
    assert (row["sign"], row["result"]) == ("›", "refused 90018")
    assert row["text"].startswith(f"Ana {TITLE}: {DETAIL}")


def test_a_log_row_opens_all_of_a_refusal() -> None:
    told = opened(refused(LONG))
    assert "code        422 90018" in told
    assert f"why         {TITLE}" in told
    assert f"detail      {DETAIL}, and so nothing was done to it" in told
    assert any(one.startswith("sent ") for one in told) is False, "it was never sent"
    assert "  Ana  refused" in told
    assert title_of(refused(LONG).state.log[-1]) == "mute"


def bulk() -> Playbook:
    talk = conference()
    for number, leg in enumerate(NAMES):
        order = Order(str(number), at(0.0), COMMANDS["leave"], People(CONFERENCE, (leg,)), "ana")
        batched = Order(order.id, order.at, order.command, order.target, order.operator, batch="b")
        talk.say(intents.OrderAsked(batched))
    talk.accept(0.2, "0").say(left(0.3, ANA))
    talk.say(facts.CommandRefused(at(0.4), "1", LONG))
    return talk.say(
        facts.CommandRefused(at(0.4), "2", Problem(ProblemKind.REFUSED, 404, "10005", "Gone"))
    )


def test_a_bulk_story_opens_each_target_with_its_result() -> None:
    told = opened(bulk(), 1)
    assert "  Ana  seen" in told
    assert "  Bo  refused" in told
    assert "  Eve  refused" in told
    assert f"detail      {DETAIL}, and so nothing was done to it" in told
    assert "code        404 10005" in told


def test_a_bulk_receipt_names_every_target_before_any_detail() -> None:
    told = receipt(bulk(), 120)
    assert "Bo refused 422 90018  Eve refused 404 10005" in told
    assert told.endswith("…")
    assert "422 90018: Call is" in receipt(bulk(), 140)


def test_a_webhook_and_a_note_open_in_full() -> None:
    talk = conference().say(joined(2.0, ANA, occurred=1.6))
    told = opened(talk)
    assert "source      a webhook" in told
    assert "who         Ana  v3:ana-0101" in told
    assert "delay       0.4 s  from the event to its receipt, by two clocks" in told
    long = "mute: " + "because " * 40
    talk.say(intents.Declined(at(3.0), long + "\x1b[2J"))
    assert any(one.endswith(f"{long}^[[2J") for one in opened(talk))


def test_a_command_that_is_forgotten_says_so() -> None:
    talk = conference().policy(receipts=0)
    refused(LONG, talk)
    talk.ask("hold", 1.0, BO, id_="h")
    assert "result      no longer kept" in opened(talk, 1)


def test_everything_under_way_is_no_result() -> None:
    talk = conference()
    talk.ask("hold", 0.0, ANA, BO, id_="h")
    assert "  Ana  sent…" in opened(talk)
    assert words(line(scene(talk.state, 1.0))).startswith(" … hold 2 people")
