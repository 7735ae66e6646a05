"""All that has been added to a case in one file with an index, for a party (FL 10 §, R-77).

Names kept apart are never in it: the index tells that they are kept back, and why. What secrecy keeps back is in the
index too, without its content.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from delegation import vocabulary
from delegation.party_access import GROUNDS, Reason
from delegation.recipients import Party
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import forms as case_forms
from workflow_app.cases import selectors as cases
from workflow_app.cases import typed_json
from workflow_app.cases.models import Case, CaseAct, Decision, SealedName
from workflow_app.cases.services import exporting
from workflow_app.engine import selectors as engine
from workflow_app.letters import words
from workflow_app.letters.models import Letter

INDEX = "00-forteckning"
_SEALED = {
    SealedName.Kind.CHILD: Reason.CHILD,
    SealedName.Kind.NOTIFIER: Reason.NOTIFIER,
    SealedName.Kind.PERSON: Reason.PRIVATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of material: what it is, when it was added, and how it is written out."""

    key: str
    title: str
    at: datetime
    file: str
    write: Callable[[], bytes]


def pieces(case: Case) -> tuple[Piece, ...]:
    """Return all material that has been added to a case, oldest first."""
    names, labels = words.forms(case.definition_id), _labels(case.definition_id)
    net = engine.net(case.definition_id)
    found = []
    acts = CaseAct.objects.filter(case=case).exclude(node=exporting.NODE).order_by("at", "id")
    for number, act in enumerate(acts, start=1):
        title = net.node(act.node).name if act.node in net else act.node.replace("_", " ")
        found.append(
            Piece(
                key=f"act-{number}",
                title=title,
                at=act.at,
                file=f"{number:03d}-{act.node.rpartition('/')[2].replace(':', '-')}.txt",
                write=lambda title=title, act=act: _text(  # type: ignore[misc]
                    title, act.at, typed_json.loads(act.fields), labels, names
                ),
            )
        )
    for row in Decision.objects.filter(case=case).prefetch_related("dissents").order_by("number"):
        name = vocabulary.DECISION_TYPES.get(row.decision_type, row.decision_type)
        found.append(
            Piece(
                key=f"decision-{row.number}",
                title=f"Beslut {row.number}: {name}",
                at=row.decided_at,
                file=f"beslut-{row.number}.txt",
                write=lambda row=row, name=name: _text(  # type: ignore[misc]
                    f"Beslut {row.number}: {name}",
                    row.decided_at,
                    {
                        **typed_json.loads(row.content)["fields"],
                        "reasons": row.reasons,
                        "legal_basis": row.legal_basis,
                        "avvikande mening": [each.opinion for each in row.dissents.all()],
                    },
                    labels,
                    names,
                ),
            )
        )
    made = Letter.objects.filter(request__case=case).select_related("request").defer("pdf", "data")
    for number, letter in enumerate(made.order_by("made_at", "id"), start=1):
        found.append(
            Piece(
                key=f"letter-{number}",
                title=f"Brev: {letter.request.letter}",
                at=letter.made_at,
                file=f"brev-{number:03d}-{letter.request.letter}.pdf",
                write=lambda pk=letter.pk: bytes(Letter.objects.values_list("pdf", flat=True).get(pk=pk)),  # type: ignore[misc]
            )
        )
    return tuple(sorted(found, key=lambda piece: piece.at))


def hand_over(
    *,
    case: uuid.UUID,
    party: Party,
    blocked: Mapping[str, Reason],
    by: uuid.UUID,
    key: str,
    at: datetime,
) -> Iterator[bytes]:
    """Record the export, then return the file piece by piece, as a ZIP archive.

    Raises what ``exporting.record`` raises, before the first byte.
    """
    found = cases.readable_case(case, by, at)
    material = pieces(found)
    exporting.record(
        case=case, party=party, material=[each.key for each in material], blocked=blocked, by=by, key=key, at=at
    )
    return _archive(found, party, material, blocked, at)


def _archive(
    case: Case, party: Party, material: tuple[Piece, ...], blocked: Mapping[str, Reason], at: datetime
) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        kept_back = [
            {"uppgift": row.pseudonym, "undantagen": GROUNDS[_SEALED[SealedName.Kind(row.kind)]], "lagrum": "OSL 10:3"}
            for row in SealedName.objects.filter(case=case).order_by("pseudonym")
        ]
        index = {
            "diarienummer": case.case_number,
            "part": party.value,
            "framställd": at.astimezone(STOCKHOLM).isoformat(timespec="minutes"),
            "handlingar": [_entry(each, blocked.get(each.key)) for each in material],
            "namn som förvaras för sig": kept_back,
        }
        archive.writestr(f"{INDEX}.json", json.dumps(index, ensure_ascii=False, indent=2))
        archive.writestr(f"{INDEX}.txt", _index_text(index))
        yield sink.taken()
        for each in material:
            if each.key not in blocked:
                archive.writestr(each.file, each.write())
                yield sink.taken()
    yield sink.taken()


def _entry(piece: Piece, reason: Reason | None) -> dict[str, str]:
    entry = {"nummer": piece.key, "handling": piece.title, "tillförd": f"{piece.at.astimezone(STOCKHOLM):%Y-%m-%d}"}
    if reason is None:
        return entry | {"fil": piece.file}
    return entry | {"undantagen": GROUNDS[reason], "kod": reason.value, "lagrum": "OSL 10:3"}


def _index_text(index: Mapping[str, object]) -> str:
    lines = [
        f"Ärende {index['diarienummer']}",
        "Förteckning över allt material som har tillförts ärendet (10 § FL)",
        "",
    ]
    for entry in [*index["handlingar"], *index["namn som förvaras för sig"]]:  # type: ignore[misc]
        lines.append("  ".join(f"{name}: {text}" for name, text in entry.items()))
    return "\n".join(lines) + "\n"


def _text(
    title: str,
    at: datetime,
    values: Mapping[str, object],
    labels: Mapping[str, str],
    names: Mapping[str, words.Form],
) -> bytes:
    lines = [title, f"{at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}", ""]
    for key, value in values.items():
        told = words.said(value, names.get(key, words.NO_FORM))
        if told:
            lines += [f"{labels.get(key, key.replace('_', ' '))}:", told, ""]
    return "\n".join(lines).encode()


def _labels(definition: uuid.UUID) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in engine.files(definition).items():
        if name.endswith(".json"):
            found |= {field.key: field.label for field in case_forms.parse(text).fields if field.label}
    return found


class _Sink(io.RawIOBase):
    """What an archive is written to, taken away as it comes: nothing is kept but the piece at hand."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        """Return what has been written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
