"""Gate: the sources keep the rules of ``support.house_rules``, and each rule finds a breach."""

import ast
import re
from pathlib import PurePath
from textwrap import dedent

import pytest

from support.checkout import ROOT, project_files, python_files
from support.house_rules import (
    FAILING,
    LATER,
    UNWRITTEN,
    Rule,
    no_markup_from_data,
    no_screen_inherits_a_screen,
    no_task_adrift,
    nothing_is_half_done,
    only_the_clock_reads_the_clock,
    rules_for,
)

# Character classes, so that this file does not hold what it looks for.
NEVER_MENTIONED = {
    "what lies outside the checkout": re.compile(rb"(?:\.\.|/work)/[s]hared\b"),
    "a package registry": re.compile(
        rb"(?i)py[p]i\.(?:org|python)|python[h]osted\.|regis[t]ry\.(?:npmjs|yarnpkg)"
        rb"|crates\.[i]o|proxy\.golan[g]|ana[c]onda\.org|ruby[g]ems\.org"
    ),
}


def test_the_sources_keep_the_rules() -> None:
    breaches = []
    for path in python_files("console", "tests", "benchmarks"):
        name = path.relative_to(ROOT)
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        for rule in rules_for(name):
            breaches += [f"{name}:{each.line}: {each.why}" for each in rule(tree, source)]
    assert breaches == []


@pytest.mark.parametrize("what", NEVER_MENTIONED)
def test_no_file_mentions(what: str) -> None:
    mentions = [
        str(path.relative_to(ROOT))
        for path in project_files()
        if NEVER_MENTIONED[what].search(path.read_bytes())
    ]
    assert mentions == []


def test_the_rules_apply_where_they_should() -> None:
    clock, markup = only_the_clock_reads_the_clock, no_markup_from_data
    assert clock in rules_for(PurePath("console/runtime/state_store.py"))
    assert clock not in rules_for(PurePath("console/sources/clock.py"))
    assert clock not in rules_for(PurePath("console/simulator/world.py"))
    assert clock not in rules_for(PurePath("tests/test_cli.py"))
    assert markup in rules_for(PurePath("console/ui/widgets/pane.py"))
    assert markup not in rules_for(PurePath("console/view/screen_elements.py"))
    assert no_task_adrift in rules_for(PurePath("benchmarks/frames.py"))


# The rules read these texts as source; none of them is run or unfinished.
BROKEN: list[tuple[Rule, str]] = [
    (only_the_clock_reads_the_clock, "import time"),
    (only_the_clock_reads_the_clock, "from time import monotonic"),
    (only_the_clock_reads_the_clock, "datetime.datetime.now(UTC)"),
    (only_the_clock_reads_the_clock, "stamp = datetime.now"),
    (only_the_clock_reads_the_clock, "date.today()"),
    (only_the_clock_reads_the_clock, "asyncio.get_running_loop().time()"),
    (no_task_adrift, "asyncio.create_task(work())"),
    (no_task_adrift, "from asyncio import create_task"),
    (no_task_adrift, "loop.create_task(work())"),
    (no_task_adrift, "asyncio.ensure_future(work())"),
    (no_markup_from_data, "Static(f'{name}')"),
    (no_markup_from_data, "Static(name)"),
    (no_markup_from_data, "widgets.Label('caller ' + name)"),
    (no_markup_from_data, "self.notify(message)"),
    (no_markup_from_data, "self.notify('ok', title=name)"),
    (no_markup_from_data, "self.border_title = name"),
    (no_markup_from_data, "pane.border_subtitle = f'{count}'"),
    (no_markup_from_data, "self.tooltip = str(name)"),
    (no_markup_from_data, "line.update(f'{name}')"),
    (no_markup_from_data, "line.update('%s' % name)"),
    (no_markup_from_data, "def show(title: str | Content): self.border_title = title"),
    (
        no_screen_inherits_a_screen,
        "from console.ui.screens.inspect import Inspect\nclass Plan(Inspect): ...",
    ),
    (no_screen_inherits_a_screen, "class A(ModalScreen[None]): ...\nclass B(A): ..."),
    (nothing_is_half_done, f"x = 1  # {LATER}: more"),
    (nothing_is_half_done, f"raise {UNWRITTEN}"),
    (nothing_is_half_done, "pytest.skip('later')"),
    (nothing_is_half_done, f"@pytest.mark.{FAILING}\ndef test_it(): ..."),
]
KEPT: list[tuple[Rule, str]] = [
    (only_the_clock_reads_the_clock, "stamp.time()"),
    (only_the_clock_reads_the_clock, "datetime.fromtimestamp(moment, UTC)"),
    (no_task_adrift, "group.create_task(work())"),
    (no_markup_from_data, "Static('Cancel')"),
    (no_markup_from_data, "Static(Content(name))"),
    (no_markup_from_data, "Static(Content.assemble(a, b), id='x')"),
    (no_markup_from_data, "Static(name, markup=False)"),
    (no_markup_from_data, "def show(title: Content | None): self.border_title = title"),
    (no_markup_from_data, "self.title_text = Content(name)\nself.border_title = self.title_text"),
    (no_markup_from_data, "def caption() -> Text: ...\nStatic(caption())"),
    (no_markup_from_data, "Static()"),
    (no_markup_from_data, "rows.update(new)"),
    (no_screen_inherits_a_screen, "class A(Screen[int]): ...\nclass B(ModalScreen): ..."),
    (nothing_is_half_done, f"text = 'a {LATER} in a string'"),
    (nothing_is_half_done, f"raise {UNWRITTEN}  # Textual calls the other one"),
    (nothing_is_half_done, "pytest.skip(reason='no pidfd here')"),
]


@pytest.mark.parametrize(("rule", "source"), BROKEN)
def test_a_breach_is_caught(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(dedent(source)), source))


@pytest.mark.parametrize(("rule", "source"), KEPT)
def test_what_is_right_passes(rule: Rule, source: str) -> None:
    assert not list(rule(ast.parse(dedent(source)), source))
