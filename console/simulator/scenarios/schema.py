"""Checks the data of a TOML file against frozen dataclasses, and names the place of an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Annotated, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
TYPE_NAMES: dict[object, str] = {
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


def parse(kind: type[T], data: object, place: str = "") -> T:
    """Return a ``kind`` made from the data of a file; ``place`` is where the data stands in it.

    Raises:
        ValueError: ``place: what is wrong``, for the first error.
    """
    return cast("T", _parse(kind, data, place))


def _parse(kind: object, data: object, place: str) -> object:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *marks = get_args(kind)
        value = _parse(inner, data, place)
        for limit in marks:
            if isinstance(limit, Limit):
                _check_limit(limit, value, place)
        return value
    if origin is Literal:
        return _one_of(get_args(kind), data, place)
    if origin is tuple:
        return _each(get_args(kind)[0], data, place)
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, data, place)
    return _plain(kind, data, place)


def _record(kind: type, data: object, place: str) -> object:
    if not isinstance(data, dict):
        raise _wrong(place, "this must be a table")
    hints = get_type_hints(kind, include_extras=True)
    names = {name: name for name in hints} | _former_names(hints)
    written: dict[str, str] = {}
    for name in data:
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
            name: _parse(hints[name], data[former], _join(place, former))
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


def _each(kind: object, data: object, place: str) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise _wrong(place, "this must be a list")
    return tuple(_parse(kind, one, _join(place, str(at))) for at, one in enumerate(data))


def _plain(kind: object, data: object, place: str) -> object:
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if type(data) is not kind:
        raise _wrong(place, f"this must be {TYPE_NAMES.get(kind, kind)}, not {data!r}")
    return data


def _one_of(allowed: tuple[object, ...], data: object, place: str) -> object:
    if data not in allowed:
        raise _wrong(place, f"this must be one of {', '.join(map(str, allowed))}, not {data!r}")
    return data


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
