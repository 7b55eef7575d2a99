"""One function masks numbers, keys and credentials, however they are spelled."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.core.masking import HIDDEN, mask
from support.secrecy import ENCODINGS, Secret, digits_in, secrets

BEFORE_AND_AFTER = st.text("abc xyz,.:;", max_size=12)


@given(secrets(), st.sampled_from(sorted(ENCODINGS)), BEFORE_AND_AFTER, BEFORE_AND_AFTER)
def test_a_number_is_masked_in_every_spelling(
    secret: Secret, encoding: str, before: str, after: str
) -> None:
    masked = mask(ENCODINGS[encoding](f"{before}{secret.spelled}{after}"))
    assert secret.digits not in digits_in(masked)
    assert f"..{secret.digits[-4:]}" in masked


@given(secrets(), st.text("abc xyz,.:;", max_size=12))
def test_base64_that_spells_a_number_is_hidden(secret: Secret, before: str) -> None:
    text = f"{before}x{secret.spelled}"
    word = base64.b64encode(text.encode()).decode()
    assert mask(f"state {word}") == f"state {HIDDEN}"
    safe = base64.urlsafe_b64encode(text.encode()).decode()
    assert safe not in mask(f"https://a.example/{safe}/b")


@given(st.text())
def test_what_is_masked_once_is_masked(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "card 4111 1111 1111 1111 pin 987654321 call 512-555-0142",
            "card ..1111 pin ..4321 call ..0142",
        ),
        ("call +1 (512) 555.0142 back", "call ..0142 back"),
        (
            '<say-as interpret-as="digits">4111</say-as><break/>1111 ends',
            '<say-as interpret-as="digits">..1111 ends',
        ),
        ('<sub alias="4111 1111">card</sub>', '<sub alias="..1111">card</sub>'),
        ("4111&nbsp;1111", "..1111"),
        ("五一二五五五〇一四二", "..〇一四二"),
        ("the key KEY0123456789abcdef_x", f"the key {HIDDEN}"),
        ("Authorization: Bearer a1b2c3d4", f"Authorization: {HIDDEN}"),
    ],
)
def test_a_masked_text_shows_the_last_four_digits(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "room 512, 3 of 14",
        "basic service",
        "7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4d3",
        "listening on 127.0.0.1:8787",
        "2 people for 12 minutes, 3 more",
        "aGVsbG8gd29ybGQgb2YgY2FsbHM=",
    ],
)
def test_what_is_no_number_stands(text: str) -> None:
    assert mask(text) == text
