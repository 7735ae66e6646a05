"""Set each letter of a bundle once, of a case that says nothing: one that breaks is found before a case needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from workflow_app.engine import letters
from workflow_app.engine.findings import Finding
from workflow_app.letters import rendering
from workflow_app.letters.errors import TemplateRefused

_PERSON = {"name": "Namn", "role": "Roll"}
_DECISION = {
    "type": "",
    "name": "beslut",
    "number": 1,
    "date": "1 januari 2026",
    "decider": _PERSON,
    "rapporteur": _PERSON,
    "participants": [_PERSON],
    "dissents": [{"person": _PERSON, "opinion": "Mening"}],
    "fields": {},
    "amount": None,
    "reasons": "Skäl",
    "legal_basis": ["Bestämmelse"],
    "appealable": True,
    "order": "1",
    "rule": "DO-000",
    "corrects": None,
    "masked": False,
}
#: What ``data.of`` gives, with nothing in it that a case must have said.
EXAMPLE: Mapping[str, Any] = {
    "letter": {"name": "", "date": "1 januari 2026", "language": "sv", "draft": False},
    "authority": {
        "name": "Myndigheten",
        "short_name": "M",
        "address": ["Adress"],
        "phone": None,
        "email": "e@demo.invalid",
        "website": None,
        "number": None,
        "logo": False,
        "court": "domstolen",
        "appeal_court": "domstolen",
    },
    "case": {"number": "M 2026-1", "type": "ETV", "type_name": "Ärendeslag", "title": "Ärende"},
    "recipient": None,
    "for_information": True,
    "also_to": ["Mottagare"],
    "facts": {},
    "texts": {},
    "official": _PERSON,
    "decision": _DECISION,
    "decisions": [_DECISION],
}
_AT = datetime(2026, 1, 1, tzinfo=UTC)


def check(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Yield what is wrong with the letters of a bundle that ``engine.letters`` has let through."""
    texts = {name: data.decode("utf-8", errors="replace") for name, data in files.items()}
    for name in sorted(letters.names(texts)):
        main = f"{name}{letters.SUFFIX}"
        try:
            rendering.render(letters.template(texts, name), main, EXAMPLE, at=_AT)
        except TemplateRefused as error:
            yield Finding(code=error.code, text=f"Brevet går inte att sätta: {error}.", file=main)
