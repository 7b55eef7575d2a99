"""The members of a request body: their types and limits, read once, with every reason at once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast
from uuid import UUID

from console.simulator import errors
from console.simulator.errors import Problem
from console.simulator.wire import Json

SIP = re.compile(r"sips?:[^\s@]+@[^\s@]+|sips?:[^\s@]+")
LARGEST = 2**31 - 1
E164 = re.compile(r"\+[1-9]\d{6,14}")


class Kind(Protocol):
    """What a value has to be; ``problem`` says what is wrong with it, or None."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """The first thing wrong with the value."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string; lengths in characters."""

    shortest: int = 0
    longest: int | None = None
    pattern: str | None = None

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Wrong type, wrong form, too short or too long."""
        if not isinstance(value, str):
            return errors.invalid(pointer, "The value must be a string.")
        if len(value) < self.shortest or (self.longest is not None and len(value) > self.longest):
            limits = f"{self.shortest} to {self.longest or 'any number of'}"
            return errors.out_of_range(pointer, f"The length must be {limits} characters.")
        if self.pattern is not None and re.fullmatch(self.pattern, value) is None:
            return errors.invalid(pointer, f"The value must match {self.pattern}.")
        return None


@dataclass(frozen=True, slots=True)
class Base64Text:
    """A string of valid Base64 (Telnyx API, client_state)."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Not a string, or not Base64."""
        try:
            base64.b64decode(value if isinstance(value, str) else "!", validate=True)
        except (binascii.Error, ValueError):
            return errors.invalid(pointer, "The value must be a valid Base-64 encoded string.")
        return None


@dataclass(frozen=True, slots=True)
class Uuid:
    """A UUID in its usual spelling."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Not a UUID."""
        try:
            UUID(value if isinstance(value, str) else "")
        except ValueError:
            return errors.invalid(pointer, "The value must be a UUID.")
        return None


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer between limits, both included; INFERRED: none is larger than 32 bits hold."""

    least: int | None = None
    most: int | None = None

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Wrong type or outside the limits."""
        if not isinstance(value, int) or isinstance(value, bool):
            return errors.invalid(pointer, "The value must be an integer.")
        low = self.least is not None and value < self.least
        high = value > (LARGEST if self.most is None else self.most)
        if low or high:
            most = LARGEST if self.most is None else self.most
            return errors.out_of_range(pointer, f"The value must be from {self.least} to {most}.")
        return None


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Neither."""
        if not isinstance(value, bool):
            return errors.invalid(pointer, "The value must be a boolean.")
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some strings."""

    values: tuple[str, ...]

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """None of them."""
        if value not in self.values:
            return errors.not_one_of(pointer, self.values)
        return None


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of strings."""

    shortest: int = 0

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Not a list of strings, or too short a list."""
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            return errors.invalid(pointer, "The value must be a list of strings.")
        if len(value) < self.shortest:
            return errors.invalid(pointer, f"The list must have {self.shortest} or more members.")
        return None


@dataclass(frozen=True, slots=True)
class Loop:
    """1 to 100, or ``infinity`` (Telnyx API, play, loop)."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Anything else."""
        if value == "infinity":
            return None
        return Whole(1, 100).problem(value, pointer)


@dataclass(frozen=True, slots=True)
class Callee:
    """A number in +E164 form or a SIP URI, or a list of them (Telnyx API, dial, to)."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Anything else."""
        callees = value if isinstance(value, list) and value else [value]
        for one in callees:
            if not isinstance(one, str) or not (E164.fullmatch(one) or SIP.fullmatch(one)):
                return errors.not_e164(pointer)
        return None


@dataclass(frozen=True, slots=True)
class Tagged:
    """An object whose ``type`` is one of some strings (Telnyx API, speak, voice_settings)."""

    types: tuple[str, ...]

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Not an object, no type, or an unknown one."""
        if not isinstance(value, dict):
            return errors.invalid(pointer, "The value must be an object.")
        if "type" not in value:
            return errors.missing(f"{pointer}/type")
        return Choice(self.types).problem(value["type"], f"{pointer}/type")


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a body; ``fields`` are those of a nested object."""

    name: str
    kind: Kind | None = None
    required: bool = False
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A body whose members have been found good; what is absent or null takes its default."""

    values: Mapping[str, Json] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str | None:
        """A string, or None."""
        return cast("str | None", self.values.get(name))

    def given(self, name: str) -> str:
        """A string that is required."""
        return cast("str", self.values[name])

    def choice(self, name: str, default: str) -> str:
        """A string with a default."""
        return cast("str", self.values.get(name, default))

    def whole(self, name: str, default: int) -> int:
        """An integer with a default."""
        return cast("int", self.values.get(name, default))

    def whole_or_none(self, name: str) -> int | None:
        """An integer, or None."""
        return cast("int | None", self.values.get(name))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean with a default."""
        return cast("bool", self.values.get(name, default))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings; empty where absent."""
        return tuple(cast("Sequence[str]", self.values.get(name, ())))

    def nested(self, name: str) -> Body | None:
        """An object, or None."""
        value = self.values.get(name)
        return None if value is None else Body(cast("Mapping[str, Json]", value))


def read(fields: Sequence[Field], sent: Mapping[str, Json]) -> Body:
    """Check every member; unknown ones are ignored.

    Raises:
        ApiError: 422 with a problem for each member that is missing or wrong.
    """
    problems: list[Problem] = []
    values = _read(fields, sent, "", problems)
    if problems:
        raise errors.refused(422, problems)
    return Body(values)


def _read(
    fields: Sequence[Field], sent: Mapping[str, Json], at: str, problems: list[Problem]
) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for one in fields:
        value, pointer = sent.get(one.name), f"{at}/{one.name}"
        if value is None:
            if one.required:
                problems.append(errors.missing(pointer))
        elif one.fields:
            if isinstance(value, Mapping):
                values[one.name] = _read(one.fields, value, pointer, problems)
            else:
                problems.append(errors.invalid(pointer, "The value must be an object."))
        elif one.kind is not None and (wrong := one.kind.problem(value, pointer)):
            problems.append(wrong)
        else:
            values[one.name] = value
    return values
