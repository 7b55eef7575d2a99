"""Every command has its line, and one more record is one more command everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.catalog import COMMANDS, aim, lines
from console.catalog.lines import elsewhere, matching, offers, split
from console.core.command import Pane
from console.ui import keys
from console.view import hints

HERE = [(pane, c) for c in COMMANDS.values() for pane in c.panes]


@pytest.mark.parametrize(("pane", "command"), HERE, ids=lambda one: getattr(one, "name", str(one)))
def test_a_line_means_one_command_of_its_pane(pane: Pane, command: object) -> None:
    name, said = command.name, command.said  # type: ignore[attr-defined]  # a Command
    found = split(said.upper(), offers(pane, read_only=False))
    assert found is not None
    assert (found[0].command, found[1]) == (name, "")


def test_each_key_and_each_line_is_one_command_in_a_pane() -> None:
    for pane in Pane:
        here = [c for c in COMMANDS.values() if pane in c.panes]
        assert len({c.key for c in here}) == len(here)
        assert len({c.said for c in here}) == len(here)


def test_words_find_and_the_beginning_comes_first() -> None:
    found = matching("hol", offers(Pane.PEOPLE, read_only=False))
    assert [offer.line for offer in found][:2] == ["hold", "unhold"]
    assert matching("nothing like it", offers(Pane.PEOPLE, read_only=False)) == ()


def test_a_line_of_another_pane_says_whose_it_is() -> None:
    assert elsewhere("dequeue") == "dequeue is for calls"
    assert elsewhere("rm") == "there is no such command"


def test_read_only_there_is_nothing_to_run() -> None:
    for pane in Pane:
        assert not any(offer.command for offer in offers(pane, read_only=True))
        assert not any(offer.line == "undo" for offer in offers(pane, read_only=True))


def test_one_more_record_is_one_more_command_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = replace(COMMANDS["mute"], name="whistle", key="W", words="whistle at")
    for module in (aim, lines, keys, hints):
        monkeypatch.setattr(module, "COMMANDS", {**COMMANDS, "whistle": made_up})
    assert aim.command_for("W", Pane.PEOPLE) is made_up
    assert any(o.command == "whistle" for o in offers(Pane.PEOPLE, read_only=False))
    assert any(b.action == "verb('W')" for b in keys.bindings(read_only=False))
    listed = [key.words for group in keys.help_groups(read_only=False) for key in group.keys]
    assert "whistle at" in listed
