"""Gate: no object of the console gets an attribute from outside after it is made.

An attribute that another object assigns has no single place that says when it changes. Give the
value to the constructor, or write a method. The simulator is left out: its world is mutable, and
it is a program of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from support.checkout import ROOT, python_files

TEXTUAL = {
    *("display", "disabled", "border_title", "border_subtitle"),
    *("label", "value", "cursor_position"),
}
"""Attributes through which Textual lets a screen change its own children; for console/ui."""
EXCEPTIONS = {
    "console/core": {"draft": "a Draft is the copy of the state that one update writes"},
    "console/ui": dict.fromkeys(TEXTUAL, "an attribute of Textual's widgets"),
    "console/ui/textual_patches/input_order.py": {
        "app_focus": "Textual's, which the terminal's report of the focus sets too",
    },
    "console/ui/textual_patches/input_to_messages.py": {
        "mouse_pixels": "of Textual's parser, which has no parameter for it",
    },
    "console/ui/exit_signals.py": {"daemon": "threading.Timer has no parameter for it"},
    "console/telnyx/certificates.py": {"keylog_filename": "ssl.SSLContext has no parameter for it"},
    "console/process_setup.py": {"sys": "the standard streams are the interpreter's"},
}
"""By file or folder: the attribute's or the object's name, and the reason why it may be set."""
_SETTERS = {"setattr", "delattr", "__setattr__", "__delattr__"}


def assignments(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the object and the attribute of each assignment to another object."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=owner, attr=name, ctx=ast.Store() | ast.Del()):
                if not (isinstance(owner, ast.Name) and owner.id in {"self", "cls"}):
                    yield node.lineno, ast.unparse(owner), name
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[owner, *_]):
                if name in _SETTERS:
                    yield node.lineno, ast.unparse(owner), name


def excepted(file: str, owner: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the exceptions that allow this assignment."""
    for place, names in EXCEPTIONS.items():
        if file == place or file.startswith(f"{place}/"):
            yield from ((place, each) for each in names if each in {owner, name})


def test_nothing_is_assigned_into_an_object_from_outside() -> None:
    found, used = [], set[tuple[str, str]]()
    for path in python_files("console"):
        file = str(path.relative_to(ROOT))
        if file.startswith("console/simulator/"):
            continue
        for line, owner, name in assignments(ast.parse(path.read_text(encoding="utf-8"))):
            reasons = set(excepted(file, owner, name))
            used |= reasons
            if not reasons:
                found.append(f"{file}:{line}: {owner}.{name}")
    assert found == [], "\n".join(found)
    assert used == {(place, name) for place, names in EXCEPTIONS.items() for name in names}


@pytest.mark.parametrize(
    "source",
    [
        "store.perform = run",
        "self.store.changed = told",
        "row.count += 1",
        "del row.count",
        "row.a, row.b = 1, 2",
        "for row.a in rows: pass",
        "with file as row.a: pass",
        "setattr(row, 'a', 1)",
        "object.__setattr__(row, 'a', 1)",
    ],
)
def test_an_assignment_is_found(source: str) -> None:
    assert list(assignments(ast.parse(source)))


@pytest.mark.parametrize("source", ["self.a = 1", "self.a += 1", "rows[0] = row", "a = row.b"])
def test_all_else_passes(source: str) -> None:
    assert not list(assignments(ast.parse(source)))
