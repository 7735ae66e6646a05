"""The demo authority (domain 8.2, 8.5): about 780 persons, named by role and number only.

Deterministic: the same call makes the same persons, ids included, so that a story can be told twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from delegation.types import GrantKind
from workflow_app.organisation.models import Account, DelegationGrant, Department, LinePost, Person

#: Shown by ``manage.py demo``; the demo authority holds no secrets.
PASSWORD = "beredd-demo"  # noqa: S105 - printed to whoever starts the demo
_NAMESPACE = uuid.UUID("6f1d2c3e-5b7a-4c1d-9e2f-0a1b2c3d4e5f")
ALL = DelegationGrant.ALL_CASE_TYPES

#: Departments and their number of inspectors.
SUPERVISION = {"A": 78, "B": 84, "C": 76, "D": 52, "E": 62, "F": 81}
OTHER_DEPARTMENTS = {
    "GD": "Generaldirektörens kansli",
    "T": "Tillståndsavdelningen",
    "AN": "Analysavdelningen",
    "RE": "Rättsenheten",
    "ST": "Stöd",
}
#: Which head of department owns which case types nationally.
NATIONAL_OWNERS = {
    "A": ("ETV", "EVB"),
    "B": ("NTS",),
    "C": ("FTB",),
    "D": ("EKP",),
    "E": ("TLP", "LSA"),
    "F": ("LMA", "UPPL"),
}
#: Nationally responsible heads of unit per case type, and inspectors allocated.
HEADS_OF_UNIT = {"ETV": 8, "NTS": 6, "FTB": 6, "EVB": 3, "EKP": 6, "TLP": 5, "LMA": 3, "LSA": 2, "UPPL": 2}
INSPECTORS = {"ETV": 92, "NTS": 60, "FTB": 84, "EKP": 68, "TLP": 44, "EVB": 26, "LMA": 24, "LSA": 18, "UPPL": 17}
#: Department jurists and the case types they are tied to.
JURISTS = ("NTS", "NTS", "FTB", "FTB", "FTB", "EVB", "EKP", "EKP", "ETV", "ETV", "ETV", "TLP", "TLP", "LMA", "LSA")

#: Log-in and staff code. At least two who may prepare in every case type, so that a second pair of eyes is another's.
LOGINS = {
    "gd": "GD",
    "stf": "STF",
    "acn_etv": "AC-A",
    "acn_nts": "AC-B",
    "acn_ftb": "AC-C",
    "acn_ekp": "AC-D",
    "acn_tlp": "AC-E",
    "acn_lma": "AC-F",
    "act": "AC-T",
    "aca": "AC-A1",
    "ecn_etv_01": "EC-01",
    "ecn_etv_02": "EC-02",
    "insp_017": "INSP-017",
    "insp_018": "INSP-018",
    "insp_019": "INSP-019",
    "aj_09": "AJ-09",
    "pl_nts_01": "PL-01",
    "tled_nts_01": "TLED-01",
    "ecn_nts_01": "EC-09",
    "ecn_nts_02": "EC-10",
    "insp_nts_01": "INSP-093",
    "insp_nts_02": "INSP-094",
    "aj_nts_01": "AJ-01",
    "ecn_ftb_01": "EC-15",
    "ecn_ftb_02": "EC-16",
    "insp_ftb_01": "INSP-160",
    "insp_ftb_02": "INSP-161",
    "insp_ftb_03": "INSP-162",
    "aj_ftb_01": "AJ-03",
    "ect_01": "ECT-01",
    "hl_til_11": "HL-011",
    "hl_til_12": "HL-012",
    "hl_til_13": "HL-013",
    "aj_til_01": "AJ-19",
    "ecn_tlp_01": "EC-30",
    "ecn_tlp_02": "EC-31",
    "insp_tlp_01": "INSP-305",
    "insp_tlp_02": "INSP-306",
    "aj_tlp_01": "AJ-12",
    "ecn_ekp_01": "EC-24",
    "ecn_ekp_02": "EC-25",
    "hl_ekp_01": "HL-050",
    "hl_ekp_02": "HL-051",
    "hl_ekp_03": "HL-052",
    "insp_ekp_01": "INSP-240",
    "aj_ekp_01": "AJ-07",
    "ecn_lma_01": "EC-35",
    "ecn_lma_02": "EC-36",
    "insp_lma_01": "INSP-376",
    "insp_lma_02": "INSP-377",
    "aj_lma_01": "AJ-14",
    "ecn_lsa_01": "EC-38",
    "ecn_lsa_02": "EC-39",
    "insp_lsa_01": "INSP-400",
    "insp_lsa_02": "INSP-401",
    "aj_lsa_01": "AJ-15",
    "ecn_evb_01": "EC-21",
    "ecn_evb_02": "EC-22",
    "hl_evb_01": "HL-064",
    "hl_evb_02": "HL-065",
    "hl_evb_03": "HL-066",
    "aj_evb_01": "AJ-06",
    "uppl_03": "UPPL-03",
    "ecn_uppl_01": "EC-40",
    "ecn_uppl_02": "EC-41",
    "insp_uppl_01": "INSP-420",
    "insp_uppl_02": "INSP-421",
    "insp_uppl_03": "INSP-422",
    "aj_uppl_01": "AJ-20",
    "hl_utl_01": "HL-060",
    "hl_utl_02": "HL-061",
    "aj_utl_01": "AJ-16",
    "aj_utl_02": "AJ-17",
    "aj_utl_03": "AJ-18",
    "bcj_02": "BCJ-02",
    "bcj_03": "BCJ-03",
    "cj": "CJ",
    "tl_04": "TL-04",
    "tl_05": "TL-05",
    "tcl": "TCL",
    "reg_05": "REG-05",
    "po_01": "PO-01",
    "doadm_01": "DOADM-01",
    "ir_01": "IR-01",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """A person to be, with the line post and the appointments the person holds."""

    code: str
    name: str
    department: str
    #: (role, case type) pairs.
    grants: tuple[tuple[str, str], ...] = ()
    unit: str = ""


def _inspector_departments() -> Iterator[str]:
    """Yield a department per inspector, spread so that every case type has staff from all six (S-26)."""
    left = dict(SUPERVISION)
    while any(left.values()):
        # The department with the largest share of its inspectors left, so that none runs out before the others.
        code = max(left, key=lambda one: left[one] / SUPERVISION[one])
        left[code] -= 1
        yield code


def _posts() -> Iterator[_Post]:
    yield _Post(code="GD", name="Generaldirektör", department="GD", grants=(("GD", ALL),))
    yield _Post(code="STF", name="Ställföreträdande generaldirektör", department="GD", grants=(("STF", ALL),))
    for code, owned in NATIONAL_OWNERS.items():
        grants = tuple(("AC_N", case_type) for case_type in owned)
        yield _Post(
            code=f"AC-{code}", name=f"Avdelningschef {code} ({', '.join(owned)})", department=code, grants=grants
        )
    yield _Post(code="AC-T", name="Avdelningschef tillstånd", department="T", grants=(("AC_T", "TIL"),))
    yield _Post(code="AC-A1", name="Avdelningschef analys", department="AN", grants=(("AC_A", ALL),))
    number = 0
    letters = tuple(SUPERVISION)
    for case_type, count in HEADS_OF_UNIT.items():
        for _ in range(count):
            number += 1
            yield _Post(
                code=f"EC-{number:02d}",
                name=f"Enhetschef {number:02d} ({case_type})",
                department=letters[(number - 1) % 6],
                unit=f"Enhet {number:02d}",
                grants=(("EC_N", case_type),),
            )
    yield _Post(code="EC-42", name="Enhetschef 42", department="F", unit="Enhet 42")
    for number in range(1, 6):
        yield _Post(
            code=f"ECT-{number:02d}",
            name=f"Enhetschef tillstånd {number:02d}",
            department="T",
            grants=(("EC_T", "TIL"),),
        )
    departments = _inspector_departments()
    number = 0
    for case_type, count in INSPECTORS.items():
        for _ in range(count):
            number += 1
            yield _Post(
                code=f"INSP-{number:03d}",
                name=f"Inspektör {number:03d}",
                department=next(departments),
                grants=(("INSP", case_type),),
            )
    for number in range(1, 71):
        case_types = ("TIL",) if number <= 48 else ("UTL", "EVB", "EKP")
        grants = tuple(("HL", case_type) for case_type in case_types)
        yield _Post(code=f"HL-{number:03d}", name=f"Handläggare {number:03d}", department="T", grants=grants)
    for number in range(1, 21):
        case_types = (JURISTS[number - 1],) if number <= len(JURISTS) else ("TIL", "UTL", "UPPL")
        yield _Post(
            code=f"AJ-{number:02d}",
            name=f"Avdelningsjurist {number:02d}",
            department="RE",
            grants=tuple(("AJ", case_type) for case_type in case_types),
        )
    for number in range(1, 6):
        yield _Post(
            code=f"BCJ-{number:02d}",
            name=f"Biträdande chefsjurist {number:02d}",
            department="RE",
            grants=(("BCJ", ALL),),
        )
    yield _Post(code="CJ", name="Chefsjurist", department="RE", grants=(("CJ", ALL),))
    for number in range(1, 21):
        yield _Post(
            code=f"TL-{number:02d}", name=f"Tillsynsläkare {number:02d}", department="GD", grants=(("TL", ALL),)
        )
    yield _Post(code="TCL", name="Tillsynschefläkare", department="GD", grants=(("TCL", ALL),))
    for role, name, department, count in (
        ("UPPL", "Handläggare upplysningstjänst", "ST", 28),
        ("REG", "Registrator", "ST", 22),
        ("PO", "Processägare", "ST", 3),
        ("DOADM", "Delegationsredaktör", "RE", 2),
        ("IR", "Internrevisor", "GD", 2),
        ("PL", "Projektledare", "AN", 4),
        ("TLED", "Tillsynsledare", "AN", 6),
    ):
        case_type = "NTS" if role in {"PL", "TLED"} else ALL
        for number in range(1, count + 1):
            yield _Post(
                code=f"{role}-{number:02d}",
                name=f"{name} {number:02d}",
                department=department,
                grants=((role, case_type),),
            )
    for number in range(1, 98):
        yield _Post(code=f"STAFF-{number:03d}", name=f"Medarbetare {number:03d}", department="AN")


def person_id(code: str) -> uuid.UUID:
    """Return the id that the demo gives the person with a staff code."""
    return uuid.uuid5(_NAMESPACE, code)


@transaction.atomic
def build(*, valid_from: datetime, at: datetime, logins: dict[str, str] | None = None) -> int:
    """Make the demo authority if it is not there, and return how many persons it has.

    Appointments run from ``valid_from``; the one sub-delegation (DO-036 to a head of unit) runs a year from ``at``.
    """
    if Person.objects.filter(pk=person_id("GD")).exists():
        return Person.objects.count()
    names = {code: f"Tillsynsavdelning {code}" for code in SUPERVISION} | OTHER_DEPARTMENTS
    rows = Department.objects.bulk_create([Department(code=code, name=name) for code, name in names.items()])
    departments = {row.code: row for row in rows}
    posts = list(_posts())
    Person.objects.bulk_create(
        Person(
            id=person_id(post.code),
            code=post.code,
            display_name=post.name,
            email=f"{post.code.replace('-', '').lower()}@demo.invalid",
        )
        for post in posts
    )
    LinePost.objects.bulk_create(
        LinePost(
            person_id=person_id(post.code),
            department=departments[post.department],
            unit=post.unit,
            title=post.name,
            valid_from=valid_from,
        )
        for post in posts
    )
    DelegationGrant.objects.bulk_create(_grants(posts, valid_from=valid_from, at=at))
    # A strong hash takes its time, and here there is nothing to guess: one for everybody.
    password = make_password(PASSWORD)
    Account.objects.bulk_create(
        Account(username=login, person_id=person_id(code), password=password)
        for login, code in (LOGINS if logins is None else logins).items()
    )
    return len(posts)


def _grants(posts: list[_Post], *, valid_from: datetime, at: datetime) -> Iterator[DelegationGrant]:
    for post in posts:
        for role, case_type in post.grants:
            yield DelegationGrant(
                id=uuid.uuid5(_NAMESPACE, f"{post.code}/{role}/{case_type}"),
                person_id=person_id(post.code),
                role=role,
                case_type=case_type,
                granted_by_id=_giver(role, case_type),
                valid_from=valid_from,
                given_at=valid_from,
            )
    yield DelegationGrant(
        id=uuid.uuid5(_NAMESPACE, "EC-01/DO-036"),
        person_id=person_id("EC-01"),
        role="EC_N",
        case_type="ETV",
        rules="DO-036",
        kind=GrantKind.SUB_DELEGATION.value,
        on_behalf_of="AC_N",
        granted_by_id=person_id("AC-A"),
        valid_from=at,
        valid_to=at + timedelta(days=364),
        given_at=at,
    )


def _giver(role: str, case_type: str) -> uuid.UUID:
    """Return who appoints: the national owner in a case type, the chief jurist the jurists, otherwise GD."""
    if role in {"EC_N", "INSP", "PL", "TLED"}:
        owner = next(code for code, owned in NATIONAL_OWNERS.items() if case_type in owned)
        return person_id(f"AC-{owner}")
    if role in {"AJ", "BCJ"}:
        return person_id("CJ")
    if role in {"EC_T", "HL"}:
        return person_id("AC-T")
    return person_id("GD")
