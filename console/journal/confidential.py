"""Masking and sealing of an order's answers before they are written to disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from console.commands import COMMANDS
from console.core.masking import mask
from console.core.model.command import Command, Sensitivity, Values
from console.journal.log import json_members

if TYPE_CHECKING:
    from console.journal.sealing import Seal

NOT_KEPT = "(not kept)"
_WRITTEN: Mapping[str, Sensitivity] = {
    **{each.name: each.on_disk for command in COMMANDS.values() for each in command.fields},
    "participant_id": Sensitivity.NAME,
}
"""The sensitivity of each answer by name. ``participant_id`` is an answer without a field."""

Members: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Confidentiality:
    """Converts answers to their written form and back.

    Without ``seal`` no text can be sealed; a later process then lacks the masked texts. With
    ``remember_spoken``, texts that were read aloud are remembered for the next session.
    """

    seal: Seal | None = None
    remember_spoken: bool = False

    def audited(self, command: Command, values: Values) -> dict[str, dict[str, str]]:
        """Return the members ``values`` and ``sealed`` of an audit row.

        ``values`` holds every answer, masked. ``sealed`` holds the names that masking changed,
        because a later process needs them.
        """
        written = {**_WRITTEN, **{each.name: each.on_disk for each in command.fields}}
        kinds = {name: written.get(name, Sensitivity.TEXT) for name in values}
        masked = {name: _masked(kinds[name], answer) for name, answer in values.items()}
        changed = (name for name in values if masked[name] != values[name])
        lost = {name: values[name] for name in changed if kinds[name] is Sensitivity.NAME}
        return {"values": masked, **self._sealed(lost)}

    def remembered(self, values: Values) -> dict[str, dict[str, str]]:
        """Return the members ``values`` and ``sealed`` of a note: the answers to offer again.

        An answer that masking would change is left out, or sealed if it is a name.
        """
        offered = {name: answer for name, answer in values.items() if self._offers(name, answer)}
        plain = {name: answer for name, answer in offered.items() if _is_plain(name, answer)}
        lost = {name: answer for name, answer in offered.items() if name not in plain}
        return {"values": plain, **self._sealed(lost)}

    def audited_answers(self, row: Members) -> dict[str, str]:
        """Return the answers of an audit row, without those that cannot be decrypted."""
        values, sealed = _texts(row.get("values")), _texts(row.get("sealed"))
        return {**{n: v for n, v in values.items() if n not in sealed}, **self._opened(sealed)}

    def remembered_answers(self, row: Members) -> dict[str, str]:
        """Return the answers of a note that may be offered again.

        Answers that an earlier version wrote in full are filtered in the same way.
        """
        answers = {**_texts(row["values"]), **self._opened(_texts(row.get("sealed")))}
        return {name: answer for name, answer in answers.items() if self._offers(name, answer)}

    def tidied(self, body: bytes) -> bytes:
        """Return the body of a notes row without texts that may no longer be remembered.

        An earlier version wrote answers and aliases in full, and ``remember_spoken`` may have been
        on. A body without such texts is returned unchanged, byte for byte.
        """
        row = json_members(body)
        values = _texts(row.get("values"))
        kept = self.remembered(values)
        alias = str(row.get("alias", ""))
        if kept["values"] == values and mask(alias) == alias:
            return body
        sealed = {**_texts(row.get("sealed")), **kept.get("sealed", {})}
        changed = {"values": kept["values"], "sealed": sealed} if "values" in row else {}
        return json.dumps({**row, **changed, **({"alias": mask(alias)} if alias else {})}).encode()

    def _offers(self, name: str, answer: str) -> bool:
        """True if an answer may be offered again: masking does not change it, or it is a name."""
        kind = _sensitivity(name)
        if kind is Sensitivity.CODE or (kind is Sensitivity.SPOKEN and not self.remember_spoken):
            return False
        return kind is Sensitivity.NAME or _is_plain(name, answer)

    def _sealed(self, lost: Values) -> dict[str, dict[str, str]]:
        close = self.seal.close if self.seal is not None else lambda _: ""
        return {"sealed": {name: close(answer) for name, answer in lost.items()}} if lost else {}

    def _opened(self, sealed: Values) -> dict[str, str]:
        if self.seal is None:
            return {}
        texts = {name: self.seal.open(text) for name, text in sealed.items()}
        return {name: text for name, text in texts.items() if text is not None}


UNSEALED = Confidentiality()
"""The settings without a key: answers are masked, and none is sealed."""


def exported(body: bytes) -> bytes:
    """Return the body of an audit or notes row with all texts masked.

    An earlier version wrote texts in full. The journal keeps such rows unchanged, because the
    audit is a hash chain. A body with nothing to mask is returned unchanged.
    """
    row = json_members(body)
    shown = {**row}
    for name, value in row.items():
        if name == "values":
            shown[name] = {n: _masked(_sensitivity(n), v) for n, v in _texts(value).items()}
        elif name in {"problem", "names"} and isinstance(value, dict):
            shown[name] = {n: mask(v) if isinstance(v, str) else v for n, v in value.items()}
        elif name in {"why", "alias"}:
            shown[name] = mask(str(value))
    return body if shown == row else json.dumps(shown).encode()


def _sensitivity(name: str) -> Sensitivity:
    return _WRITTEN.get(name, Sensitivity.TEXT)


def _masked(kind: Sensitivity, answer: str) -> str:
    if kind is Sensitivity.CODE:
        return NOT_KEPT if answer else ""
    return mask(answer)


def _is_plain(name: str, answer: str) -> bool:
    return _masked(_sensitivity(name), answer) == answer


def _texts(members: object) -> dict[str, str]:
    found = members if isinstance(members, Mapping) else {}
    return {str(name): str(value) for name, value in found.items()}
