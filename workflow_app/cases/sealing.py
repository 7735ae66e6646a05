"""Keep names apart: what a form takes as a name is sealed, and a pseudonym is the fact (R-74, R-80)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from workflow_app.cases import forms, typed_json
from workflow_app.cases.models import SealedName
from workflow_app.engine.forms import ROWS

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: The first word of a pseudonym, which is data in Swedish as all that stands in a case.
WORDS: Mapping[str, str] = {
    SealedName.Kind.CHILD: "Barn",
    SealedName.Kind.NOTIFIER: "Anmälare",
    SealedName.Kind.PERSON: "Person",
}
_PSEUDONYM = re.compile(rf"\b(?:{'|'.join(WORDS.values())}) [A-Z]{{1,2}}\b")
#: The fact that says that personal data in the case are protected.
PROTECTED = "protected_identity"


def seal(turn: Turn, schema: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form with a pseudonym where a name was given; the name itself is sealed (R-74, R-80).

    The same name is the same pseudonym throughout a case. A pseudonym may be written as it is: of a person whose name
    nobody has given, or once more of one that has been.
    """
    fields = forms.parse(schema or forms.NONE).fields
    if not any(field.sealed or any(inner.sealed for inner in field.inner) for field in fields):
        return dict(values)
    names = _Names(turn, values)
    return {**values, **{field.key: names.of(field, values[field.key]) for field in fields}}


def pseudonym(turn: Turn, kind: str, name: str) -> str:
    """Return what stands for one name in a case; the name itself is sealed."""
    return _Names(turn, {}).pseudonym(kind, name.strip())


class _Names:
    """The names of a case while a form is sealed."""

    def __init__(self, turn: Turn, values: Mapping[str, Any]) -> None:
        self._turn = turn
        self._protected = values.get(PROTECTED, turn.facts.values.get(PROTECTED)) is True
        rows = SealedName.objects.filter(case=turn.case).values_list("kind", "name", "pseudonym")
        self._known = {(kind, _same(name)): pseudonym for kind, name, pseudonym in rows}
        #: Also those written where no name was given.
        self._taken = {*self._known.values(), *_PSEUDONYM.findall(f"{turn.case.facts}{typed_json.dumps(values)}")}

    def of(self, field: forms.Field, value: Any) -> Any:
        """Return the value of a field without names."""
        if value is None:
            return None
        if field.kind == ROWS:
            return [{**row, **{part.key: self.of(part, row[part.key]) for part in field.inner}} for row in value]
        return self.pseudonym(field.sealed, value.strip()) if field.sealed else value

    def pseudonym(self, kind: str, name: str) -> str:
        """Return what stands for a name, sealing it when it is new."""
        if _PSEUDONYM.fullmatch(name):
            return name
        found = self._known.get((kind, _same(name)))
        if found is not None:
            return found
        pseudonym = next(one for one in _pseudonyms(WORDS[kind]) if one not in self._taken)
        self._known[kind, _same(name)] = pseudonym
        self._taken.add(pseudonym)
        turn = self._turn
        turn.batch.insert(
            SealedName(
                case=turn.case,
                kind=kind,
                pseudonym=pseudonym,
                name=name,
                protected=self._protected,
                by_id=uuid.UUID(turn.person),
                at=turn.at,
            )
        )
        return pseudonym


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _pseudonyms(word: str) -> Iterator[str]:
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    yield from (f"{word} {letter}" for letter in letters)
    yield from (f"{word} {first}{second}" for first in letters for second in letters)
