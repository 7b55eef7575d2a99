"""Checks the data of a TOML file against frozen dataclasses, and names the place of an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Annotated, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
WORDS: dict[object, str] = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


@dataclass(frozen=True, slots=True)
class Formerly:
    """The former name of a member, which a file may still use."""

    name: str


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits of a number, or of the length of a list; ``over`` excludes ``least`` itself."""

    least: float
    over: bool = False
    most: float = float("inf")

    def allows(self, measured: float) -> bool:
        """Return True if a number, or a length, is within the limits."""
        enough = measured > self.least if self.over else measured >= self.least
        return enough and measured <= self.most

    def __str__(self) -> str:
        least = f"{'more than' if self.over else 'at least'} {self.least:g}"
        return least if self.most == float("inf") else f"{least} and at most {self.most:g}"


def fit(kind: type[T], said: object, place: str = "") -> T:
    """Return a ``kind`` made from the data of a file; ``place`` is where the data stands in it.

    Raises:
        ValueError: ``place: what is wrong``, for the first error.
    """
    return cast("T", _fit(kind, said, place))


def _fit(kind: object, said: object, place: str) -> object:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *marks = get_args(kind)
        value = _fit(inner, said, place)
        for limit in marks:
            if isinstance(limit, Limit):
                _check_limit(limit, value, place)
        return value
    if origin is Literal:
        return _one_of(get_args(kind), said, place)
    if origin is tuple:
        return _each(get_args(kind)[0], said, place)
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, said, place)
    return _plain(kind, said, place)


def _record(kind: type, said: object, place: str) -> object:
    if not isinstance(said, dict):
        raise _wrong(place, "this must be a table")
    hints = get_type_hints(kind, include_extras=True)
    names = {name: name for name in hints} | _former_names(hints)
    written: dict[str, str] = {}
    for name in said:
        if name not in names:
            raise _wrong(_join(place, name), f"unknown; known are {', '.join(hints)}")
        if names[name] in written:
            raise _wrong(_join(place, name), f"the same as {written[names[name]]}, given above")
        written[names[name]] = name
    for one in fields(kind):
        required = one.default is MISSING and one.default_factory is MISSING
        if required and one.name not in written:
            raise _wrong(_join(place, one.name), "this is missing")
    return kind(
        **{
            name: _fit(hints[name], said[former], _join(place, former))
            for name, former in written.items()
        }
    )


def _former_names(hints: Mapping[str, object]) -> dict[str, str]:
    """Return the former names of members, each with the name of today."""
    return {
        mark.name: name
        for name, hint in hints.items()
        for mark in getattr(hint, "__metadata__", ())
        if isinstance(mark, Formerly)
    }


def _each(kind: object, said: object, place: str) -> tuple[object, ...]:
    if not isinstance(said, list):
        raise _wrong(place, "this must be a list")
    return tuple(_fit(kind, one, _join(place, str(at))) for at, one in enumerate(said))


def _plain(kind: object, said: object, place: str) -> object:
    if kind is float and isinstance(said, int) and not isinstance(said, bool):
        return float(said)
    if type(said) is not kind:
        raise _wrong(place, f"this must be {WORDS.get(kind, kind)}, not {said!r}")
    return said


def _one_of(allowed: tuple[object, ...], said: object, place: str) -> object:
    if said not in allowed:
        raise _wrong(place, f"this must be one of {', '.join(map(str, allowed))}, not {said!r}")
    return said


def _check_limit(limit: Limit, value: object, place: str) -> None:
    measured = value if isinstance(value, int | float) else len(cast("tuple[object, ...]", value))
    if not limit.allows(measured):
        raise _wrong(place, f"this must be {limit}, not {_shown(value)}")


def _shown(value: object) -> object:
    """Return a number as it is, and the length of a list."""
    return value if isinstance(value, int | float) else f"{len(cast('tuple[object]', value))}"


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _wrong(place: str, what: str) -> ValueError:
    return ValueError(f"{place or 'the file'}: {what}")
