from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from console.telnyx.errors import SettingRefusedError
from console.telnyx.signature import Verifier, public_key, usable

NOW = 1_800_000_000.0
STAMP = "1800000000"
BODY = b'{"data":{}}'


@dataclass
class Signer:
    key: SigningKey = field(default_factory=SigningKey.generate)

    @property
    def public(self) -> str:
        return b64encode(bytes(self.key.verify_key)).decode()

    def sign(self, body: bytes, stamp: str) -> str:
        return b64encode(self.key.sign(stamp.encode() + b"|" + body).signature).decode()


@pytest.fixture
def signer() -> Signer:
    return Signer()


def test_a_delivery_signed_by_the_account_is_trusted(signer: Signer) -> None:
    verifier = Verifier([signer.public])
    assert verifier.check([STAMP], [signer.sign(BODY, STAMP)], BODY, NOW) is None


def test_any_of_several_keys_is_enough(signer: Signer) -> None:
    other = type(signer)()
    verifier = Verifier([other.public, f" {signer.public}\n"])
    assert verifier.check([STAMP], [signer.sign(BODY, STAMP)], BODY, NOW) is None


def test_bytes_that_are_not_text_are_signed_like_any_others(signer: Signer) -> None:
    body = b"\xef\xbb\xbf\xff\x00"
    verifier = Verifier([signer.public])
    assert verifier.check([STAMP], [signer.sign(body, STAMP)], body, NOW) is None


def test_another_key_another_body_and_another_time_are_not_trusted(signer: Signer) -> None:
    verifier = Verifier([signer.public])
    foreign = type(signer)().sign(BODY, STAMP)
    own = signer.sign(BODY, STAMP)
    for stamp, signature, body in (
        (STAMP, foreign, BODY),
        (STAMP, own, BODY + b" "),
        ("1800000001", own, BODY),
    ):
        assert verifier.check([stamp], [signature], body, NOW) == "signature does not match"


@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (300, None),
        (-300, None),
        (301, "timestamp 301 s old"),
        (-412, "timestamp 412 s ahead"),
        (3601, "timestamp 60 min old"),
        (-3599, "timestamp 60 min ahead"),
    ],
)
def test_the_window_is_five_minutes_both_ways(signer: Signer, age: int, reason: str | None) -> None:
    stamp = str(int(NOW) - age)
    verifier = Verifier([signer.public])
    assert verifier.check([stamp], [signer.sign(BODY, stamp)], BODY, NOW) == reason


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        " 1800000000",
        "+180000000",
        "1_80000000",
        "1800000000\n",
        "1800000000000",
        "180000000",
        "١٨٠٠٠٠٠٠٠٠",
        "1.80000000",
        "-180000000",
    ],
)
def test_a_timestamp_is_ten_ascii_digits(signer: Signer, stamp: str) -> None:
    signature = signer.sign(BODY, stamp)
    told = Verifier([signer.public]).check([stamp], [signature], BODY, NOW)
    assert told == "timestamp is not ten digits"


def test_each_header_comes_exactly_once(signer: Signer) -> None:
    verifier, good = Verifier([signer.public]), signer.sign(BODY, STAMP)
    assert verifier.check([], [good], BODY, NOW) == "timestamp missing"
    assert verifier.check([STAMP], [], BODY, NOW) == "signature missing"
    assert verifier.check([STAMP, STAMP], [good], BODY, NOW) == "two timestamps"
    assert verifier.check([STAMP], [good, good], BODY, NOW) == "two signatures"


def test_a_signature_is_strict_base64_of_64_bytes(signer: Signer) -> None:
    verifier, good = Verifier([signer.public]), signer.sign(BODY, STAMP)
    loose = (
        good.rstrip("="),
        good + "\n",
        f"{good[:40]}\n{good[40:]}",
        urlsafe_b64encode(b"\xff" * 64).decode(),
        b64encode(b"\x00" * 63).decode(),
        b64encode(b"\x00" * 65).decode(),
        "",
    )
    for signature in loose:
        told = verifier.check([STAMP], [signature], BODY, NOW)
        assert told == "signature is not the Base64 of 64 bytes"


def test_keys_with_which_anybody_could_sign_are_refused() -> None:
    one = b"\x01" + bytes(31)
    order_eight = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
    for weak in (bytes(32), one, order_eight, b"\xff" * 32):
        with pytest.raises(SettingRefusedError):
            public_key(b64encode(weak).decode())


@pytest.mark.parametrize("text", ["", "abc", "A" * 44, "é" * 43 + "=", "00" * 32])
def test_what_is_not_a_key_is_refused(text: str) -> None:
    with pytest.raises(SettingRefusedError):
        public_key(text)


def test_no_key_at_all_is_refused() -> None:
    with pytest.raises(SettingRefusedError):
        Verifier([])


ENDS = "2027-01-15T08:00Z"
"""NOW, as a setting writes it."""


def test_a_key_that_is_rotated_out_holds_until_its_end(signer: Signer) -> None:
    verifier = Verifier([type(signer)().public, f"{signer.public}@{ENDS}"])
    sent = [STAMP], [signer.sign(BODY, STAMP)], BODY
    assert verifier.check(*sent, NOW) is None
    assert verifier.check(*sent, NOW + 1.0) == "signed with a key that expired"
    claim = verifier.claim(*sent[:2], NOW)
    assert not isinstance(claim, str)
    key = verifier.signer(claim, BODY, NOW)
    assert not isinstance(key, str)
    assert key.text == signer.public, "without its end"


def test_a_key_that_was_given_twice_holds_while_either_does(signer: Signer) -> None:
    for keys in ([f"{signer.public}@{ENDS}", signer.public], [signer.public, signer.public]):
        sent = [STAMP], [signer.sign(BODY, STAMP)], BODY
        assert Verifier(keys).check(*sent, NOW + 1.0) is None


@pytest.mark.parametrize("end", ["", "soon", "2027-01-15", "2027-01-15T08:00", "1800000000"])
def test_an_end_that_is_no_time_or_has_no_zone_is_refused(signer: Signer, end: str) -> None:
    with pytest.raises(SettingRefusedError, match="2026-12-01T18:00Z"):
        public_key(f"{signer.public}@{end}")


def test_keys_that_have_all_ended_trust_nothing_and_are_refused(signer: Signer) -> None:
    ended = f"{signer.public}@{ENDS}"
    usable([ended], NOW)
    usable([ended, type(signer)().public], NOW + 1.0)
    with pytest.raises(SettingRefusedError, match="expired"):
        usable([ended, ended], NOW + 1.0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(body=st.binary(max_size=80), flip=st.integers(0, 10_000))
def test_one_bit_changed_anywhere_is_seen(signer: Signer, body: bytes, flip: int) -> None:
    verifier = Verifier([signer.public])
    signature = signer.sign(body, STAMP)
    assert verifier.check([STAMP], [signature], body, NOW) is None
    if body:
        at, bit = divmod(flip, 8)
        changed = bytearray(body)
        changed[at % len(body)] ^= 1 << bit
        assert verifier.check([STAMP], [signature], bytes(changed), NOW) is not None
