"""A version of the order is adopted whole by four eyes, is sound, and never overlaps with another."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from delegation.errors import DelegationError, OrderRefused
from tests.delegation.authority import bundle
from tests.delegation.test_lint import cell, changed
from tests.workflow_app.office import Office
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.models import Decision, PermitRecord
from workflow_app.ledger import selectors as ledger
from workflow_app.orders import selectors, services
from workflow_app.orders.errors import AdoptionRefused, NoOrderInForce
from workflow_app.orders.models import OrderVersion
from workflow_app.organisation.models import Person

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def _person(code: str) -> Person:
    return Person.objects.create(code=code, display_name=code, email=f"{code}@demo.invalid")


@pytest.fixture
def director() -> Person:
    return _person("GD")


@pytest.fixture
def chief_jurist() -> Person:
    return _person("CJ")


@pytest.fixture
def adopted(director: Person, chief_jurist: Person) -> OrderVersion:
    return _adopt(director, chief_jurist)


def _adopt(by: Person, reviewed_by: Person, **changes: Any) -> OrderVersion:
    asked = {"files": bundle(), "number": "DO-1", "valid_from": BEGINNING, "at": BEGINNING, **changes}
    return services.adopt(adopted_by=by, reviewed_by=reviewed_by, **asked)


def test_an_adopted_version_is_in_force_from_its_first_moment_and_not_before(adopted: OrderVersion) -> None:
    assert selectors.order_in_force(BEGINNING).number == "DO-1"
    with pytest.raises(NoOrderInForce, match="no delegation order is in force at"):
        selectors.order_in_force(BEGINNING - TICK)


def test_a_new_version_takes_over_at_the_very_moment_the_last_one_ends(
    adopted: OrderVersion, director: Person, chief_jurist: Person
) -> None:
    _adopt(director, chief_jurist, number="DO-2", valid_from=SUMMER)

    adopted.refresh_from_db()
    assert adopted.valid_to == SUMMER
    assert selectors.order_in_force(SUMMER - TICK).number == "DO-1"
    assert selectors.order_in_force(SUMMER).number == "DO-2"
    for at in (BEGINNING, SUMMER - TICK, SUMMER, SUMMER + TICK):
        assert selectors.in_force(at).count() == 1


def test_the_adoption_is_in_the_ledger_with_the_sum_of_the_bundle(adopted: OrderVersion) -> None:
    (event,) = ledger.of_stream(services.STREAM)

    assert event.kind == "ORDER_ADOPTED"
    assert event.data["sha256"] == adopted.sha256 == selectors.order_in_force(BEGINNING).sha256


def _refused(says: str, director: Person, reviewer: Person, **changes: Any) -> None:
    before = list(OrderVersion.objects.values_list())
    events = len(ledger.of_stream(services.STREAM))

    with pytest.raises(AdoptionRefused, match=says):
        _adopt(director, reviewer, **changes)

    assert list(OrderVersion.objects.values_list()) == before
    assert len(ledger.of_stream(services.STREAM)) == events


def test_r_58_an_order_is_adopted_by_four_eyes(director: Person) -> None:
    _refused("four eyes", director, director)


def test_r_58_the_database_refuses_two_eyes_too(adopted: OrderVersion) -> None:
    with pytest.raises(IntegrityError, match="an_order_is_adopted_by_four_eyes"), transaction.atomic():
        OrderVersion.objects.create(
            number="DO-X",
            sha256="0" * 64,
            files="{}",
            valid_from=SUMMER,
            adopted_by=adopted.adopted_by,
            reviewed_by=adopted.adopted_by,
            adopted_at=BEGINNING,
        )


@pytest.mark.parametrize("valid_from", [BEGINNING, BEGINNING - timedelta(days=1)])
def test_versions_do_not_overlap(
    adopted: OrderVersion, director: Person, chief_jurist: Person, valid_from: datetime
) -> None:
    _refused("must begin after it", director, chief_jurist, number="DO-2", valid_from=valid_from, at=valid_from)


def test_r_29_a_version_that_follows_another_does_not_reach_back(
    adopted: OrderVersion, director: Person, chief_jurist: Person
) -> None:
    _refused(
        "earlier moment", director, chief_jurist, number="DO-2", valid_from=SUMMER, at=SUMMER + timedelta(seconds=1)
    )


@pytest.mark.parametrize("number", ["", " ", "x" * 25])
def test_a_version_has_a_number(director: Person, chief_jurist: Person, number: str) -> None:
    _refused("give it one", director, chief_jurist, number=number)


def test_a_number_is_given_once(adopted: OrderVersion, director: Person, chief_jurist: Person) -> None:
    _refused("adopted already", director, chief_jurist, valid_from=SUMMER)


@pytest.mark.parametrize("data", [b"\xff\xfe<", "å".encode("latin-1"), b"<a>\x00</a>"])
def test_a_file_that_is_no_text_is_named(director: Person, chief_jurist: Person, data: bytes) -> None:
    _refused("file `rules.dmn`", director, chief_jurist, files={**bundle(), "rules.dmn": data})


HOSTILE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>'
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"rules.dmn": HOSTILE}, "rules.dmn"),
        ({"rules.dmn": BOMB}, "rules.dmn"),
        ({"roles.dmn": b"<a" * 5_000 + b">"}, "roles.dmn"),
        ({"escalation.dmn": b"<a>" * 5_000 + b"</a>" * 5_000}, "escalation.dmn"),
        ({"rules.dmn": b"<a>" + b" " * 10_000_000 + b"</a>"}, "rules.dmn"),
        ({"legal_basis.toml": b"= ="}, "legal_basis.toml"),
        (cell("DO-040", "lowest_role", '"CHEF"'), "CHEF"),
        (cell("DO-040", "decision_type", '"SHRUG"'), "SHRUG"),
        (cell("DO-046-3", "amount", "&gt; 4000000"), "DO-046-2 DO-046-3"),
        (changed("rules.dmn", "<text>affected_persons</text>", "<text>department</text>"), "kontor"),
    ],
    ids=[
        "external_entity",
        "entity_expansion",
        "malformed",
        "deep",
        "ten_megabytes",
        "no_toml",
        "unknown_role",
        "unknown_decision_type",
        "overlap",
        "regional",
    ],
)
def test_a_defective_bundle_is_refused_by_name_and_nothing_is_stored(
    adopted: OrderVersion, director: Person, chief_jurist: Person, files: dict[str, bytes], names: str
) -> None:
    before = list(OrderVersion.objects.values_list())

    with pytest.raises(DelegationError, match=re.escape(names)) as refusal:
        _adopt(director, chief_jurist, files={**bundle(), **files}, number="DO-2", valid_from=SUMMER)

    assert isinstance(refusal.value, OrderRefused)
    assert all(finding.file and finding.element and finding.text for finding in refusal.value.findings)
    assert list(OrderVersion.objects.values_list()) == before
    assert selectors.order_in_force(SUMMER).number == "DO-1"


def test_a_bundle_without_one_of_its_files_is_refused(director: Person, chief_jurist: Person) -> None:
    files = bundle()
    del files["roles.dmn"]

    with pytest.raises(OrderRefused, match=re.escape("roles.dmn")):
        _adopt(director, chief_jurist, files=files)


def _stricter(office: Office, *, at: datetime) -> None:
    """Adopt a version in which opening a supervision is for the director-general."""
    services.adopt(
        files={**bundle(), **cell("DO-036", "lowest_role", '"GD"')},
        number=f"STRICTER-{uuid.uuid4().hex[:6]}",
        valid_from=at,
        adopted_by=Person.objects.get(code="GD"),
        reviewed_by=Person.objects.get(code="CJ"),
        at=at,
    )


def test_r_29_a_new_order_in_the_middle_of_a_case_decides_at_signing(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    _stricter(office, at=office.tick())

    with pytest.raises(NotAuthorised) as refusal:
        office.complete(item, "acn_etv")

    assert refusal.value.verdict.order_number.startswith("STRICTER")
    assert refusal.value.verdict.lowest_role == "GD"
    assert not Decision.objects.filter(case=case).exists()


def test_r_29_the_last_moment_of_an_order_is_still_its_own(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    _stricter(office, at=office.at + timedelta(minutes=1, microseconds=1))

    office.complete(item, "acn_etv")

    assert PermitRecord.objects.get(case=case, act="DECIDE").order_number == "DEMO-1"


def test_r_29_a_decision_signed_under_the_order_before_stands(office: Office) -> None:
    case = office.to_dispatch()
    _stricter(office, at=office.tick())

    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")

    assert Decision.objects.get(case=case, decision_type="OPEN_SUPERVISION").order_number == "DEMO-1"
