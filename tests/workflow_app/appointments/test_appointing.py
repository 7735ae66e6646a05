"""A right is given by whoever stands above, for a time, and every giving, refusal and revocation is in the ledger."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from delegation.types import GrantKind
from tests.workflow_app.office import Office
from workflow_app.appointments import selectors, services
from workflow_app.appointments.errors import AppointmentRefused, NothingToEnd, UnknownGrant
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.errors import GrantRefused
from workflow_app.organisation.models import Account, DelegationGrant
from workflow_app.outbox.models import Job


def lend(office: Office, by: str = "acn_etv", to: str = "ecn_etv_02", **changes: Any) -> DelegationGrant:
    """Lend DO-036 to a head of unit for half a year."""
    at = office.tick()
    given: dict[str, Any] = {
        "person": office.person(to),
        "role": "EC_N",
        "case_type": "ETV",
        "by": office.person(by),
        "kind": GrantKind.SUB_DELEGATION,
        "rules": ("DO-036",),
        "on_behalf_of": "AC_N",
        "valid_from": at,
        "valid_to": at + timedelta(days=182),
        "key": office.key(),
        "at": at,
        **changes,
    }
    return services.give(**given)


def appoint(office: Office, by: str, to: str, role: str, case_type: str = "ETV", **changes: Any) -> DelegationGrant:
    at = office.tick()
    given: dict[str, Any] = {"valid_from": at, "key": office.key(), "at": at, **changes}
    return services.give(person=office.person(to), role=role, case_type=case_type, by=office.person(by), **given)


def revoke(office: Office, grant: DelegationGrant, by: str, **changes: Any) -> DelegationGrant:
    given = {"key": office.key(), "at": office.tick(), **changes}
    return services.revoke(grant=grant.pk, by=office.person(by), **given)


def refused(refusal: pytest.ExceptionInfo[AppointmentRefused]) -> set[str]:
    """Return the codes of a refusal; the last entry of the ledger says the same."""
    last = ledger.of_stream(services.STREAM)[-1]
    codes = {bar.code for bar in refusal.value.bars}
    assert last.kind == EventKind.ACT_REFUSED
    assert {bar.partition(":")[0] for bar in last.data["bars"]} == codes
    return codes


def test_a_head_of_department_lends_a_row_and_the_ledger_tells_of_it(office: Office) -> None:
    grant = lend(office)

    (event,) = ledger.of_stream(services.STREAM)
    assert (event.kind, event.data["grant"], event.data["rules"]) == ("GRANT_GIVEN", str(grant.pk), ["DO-036"])
    assert event.person == str(office.person("acn_etv"))
    assert "EC_N" in {one.role for one in organisation.actor_at(office.person("ecn_etv_02"), office.at).grants}


def test_the_same_key_gives_one_right(office: Office) -> None:
    at = office.tick()

    first, second = (lend(office, key="same", at=at, valid_from=at, valid_to=at + timedelta(days=9)) for _ in "12")

    assert first.pk == second.pk
    assert len(ledger.of_stream(services.STREAM)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rules": ("DO-001",)}, "ROW_NOT_LENDABLE"),
        ({"rules": ()}, "LENT_WITHOUT_ROWS"),
        ({"role": "AC_N"}, "ROW_NOT_LENDABLE"),
        ({"to": "insp_017"}, "RECEIVER_NOT_APPOINTED"),
        ({"to": "ecn_nts_01"}, "RECEIVER_NOT_APPOINTED"),
        ({"to": "acn_etv"}, "GIVER_IS_HOLDER"),
        ({"by": "acn_nts"}, "GIVER_NOT_APPOINTED"),
        ({"by": "ecn_etv_01"}, "GIVER_NOT_APPOINTED"),
        ({"valid_to": None}, "LENT_WITHOUT_END"),
    ],
)
def test_r59_r60_r63_a_right_lent_outside_the_order_is_refused_and_recorded(
    office: Office, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(AppointmentRefused) as refusal:
        lend(office, **changes)

    assert code in refused(refusal)
    assert not DelegationGrant.objects.filter(given_at__gte=office.at - timedelta(minutes=1)).exists()


def test_r59_a_sub_delegation_of_more_than_twelve_months_is_refused(office: Office) -> None:
    with pytest.raises(AppointmentRefused) as refusal:
        lend(office, valid_to=office.at + timedelta(days=370))

    assert refused(refusal) == {"LENT_TOO_LONG"}


def test_r60_what_is_lent_is_not_lent_on(office: Office) -> None:
    with pytest.raises(AppointmentRefused) as refusal:
        lend(office, by="ecn_etv_01", on_behalf_of="AC_N")

    assert "GIVER_NOT_APPOINTED" in refused(refusal)


def test_r64_a_second_account_gives_its_person_nothing(office: Office) -> None:
    Account.objects.create_user("acn_etv_extra", organisation.person_by_login("acn_etv"))

    with pytest.raises(AppointmentRefused) as refusal:
        lend(office, by="acn_etv", to="acn_etv_extra")

    assert "GIVER_IS_HOLDER" in refused(refusal)


def test_a_head_appoints_those_below_and_nobody_else(office: Office) -> None:
    appoint(office, "acn_etv", "insp_ftb_01", "INSP")
    appoint(office, "gd", "ecn_etv_01", "AC_N", case_type="FTB")
    appoint(office, "cj", "aj_ftb_01", "AJ")

    for by, role in (
        ("ecn_etv_01", "INSP"),
        ("acn_nts", "EC_N"),
        ("acn_etv", "AJ"),
        ("acn_etv", "PO"),
        ("stf", "EC_N"),
    ):
        with pytest.raises(AppointmentRefused) as refusal:
            appoint(office, by, "insp_ftb_02", role)
        assert refused(refusal) == {"GIVER_STANDS_NOT_ABOVE"}


def test_an_unknown_case_type_is_refused_in_words(office: Office) -> None:
    with pytest.raises(GrantRefused, match="no case type is called"):
        appoint(office, "acn_etv", "insp_ftb_01", "INSP", case_type="XYZ")


def test_r28_who_gave_a_right_revokes_it_and_so_does_who_stands_above(office: Office) -> None:
    for by in ("acn_etv", "gd"):
        grant = revoke(office, lend(office), by)

        assert (grant.valid_to, grant.revoked_by_id) == (office.at, office.person(by))
        assert ledger.of_stream(services.STREAM)[-1].kind == EventKind.GRANT_REVOKED


@pytest.mark.parametrize("by", ["ecn_etv_02", "acn_nts", "insp_017", "po_01", "cj"])
def test_r28_nobody_else_revokes_it(office: Office, by: str) -> None:
    grant = lend(office)

    with pytest.raises(AppointmentRefused) as refusal:
        revoke(office, grant, by)

    assert refused(refusal) == {"REVOKER_STANDS_NOT_ABOVE"}
    grant.refresh_from_db()
    assert grant.revoked_by is None


def test_what_has_ended_or_never_was_is_not_revoked(office: Office) -> None:
    grant = revoke(office, lend(office), "acn_etv")

    with pytest.raises(NothingToEnd):
        revoke(office, grant, "acn_etv")
    with pytest.raises(UnknownGrant):
        services.revoke(grant=uuid.uuid4(), by=office.person("gd"), key=office.key(), at=office.at)


def test_the_same_revocation_sent_twice_is_one(office: Office) -> None:
    grant = lend(office)

    revoke(office, grant, "acn_etv", key="same")
    revoke(office, grant, "acn_etv", key="same")

    assert [event.kind for event in ledger.of_stream(services.STREAM)] == ["GRANT_GIVEN", "GRANT_REVOKED"]


def test_a_lent_right_is_reported_on_each_quarter_and_taken_back_at_its_end(office: Office) -> None:
    grant = lend(office)

    jobs = Job.objects.filter(payload__contains=str(grant.pk)).order_by("due_at")
    ends: list[datetime] = [job.due_at for job in jobs if job.kind == "USAGE_REPORT"]
    assert len(ends) == 3
    assert ends[-1] == grant.valid_to
    assert {(job.kind, job.due_at) for job in jobs} >= {("GRANT_CHANGED", office.at), ("GRANT_CHANGED", ends[-1])}


def test_the_pages_know_what_may_be_given_lent_and_revoked(office: Office) -> None:
    head, director = office.person("acn_etv"), office.person("gd")

    assert {one.role for one in selectors.appointable(head, office.at)} >= {"EC_N", "INSP"}
    assert all(one.case_types == ("ETV", "EVB") for one in selectors.appointable(head, office.at) if one.role == "EC_N")
    assert "AC_N" in {one.role for one in selectors.appointable(director, office.at)}
    assert not selectors.appointable(office.person("insp_017"), office.at)
    assert "DO-036" in {row.rule for row in selectors.lendable(head, office.at)}
    assert not selectors.lendable(office.person("po_01"), office.at)
    held = list(DelegationGrant.objects.filter(person=office.person("ecn_etv_01"), kind="APPOINTMENT"))
    assert selectors.revocable(held, head, office.at) == {held[0].pk}
    assert not selectors.revocable(held, office.person("acn_nts"), office.at)
    names = {person.pk for person in selectors.receivers("EC_N", "ETV", office.at, but=office.person("ecn_etv_01"))}
    assert office.person("ecn_etv_02") in names
    assert office.person("ecn_etv_01") not in names
