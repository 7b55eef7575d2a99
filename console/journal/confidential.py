"""Decides how much of each answer is written to disk, and reads it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from console.commands import COMMANDS
from console.core.masking import mask
from console.core.model.command import Command, Sensitivity, Values

NOT_KEPT = "(not kept)"
_WRITTEN: Mapping[str, Sensitivity] = {
    **{each.name: each.written for command in COMMANDS.values() for each in command.fields},
    "participant_id": Sensitivity.NAME,
}
"""By the name of the answer. ``participant_id`` is frozen with an order and is no field."""

Members: TypeAlias = Mapping[str, Any]


class Sealing(Protocol):
    """Encrypts and decrypts: see ``sealing.Seal``."""

    def close(self, text: str) -> str:
        """Return ``text`` encrypted."""

    def open(self, sealed: str) -> str | None:
        """Return what was encrypted; None where that cannot be."""


@dataclass(frozen=True, slots=True)
class Confidentiality:
    """Turns answers into what is written of them, and back.

    ``seal`` is None where nothing can be sealed: what would be is lost to a later process.
    ``remember_spoken``: texts that were read aloud are remembered for the next session.
    """

    seal: Sealing | None = None
    remember_spoken: bool = False

    def audited(self, command: Command, values: Values) -> dict[str, dict[str, str]]:
        """The members ``values`` and ``sealed`` of an audit row.

        ``values`` holds every answer, masked. ``sealed`` holds those that masking changed and that
        a later process has to find again.
        """
        written = {**_WRITTEN, **{each.name: each.written for each in command.fields}}
        kinds = {name: written.get(name, Sensitivity.TEXT) for name in values}
        masked = {name: _masked(kinds[name], said) for name, said in values.items()}
        lost = {
            name: said
            for name, said in values.items()
            if masked[name] != said and kinds[name] is Sensitivity.NAME
        }
        return {"values": masked, **self._sealed(lost)}

    def remembered(self, values: Values) -> dict[str, dict[str, str]]:
        """The members ``values`` and ``sealed`` of a note: the answers to offer again.

        A masked text is no answer. It is left out, unless it is a name and can be sealed.
        """
        plain: dict[str, str] = {}
        lost: dict[str, str] = {}
        for name, said in values.items():
            if not self._may_remember(name):
                continue
            if _masked(_sensitivity(name), said) == said:
                plain[name] = said
            elif _sensitivity(name) is Sensitivity.NAME:
                lost[name] = said
        return {"values": plain, **self._sealed(lost)}

    def audited_answers(self, told: Members) -> dict[str, str]:
        """The answers of an audit row. One that cannot be opened is not among them."""
        values, sealed = _texts(told.get("values")), _texts(told.get("sealed"))
        return {**{n: v for n, v in values.items() if n not in sealed}, **self._opened(sealed)}

    def remembered_answers(self, told: Members) -> dict[str, str]:
        """The answers of a note that may be offered again, also of one that was written in full."""
        answers = {**_texts(told["values"]), **self._opened(_texts(told.get("sealed")))}
        return {
            name: said
            for name, said in answers.items()
            if self._may_remember(name)
            and (
                _sensitivity(name) is Sensitivity.NAME or _masked(_sensitivity(name), said) == said
            )
        }

    def tidied(self, body: bytes) -> bytes:
        """The body of a notes row without what is not to be remembered any more.

        An earlier version wrote answers and aliases in full, and ``remember_spoken`` may have been
        on. A body that holds nothing of the kind comes back as it is, byte for byte.
        """
        told = _members(body)
        values = _texts(told.get("values"))
        kept = self.remembered(values)
        alias = str(told.get("alias", ""))
        if kept["values"] == values and mask(alias) == alias:
            return body
        sealed = {**_texts(told.get("sealed")), **kept.get("sealed", {})}
        changed = {"values": kept["values"], "sealed": sealed} if "values" in told else {}
        return json.dumps({**told, **changed, **({"alias": mask(alias)} if alias else {})}).encode()

    def _may_remember(self, name: str) -> bool:
        kind = _sensitivity(name)
        return kind is not Sensitivity.CODE and (
            kind is not Sensitivity.SPOKEN or self.remember_spoken
        )

    def _sealed(self, lost: Values) -> dict[str, dict[str, str]]:
        if not lost:
            return {}
        close = self.seal.close if self.seal is not None else _lose
        return {"sealed": {name: close(said) for name, said in lost.items()}}

    def _opened(self, sealed: Values) -> dict[str, str]:
        if self.seal is None:
            return {}
        texts = {name: self.seal.open(text) for name, text in sealed.items()}
        return {name: text for name, text in texts.items() if text is not None}


UNSEALED = Confidentiality()
"""Masks, and seals nothing."""


def exported(body: bytes) -> bytes:
    """The body of an audit or notes row, masked; as it is where there is nothing to mask.

    Rows of an earlier version hold texts in full. They stay as they are in the journal, since a
    hash chain holds the audit.
    """
    told = _members(body)
    shown = {**told}
    for name, said in told.items():
        if name == "values":
            shown[name] = {n: _masked(_sensitivity(n), v) for n, v in _texts(said).items()}
        elif name in {"problem", "names"} and isinstance(said, dict):
            shown[name] = {n: mask(v) if isinstance(v, str) else v for n, v in said.items()}
        elif name in {"why", "alias"}:
            shown[name] = mask(str(said))
    return body if shown == told else json.dumps(shown).encode()


def _members(body: bytes) -> dict[str, Any]:
    """Return the members of a body, and none of a body that another program wrote."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _sensitivity(name: str) -> Sensitivity:
    return _WRITTEN.get(name, Sensitivity.TEXT)


def _masked(kind: Sensitivity, said: str) -> str:
    if kind is Sensitivity.CODE:
        return NOT_KEPT if said else ""
    return mask(said)


def _lose(_: str) -> str:
    return ""


def _texts(told: object) -> dict[str, str]:
    if not isinstance(told, Mapping):
        return {}
    return {str(name): str(said) for name, said in told.items()}
