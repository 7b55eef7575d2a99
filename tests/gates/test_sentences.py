"""Gate: docstrings and comments have a subject, and none of the phrases that hide it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import StringIO
from tokenize import COMMENT, generate_tokens

import pytest

from support.checkout import ROOT, python_files

OPENINGS = "Whether|Whom|Whose|Who|What"
PHRASES = (
    *("of whom", "in its stead", "be it", "for want of", "had from"),
    r"no more\b(?! than)",
)
_OPENS = re.compile(rf"\A\W*(?i:{OPENINGS})\b|[.:!?]\s+(?:{OPENINGS})\b")
_PHRASE = re.compile(rf"\b(?i:{'|'.join(PHRASES)})\b")
_TOOLS = re.compile(r"\A\s*(?:noqa|type): ?\S*(?:, [A-Z]+[0-9]+)*(?:\s+-|\s+)?")
"""The part of a comment that a tool reads."""


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each docstring, also of attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each comment; lines below each other are one comment."""
    block: list[str] = []
    start = last = 0
    for token in generate_tokens(StringIO(source).readline):
        if token.type != COMMENT:
            continue
        line, column = token.start
        if token.line[:column].strip():
            for part in token.string.split("#"):
                yield line, _TOOLS.sub("", part)
            continue
        if block and line != last + 1:
            yield start, " ".join(block)
            block = []
        start, last = (start if block else line), line
        block.append(token.string.lstrip("# "))
    if block:
        yield start, " ".join(block)


def faults(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of each opening or phrase that the gate forbids."""
    for line, text in (*docstrings(ast.parse(source)), *comments(source)):
        for pattern in (_OPENS, _PHRASE):
            for found in pattern.finditer(" ".join(text.split())):
                yield line, found[0].strip(" .:!?")


def test_every_sentence_says_its_subject() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in python_files("console", "benchmarks", "tests")
        for line, words in faults(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        '"""Whether it runs."""',
        '"""What is known of it."""',
        'x = 1\n"""Who is told."""',
        '"""Return a leg. Whose it is, is unknown."""',
        '"""The names, of whom one is ours."""',
        "x = 1  # what stands here",
        "x = 1  # noqa: SLF001  # whose it is",
        "x = 1  # type: ignore[misc]  # no more",
        "# a rule:\n# be it ours",
    ],
)
def test_a_fault_is_found(source: str) -> None:
    assert list(faults(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Return True if it runs."""',
        '"""Return what a leg costs."""',
        '"""At most, and no more than ten."""',
        'x = "What is known of it"',
        "# Say\n# what it is",
        "x = 1  # noqa: SLF001  # its owner has no method for it",
    ],
)
def test_a_plain_sentence_passes(source: str) -> None:
    assert not list(faults(source))
