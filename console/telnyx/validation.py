"""Validation of Telnyx objects member by member: valid members are kept, invalid ones reported.

One odd value costs only that value: the object is validated again without the odd members. Only
the identity must be valid, because without it the object cannot be assigned to a resource.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import ValidationError

if TYPE_CHECKING:
    from console.core.model.listed_resources import Odd
    from console.telnyx.json_models import ItemShape, Shape

S = TypeVar("S", bound="Shape")
R = TypeVar("R", bound="ItemShape")

_WANTED: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a time",
    bool: "true or false",
    tuple: "a list of ids",
}
"""The words for the expected value, by the member's type. ISO times have the type float."""
_SHOWN = 40
"""Most characters of an odd value that are repeated."""
_ABSENT = object()


class NamelessError(Exception):
    """An item has no valid identity. The text names the member and repeats no content."""


def fitted(shape: type[S], members: Mapping[str, object]) -> tuple[S, frozenset[str]]:
    """Return the object with its valid members, and the names of the invalid ones.

    Raise NamelessError if a required member of the shape is invalid.
    """
    try:
        return shape.model_validate(members), frozenset()
    except ValidationError as refusal:
        errors = refusal.errors(include_input=False, include_url=False, include_context=False)
    bad = frozenset(str(error["loc"][0]) for error in errors)
    for name, field in _members(shape).items():
        if name in bad and shape.model_fields[field].is_required():
            raise NamelessError(f"no {name}")
    rest = {name: value for name, value in members.items() if name not in bad}
    return shape.model_validate(rest), bad


def row(shape: type[R], item: object) -> tuple[R, Odd]:
    """Return an item of a listing, and each odd or absent member with the reason.

    Raise NamelessError if its identity is invalid.
    """
    if not isinstance(item, dict):
        raise NamelessError(f"{described(item)} where an item is expected")
    found, bad = fitted(shape, item)
    lacking = (
        name
        for name in _members(shape)
        if name in bad or (item.get(name) is None and name not in shape.absent)
    )
    return found, tuple((name, _reason(shape, name, item.get(name, _ABSENT))) for name in lacking)


def odd_members(shape: type[R], item: Mapping[str, object]) -> Odd:
    """Return each invalid member, but no absent one, of a resource read alone, with the reason."""
    try:
        _, odd = row(shape, {shape.identity: "?", **item})
    except NamelessError:
        return ()
    return tuple((name, reason) for name, reason in odd if name in item)


def described(value: object) -> str:
    """Describe a JSON value in a few words. A short value is repeated."""
    if value is _ABSENT:
        return "absent"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return "an enormous number"
    if isinstance(value, str) and not 0 < len(value) <= _SHOWN:
        return f"a text of {len(value)} characters" if value else "an empty text"
    text = json.dumps(value, ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()  # lone surrogates cannot be encoded


def _reason(shape: type[Shape], name: str, value: object) -> str:
    wanted = _wanted(shape, name)
    if isinstance(value, list) and wanted == _WANTED[tuple]:
        return "a list with a value that is no id"
    return f"{described(value)}, where {wanted} is expected"


@cache
def _members(shape: type[Shape]) -> Mapping[str, str]:
    """Return the name in the shape for each member name that Telnyx uses."""
    return {field.alias or name: name for name, field in shape.model_fields.items()}


@cache
def _wanted(shape: type[Shape], name: str) -> str:
    annotation = shape.model_fields[_members(shape)[name]].annotation
    plain: Any = next((each for each in get_args(annotation) if each is not NoneType), annotation)
    while plain not in _WANTED:  # unwrap Annotated and tuple[...]
        plain = plain.__origin__
    return _WANTED[plain]
