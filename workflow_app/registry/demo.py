"""The registers of the demo authority (domain 8.3): named by kind and number only, the same for the same seed.

An entry is made from its number alone, so that the small registers hold the same entries as the whole ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction

from workflow_app.registry.models import (
    TABLES,
    Entry,
    LicensedPerson,
    Principal,
    PrincipalKind,
    Profession,
    Provider,
    SupervisedUnit,
    UnitKind,
)

SEED = 1
BEGINNING = date(2015, 1, 1)
MUNICIPALITIES = 290
REGIONS = 21
COMPANIES = 400
LICENSED = 500


class Scale(StrEnum):
    """How much of the registers is made."""

    #: What the shipped scenarios and signals are about, in a few statements.
    SMALL = "small"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """Units with consecutive numbers: kinds with their share, and the name each is called by."""

    last: int
    kinds: tuple[tuple[int, UnitKind, str], ...]


#: 850 homes for children and young, 542 units in national supervision, 2,000 others.
_SERIES = (
    _Series(
        last=850,
        kinds=(
            (70, UnitKind.HVB, "HVB Enhet"),
            (12, UnitKind.SUPPORTED_HOUSING, "Stödboende Enhet"),
            (4, UnitKind.SIS, "Särskilt ungdomshem"),
            (14, UnitKind.LSS_CHILDREN, "Barnboende LSS Enhet"),
        ),
    ),
    _Series(last=850 + 542, kinds=((100, UnitKind.SABO, "SABO Enhet"),)),
    _Series(
        last=850 + 542 + 2000,
        kinds=(
            (20, UnitKind.LSS, "LSS-boende"),
            (15, UnitKind.HOME_CARE, "Hemtjänst"),
            (15, UnitKind.HOSPITAL, "Vårdavdelning"),
            (20, UnitKind.PRIMARY_CARE, "Vårdcentral"),
            (10, UnitKind.PSYCHIATRY, "Psykiatrisk mottagning"),
            (12, UnitKind.DENTAL, "Tandvård"),
            (3, UnitKind.SHELTER, "Skyddat boende"),
            (5, UnitKind.OTHER, "Verksamhet"),
        ),
    ),
)
#: Units that the shipped scenarios and signals are about: always of this kind.
STORIES = {
    417: (UnitKind.HVB, "HVB Enhet"),
    418: (UnitKind.HVB, "HVB Enhet"),
    1031: (UnitKind.SABO, "SABO Enhet"),
    1408: (UnitKind.LSS, "LSS-boende"),
    1611: (UnitKind.HOSPITAL, "Akutmottagning"),
    1702: (UnitKind.HOSPITAL, "Sjukhus"),
    1803: (UnitKind.LSS, "LSS-boende"),
}
#: What the small registers hold besides.
_SMALL_UNITS = (*range(1, 13), *range(1001, 1013), *range(1401, 1413))
_SMALL_NUMBERS = range(1, 13)
_REGIONAL = {UnitKind.HOSPITAL, UnitKind.PRIMARY_CARE, UnitKind.PSYCHIATRY, UnitKind.DENTAL}
_FOR_CHILDREN = {UnitKind.HVB, UnitKind.SUPPORTED_HOUSING, UnitKind.SIS, UnitKind.LSS_CHILDREN}


def unit_code(number: int) -> str:
    """Return the code of a unit."""
    return f"ENH-{number:06d}"


@transaction.atomic
def create(*, seed: int = SEED, scale: Scale = Scale.SMALL) -> int:
    """Make what is missing of the registers, and return how many entries were made."""
    small = scale is Scale.SMALL
    numbers = {*_SMALL_UNITS, *STORIES} if small else range(1, _SERIES[-1].last + 1)
    units = [_unit(number, seed) for number in sorted(numbers)]
    principals = {row.code: row for row in _principals()}
    providers = {row.code: row for row in _providers()}
    people = [_licensed(number, seed) for number in (_SMALL_NUMBERS if small else range(1, LICENSED + 1))]
    if small:
        used = {code for row in units for code in (row.municipality_id, row.principal_id) if code}
        few = {code for number in _SMALL_NUMBERS for code in (_municipality(number), _region(number))}
        principals = {code: row for code, row in principals.items() if code in used | few}
        companies = {f"UTF-{number:05d}" for number in _SMALL_NUMBERS}
        providers = {code: providers[code] for code in {row.provider_id for row in units} | companies}
    return sum(_add(rows) for rows in (list(principals.values()), list(providers.values()), units, people))


def _add(rows: Sequence[Entry]) -> int:
    table = TABLES[rows[0].REGISTER]._default_manager
    known = set(table.values_list("code", flat=True))
    new = [row for row in rows if row.code not in known]
    for row in new:
        row.fold()
    table.bulk_create(new, batch_size=500)
    return len(new)


def _draw(seed: int, what: str, number: int, below: int) -> int:
    """Return a number below a limit that depends on nothing but the arguments."""
    digest = hashlib.sha256(f"{seed}/{what}/{number}".encode()).digest()
    return int.from_bytes(digest[:6]) % below


def _municipality(number: int) -> str:
    return f"KOM-{number:03d}"


def _region(number: int) -> str:
    return f"REG-{number:02d}"


def _principals() -> Iterator[Principal]:
    for number in range(1, MUNICIPALITIES + 1):
        yield Principal(
            code=_municipality(number),
            name=f"Kommun {number:03d}",
            kind=PrincipalKind.MUNICIPALITY,
            active_from=BEGINNING,
        )
    for number in range(1, REGIONS + 1):
        yield Principal(
            code=_region(number), name=f"Region {number:02d}", kind=PrincipalKind.REGION, active_from=BEGINNING
        )


def _public_provider(principal: str) -> str:
    """Return the code of the provider that a municipality or region is itself."""
    kind, _dash, number = principal.partition("-")
    return f"UTF-{(1000 if kind == 'KOM' else 2000) + int(number):05d}"


def _providers() -> Iterator[Provider]:
    for number in range(1, COMPANIES + 1):
        yield Provider(code=f"UTF-{number:05d}", name=f"Demo Omsorg {number:03d} AB", active_from=BEGINNING)
    for principal in _principals():
        yield Provider(
            code=_public_provider(principal.code), name=f"{principal.name} (egen regi)", active_from=BEGINNING
        )


def _kind(number: int, seed: int) -> tuple[UnitKind, str]:
    if number in STORIES:
        return STORIES[number]
    series = next(one for one in _SERIES if number <= one.last)
    drawn = _draw(seed, "kind", number, 100)
    for share, kind, name in series.kinds:
        drawn -= share
        if drawn < 0:
            return kind, name
    raise ValueError(f"the shares of the series that ends with {series.last} are less than a hundred")


def _unit(number: int, seed: int) -> SupervisedUnit:
    kind, name = _kind(number, seed)
    municipality = _municipality(1 + _draw(seed, "municipality", number, MUNICIPALITIES))
    answers = _region(1 + _draw(seed, "region", number, REGIONS)) if kind in _REGIONAL else municipality
    private = number not in STORIES and _draw(seed, "private", number, 100) < (70 if kind in _FOR_CHILDREN else 25)
    company = f"UTF-{1 + _draw(seed, 'company', number, COMPANIES):05d}"
    if number == 417:
        private, company = True, "UTF-00031"
    return SupervisedUnit(
        code=unit_code(number),
        name=f"{name} {number:04d}",
        kind=kind,
        receives_children=kind in _FOR_CHILDREN,
        provider_id=company if private else _public_provider(answers),
        municipality_id=municipality,
        # A private home that many municipalities place people in answers for itself.
        principal_id=None if private and kind in _FOR_CHILDREN else answers,
        active_from=BEGINNING + timedelta(days=_draw(seed, "begins", number, 2500)),
    )


def _licensed(number: int, seed: int) -> LicensedPerson:
    professions = Profession.values
    return LicensedPerson(
        code=f"LEG-{number:06d}",
        profession=professions[_draw(seed, "profession", number, len(professions))],
        active_from=BEGINNING,
    )
