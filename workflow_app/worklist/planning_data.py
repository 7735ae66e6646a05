"""Take in what the planning needs to know of inspectors and of where municipalities lie: whole files, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from workflow_app.organisation import selectors as organisation
from workflow_app.registry import selectors as registry
from workflow_app.registry.models import Register
from workflow_app.worklist.errors import DataRefused
from workflow_app.worklist.models import InspectorProfile, MunicipalityPlace

#: The columns of each file; the first names the line.
INSPECTORS = ("inspector", "senior", "kinds", "station", "visits")
PLACES = ("municipality", "east", "north")
Rows = Iterable[Mapping[str, str]]


@transaction.atomic
def take_places(rows: Rows) -> int:
    """Keep where municipalities lie, in kilometres; return how many. Raises ``DataRefused`` naming the first line."""
    kept = list(rows)
    known = registry.labels(Register.PRINCIPAL, [row["municipality"] for row in kept])
    for line, row in enumerate(kept, start=2):
        if row["municipality"] not in known:
            raise DataRefused(f"line {line}: no municipality has the code `{row['municipality'][:24]}`")
        MunicipalityPlace.objects.update_or_create(
            municipality_id=row["municipality"],
            defaults={"east": _number(row, "east", line), "north": _number(row, "north", line)},
        )
    return len(kept)


@transaction.atomic
def take_inspectors(rows: Rows) -> int:
    """Keep what inspectors know and how many visits they make; return how many. Raises ``DataRefused`` by line."""
    kept = list(rows)
    people = organisation.ids_by_code(row["inspector"] for row in kept)
    stations = registry.labels(Register.PRINCIPAL, [row["station"] for row in kept])
    for line, row in enumerate(kept, start=2):
        for problem in _problems(row, people, stations):
            raise DataRefused(f"line {line}: {problem}")
        InspectorProfile.objects.update_or_create(
            person_id=people[row["inspector"]],
            defaults={
                "senior": row["senior"] == "YES",
                "kinds": " ".join(row["kinds"].split()),
                "station_id": row["station"],
                "visits": _number(row, "visits", line),
            },
        )
    return len(kept)


def _problems(row: Mapping[str, str], people: Mapping[str, str], stations: Mapping[str, str]) -> Iterator[str]:
    if row["inspector"] not in people:
        yield f"nobody has the staff code `{row['inspector'][:24]}`"
    if row["station"] not in stations:
        yield f"no municipality has the code `{row['station'][:24]}`"
    if row["senior"] not in {"YES", "NO"}:
        yield "`senior` is YES or NO"
    unknown = set(row["kinds"].split()) - set(registry.unit_kinds())
    if unknown or not row["kinds"].split():
        yield f"`kinds` names kinds of units: {', '.join(sorted(registry.unit_kinds()))}"


def _number(row: Mapping[str, str], name: str, line: int) -> int:
    if not row[name].isdecimal() or len(row[name]) > 4:
        raise DataRefused(f"line {line}: `{name}` is a whole number of at most four digits")
    return int(row[name])
