"""The documentation says what the program does, and its links lead somewhere."""

from __future__ import annotations

import re

import pytest

from console.commands import COMMANDS
from console.commands.navigation_keys import NAVIGATION
from console.settings import Settings
from console.simulator.faults import FAULTS
from console.ui.keys import LEVELS, ONE_AT_ONCE
from support.checkout import ROOT
from support.documentation import FENCE, broken_links, key_table, missing_paths, pages

README = ROOT / "README.md"
KEYS = ROOT / "docs/keys.md"
LONGEST_README = 700
"""Words of the front page, counted as ``wc -w`` counts them."""
FRONT_KEYS = 10
SET_UP = ["pip install . && telnyx-console demo", "pip install '.[test]' && pytest"]


def test_the_readme_is_a_front_page() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.split()) <= LONGEST_README
    blocks = [block.strip("`\n") for block in FENCE.findall(text)]
    assert blocks[:2] == SET_UP


def test_the_readme_names_ten_keys_that_exist() -> None:
    table = README.read_text(encoding="utf-8").split("## Ten keys")[1].split("##")[0]
    named = [
        re.findall(r"`([^`]+)`", line.split("|")[1])
        for line in table.splitlines()[4:]
        if line[:1] == "|"
    ]
    known = {key for c in COMMANDS.values() for key in c.how_to_start.split()}
    known |= {key for each in NAVIGATION for key in each.shown.split()}
    assert len(named) == FRONT_KEYS
    assert {key for keys in named for key in keys} <= known


def test_the_key_table_is_the_catalogues() -> None:
    found = re.search(r"<!-- keys:.*?-->\n(.*?)\n?<!-- /keys -->", KEYS.read_text(), re.DOTALL)
    assert found is not None
    assert found[1].strip() == key_table(), f"the table in docs/keys.md should be:\n{key_table()}"


def test_each_confirmation_level_is_explained() -> None:
    meanings = re.findall(r"^\| ([^|`]+) \|", KEYS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {*LEVELS.values(), ONE_AT_ONCE} <= set(meanings)


def test_each_setting_is_documented() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    names = {
        str(field.validation_alias or f"TELNYX_{name.upper()}")
        for name, field in Settings.model_fields.items()
    }
    rows = set(re.findall(r"^\| `(TELNYX_[A-Z_]+)(?:=[01])?` \|", text, re.MULTILINE))
    assert rows == names


def test_each_fault_of_the_simulator_is_documented() -> None:
    text = (ROOT / "docs/simulator.md").read_text(encoding="utf-8")
    assert [name for name in FAULTS if f"`{name}`" not in text] == []


def test_each_benchmark_is_documented() -> None:
    text = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    programs = {
        f"benchmarks.{path.stem}"
        for path in (ROOT / "benchmarks").glob("*.py")
        if f"python -m benchmarks.{path.stem}" in path.read_text(encoding="utf-8")
    }
    assert programs == set(re.findall(r"^\| `(benchmarks\.\w+)` \|", text, re.MULTILINE))


def test_every_relative_link_leads_to_a_file() -> None:
    broken = {
        str(page.relative_to(ROOT)): list(broken_links(page, page.read_text(encoding="utf-8")))
        for page in pages()
    }
    assert {page: links for page, links in broken.items() if links} == {}


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("[a](docs/keys.md)", []),
        ("![a](docs/pictures/none.png)", ["docs/pictures/none.png"]),
        ("[a](https://example.com/none)", []),
        ("[a](docs/keys.md#undo)", []),
        ("[a](docs/keys.md#nothing)", ["docs/keys.md#nothing"]),
        ("# One heading\n[a](#one-heading) [b](#another)", ["#another"]),
        ("```\n[a](none)\n```", []),
        ("[a](../outside.md)", ["../outside.md"]),
    ],
)
def test_a_broken_link_is_found(text: str, broken: list[str]) -> None:
    assert list(broken_links(README, text)) == broken


def test_every_module_and_folder_that_a_page_names_exists() -> None:
    gone = {
        str(page.relative_to(ROOT)): list(missing_paths(page.read_text(encoding="utf-8")))
        for page in pages()
        if page.name != "CHANGELOG.md"
    }
    assert {page: paths for page, paths in gone.items() if paths} == {}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("`core/update.py`, cli.py", []),
        ("`view/update.py`", ["view/update.py"]),
        ("  ui/    draws\n  iu/    draws", ["iu/"]),
        ("`ui/widgets/`, `ui/gadgets/`", ["ui/gadgets/"]),
        ("date.py", ["date.py"]),
    ],
)
def test_a_path_that_is_not_there_is_found(text: str, missing: list[str]) -> None:
    assert list(missing_paths(text)) == missing


def test_every_dependency_has_its_reason() -> None:
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = re.findall(r'^  "([A-Za-z0-9-]+)[=><]', declared, re.MULTILINE)
    table = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("## Dependencies")[1]
    listed = set(
        re.findall(r"[\w-]+", " ".join(re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)))
    )
    assert names
    assert [name for name in names if name not in listed] == []
