"""Lines that can be typed after a colon."""

from __future__ import annotations

import pytest

from console.commands import COMMANDS
from console.commands.command_line import matching_offers, offers, split_line, why_not_here
from console.core.model.command import Pane

HERE = [(pane, c) for c in COMMANDS.values() for pane in sorted(c.panes)]


@pytest.mark.parametrize(("pane", "command"), HERE, ids=lambda one: getattr(one, "name", str(one)))
def test_a_line_means_one_command_of_its_pane(pane: Pane, command: object) -> None:
    name, said = command.name, command.typed  # type: ignore[attr-defined]  # a Command
    found = split_line(said.upper(), offers(COMMANDS, pane))
    assert found is not None
    assert (found[0].command, found[1]) == (name, "")


def test_each_key_and_each_line_is_one_command_in_a_pane() -> None:
    for pane in Pane:
        here = [c for c in COMMANDS.values() if pane in c.panes]
        assert len({c.key for c in here}) == len(here)
        assert len({c.typed for c in here}) == len(here)


def test_words_find_and_the_beginning_comes_first() -> None:
    found = matching_offers("hol", offers(COMMANDS, Pane.PEOPLE))
    assert [offer.line for offer in found][:2] == ["hold", "unhold"]
    assert matching_offers("nothing like it", offers(COMMANDS, Pane.PEOPLE)) == ()


def test_a_line_of_another_pane_says_whose_it_is() -> None:
    assert why_not_here(COMMANDS, "dequeue") == "dequeue is for calls"
    assert why_not_here(COMMANDS, "rm") == "there is no such command"
