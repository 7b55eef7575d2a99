"""Types and limits of the members of a request body; all problems are reported together."""

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
from console.simulator.http_types import Json

SIP = re.compile(r"sips?:[^\s@]+@[^\s@]+|sips?:[^\s@]+")
LARGEST = 2**31 - 1
E164 = re.compile(r"\+[1-9]\d{6,14}")


class Kind(Protocol):
    """The type of a body member."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the first problem of the value, or None if it is valid."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string; lengths in characters."""

    shortest: int = 0
    longest: int | None = None
    pattern: str | None = None

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of a wrong type, length or form."""
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
        """Return the problem of a value that is not a Base64 string."""
        try:
            base64.b64decode(value if isinstance(value, str) else "!", validate=True)
        except (binascii.Error, ValueError):
            return errors.invalid(pointer, "The value must be a valid Base-64 encoded string.")
        return None


@dataclass(frozen=True, slots=True)
class Uuid:
    """A UUID in its usual spelling."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of a value that is not a UUID."""
        try:
            UUID(value if isinstance(value, str) else "")
        except ValueError:
            return errors.invalid(pointer, "The value must be a UUID.")
        return None


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer between two limits, both included. INFERRED: the largest is 32 bits."""

    least: int | None = None
    most: int | None = None

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of a wrong type or a number outside the limits."""
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
    """A boolean."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of a value that is not a boolean."""
        if not isinstance(value, bool):
            return errors.invalid(pointer, "The value must be a boolean.")
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the given strings."""

    values: tuple[str, ...]

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of a value that is not one of the strings."""
        if value not in self.values:
            return errors.not_one_of(pointer, self.values)
        return None


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of strings."""

    shortest: int = 0

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of a value that is not a list of strings, or is too short."""
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            return errors.invalid(pointer, "The value must be a list of strings.")
        if len(value) < self.shortest:
            return errors.invalid(pointer, f"The list must have {self.shortest} or more members.")
        return None


@dataclass(frozen=True, slots=True)
class Loop:
    """An integer from 1 to 100, or ``infinity`` (Telnyx API, play, loop)."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of any other value."""
        if value == "infinity":
            return None
        return Whole(1, 100).problem(value, pointer)


@dataclass(frozen=True, slots=True)
class Callee:
    """A number in +E164 form or a SIP URI, or a list of them (Telnyx API, dial, to)."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of any other value."""
        callees = value if isinstance(value, list) and value else [value]
        for one in callees:
            if not isinstance(one, str) or not (E164.fullmatch(one) or SIP.fullmatch(one)):
                return errors.not_e164(pointer)
        return None


@dataclass(frozen=True, slots=True)
class Tagged:
    """An object whose ``type`` is one of the given strings (Telnyx API, speak, voice_settings)."""

    types: tuple[str, ...]

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of a value that is not an object or has no known type."""
        if not isinstance(value, dict):
            return errors.invalid(pointer, "The value must be an object.")
        if "type" not in value:
            return errors.missing(f"{pointer}/type")
        return Choice(self.types).problem(value["type"], f"{pointer}/type")


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a body; ``fields`` are the members of a nested object."""

    name: str
    kind: Kind | None = None
    required: bool = False
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A validated body. A member that is absent or null takes its default."""

    values: Mapping[str, Json] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str | None:
        """Return a string, or None if absent."""
        return cast("str | None", self.values.get(name))

    def given(self, name: str) -> str:
        """Return a required string."""
        return cast("str", self.values[name])

    def choice(self, name: str, default: str) -> str:
        """Return a string, or the default if absent."""
        return cast("str", self.values.get(name, default))

    def whole(self, name: str, default: int) -> int:
        """Return an integer, or the default if absent."""
        return cast("int", self.values.get(name, default))

    def whole_or_none(self, name: str) -> int | None:
        """Return an integer, or None if absent."""
        return cast("int | None", self.values.get(name))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean, or the default if absent."""
        return cast("bool", self.values.get(name, default))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings, empty if absent."""
        return tuple(cast("Sequence[str]", self.values.get(name, ())))

    def nested(self, name: str) -> Body | None:
        """Return a nested object, or None if absent."""
        value = self.values.get(name)
        return None if value is None else Body(cast("Mapping[str, Json]", value))


def read(fields: Sequence[Field], sent: Mapping[str, Json]) -> Body:
    """Check every member of a body and return it. Unknown members are ignored.

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
