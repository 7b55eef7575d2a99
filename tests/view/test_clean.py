"""Text from outside becomes one inert line of visible text, whatever it contains."""
# ruff: noqa: RUF001  # the signs we draw are meant

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.view.text.cell_width import cells
from console.view.text.labels import LONGEST, MARKS, caller_number, clean
from console.view.text.phone_numbers import country_code

NEVER = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Controls, formats (bidi and zero-width among them), surrogates, private, unassigned, breaks."""
BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
IGNORABLE = {
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0, 0x2800),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xE0000, 0xE1000),
}
"""Code points that Unicode lets a renderer draw as nothing, and a blank braille cell."""
RIDERS = ((0x1161, 0x11FF), (0xD7B0, 0xD7FB))
"""Hangul vowels and finals, which take no cell of their own."""

anything = st.text(st.characters(exclude_categories=()), max_size=300)
nasty = st.text(
    st.sampled_from(
        "ab é\u0301\u0300\u0e31\u20dd\u1161\u11a8\ud7b0\u1160\u202e\u2066\u200d\ufeff\ufe0f\x1b\x9b"
        "\n\u2028\u3000\ue000\U000e0041\U000e0101\U0010ffff\ud800\u17b4\u180b漢👩🇩"
    ),
    max_size=300,
)


def rides(character: str) -> bool:
    low = any(first <= ord(character) <= last for first, last in RIDERS)
    return low or unicodedata.category(character) in {"Mn", "Mc", "Me"}


@settings(max_examples=400)
@given(text=anything | nasty, limit=st.integers(1, 130))
@example(text="a" + "\u0301" * 5_000 + "b", limit=120)
@example(text="\u1100" + "\u1161" * 5_000, limit=120)
@example(text="\u0301", limit=120)
@example(text="\u6f22" * 12, limit=12)
def test_whatever_comes_in_what_goes_out_is_inert(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert not {unicodedata.category(character) for character in shown} & NEVER
    assert not {ord(character) for character in shown} & IGNORABLE
    assert not any(character.isspace() and character != " " for character in shown)
    assert len(shown.splitlines()) <= 1
    assert len(shown) <= limit
    assert cells(shown) <= limit
    riding = 0
    for place, character in enumerate(shown):
        riding = riding + 1 if rides(character) else 0
        assert riding <= MARKS
        assert place or not riding, "nothing rides on what stands before the text"
    assert clean(shown, limit) == shown, "cleaning again changes nothing"


def test_every_code_point_of_unicode_is_inert() -> None:
    for code in range(0x110000):
        category = unicodedata.category(chr(code))
        if category in {"Co", "Cn"} and code % 251:
            continue  # a million that are all treated alike
        character = chr(code)
        shown = clean.__wrapped__(character)
        if category in NEVER or code in IGNORABLE:
            assert shown.startswith(("^", "‹")) or not shown
            assert shown.isprintable()
        else:
            assert shown in {character, " "} or (rides(character) and not shown)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=LONGEST))
def test_plain_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


@given(st.text("αβγдежñüßø漢字かな", max_size=LONGEST))
def test_names_in_other_scripts_are_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("\x1b[31m", "^[[31m"),
        ("\x7f\x00", "^?^@"),
        ("a\u202eb", "a‹202E›b"),
        ("\x9b2J", "‹009B›2J"),
        ("\U000e0041", "‹E0041›"),
        ("one\u2028two\nthree", "one‹2028›two^Jthree"),
        ("a\u00a0b\u3000c", "a b c"),
        ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301"),
        ("\u1112\u1161\u11ab", "\u1112\u1161\u11ab"),
        ("a\ufe0fb\u034fc", "abc"),
        ("x" * 121, "x" * 119 + "…"),
        ("a" + "\u0301" * 500 + "hidden", "a\u0301\u0301…"),
    ],
)
def test_what_it_becomes(given_: str, shown: str) -> None:
    assert clean(given_) == shown


@given(anything)
def test_a_number_is_grouped_or_cleaned_and_never_more(text: str) -> None:
    assert caller_number(text) in {clean(text), "withheld"} or text.startswith("+")


@given(st.from_regex(r"\+[0-9]{7,15}", fullmatch=True))
def test_grouping_a_number_changes_no_digit_and_splits_at_an_assigned_country_code(
    text: str,
) -> None:
    shown = caller_number(text)
    if shown != "withheld":
        assert shown.replace(" ", "") == text
        code = shown.split(" ")[0].removeprefix("+")
        assert shown == text or country_code(text) == code


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("+15125550103", "+1 512 555 0103"),
        ("+4930123456789", "+49 301 234 567 89"),
        ("+4930123", "+49 301 23"),
        ("+420777123456", "+420 777 123 456"),
        ("+35312345678", "+353 123 456 78"),
        ("+71234567890", "+7 123 456 7890"),
        ("+99912345678", "+99912345678"),
        ("+2101234567", "+2101234567"),
        ("", "withheld"),
        ("+266696687", "withheld"),
        ("+1266696687", "withheld"),
        ("7378742833", "withheld"),
        ("sip:anonymous@anonymous.invalid", "withheld"),
        ("Restricted", "withheld"),
        ("No Caller ID", "withheld"),
        ("sip:unknown.soldier@example.com", "sip:unknown.soldier@example.com"),
        ("sip:bo@example.com", "sip:bo@example.com"),
        ("anonymous", "withheld"),
        ("+1512555010", "+1 512 555 010"),
        ("+1512555010٣", "+1512555010٣"),
        ("+15125550103\n", "+15125550103^J"),
    ],
)
def test_numbers(given_: str, shown: str) -> None:
    assert caller_number(given_) == shown


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("漢字", 4), ("e\u0301", 1), ("\u1112\u1161\u11ab", 2), ("▲ ◆", 3)],
)
def test_cells_of_the_terminal_are_counted_and_not_characters(text: str, width: int) -> None:
    assert cells(text) == width


def test_a_name_of_wide_characters_is_cut_to_the_cells_it_has() -> None:
    assert clean("漢漢漢漢漢漢", 12) == "漢漢漢漢漢漢"
    assert clean("漢漢漢漢漢漢漢", 12) == "漢漢漢漢漢…"
    assert clean("acme-eu", 12) == "acme-eu"
    assert clean("acme-europe-west", 12) == "acme-europe…"
