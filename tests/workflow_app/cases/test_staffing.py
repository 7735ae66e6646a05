"""Can this case still be decided: asked at every claim, on the page of the case and for the whole house."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.workflow_app.office import Office
from workflow_app.cases import readiness, selectors, staffing
from workflow_app.cases.errors import LeavesNobody
from workflow_app.cases.models import Case, Notification, WorkItem
from workflow_app.cases.services import conflicts, looking_ahead, work
from workflow_app.cases.staffing import Taking
from workflow_app.enforcement import shortage
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation import services as organisation_services
from workflow_app.organisation.models import DelegationGrant, Person
from workflow_app.outbox.models import Job


def away(office: Office, *persons: str) -> None:
    """Let persons be away for a month."""
    for name in persons:
        organisation_services.register_absence(
            person=Person.objects.get(pk=office.person(name)),
            valid_from=office.at,
            valid_to=office.at + timedelta(days=30),
        )


def taking(office: Office, case: Case, element: str, by: str) -> Taking | None:
    item = WorkItem.objects.select_related("case__proposal").get(pk=office.item(case, element).pk)
    person = office.person(by)
    return staffing.taking(selectors.display(item.case, person, office.at, item=item), item, str(person))


def outlook(office: Office, case: Case) -> staffing.Outlook:
    found = staffing.Office(office.at).outlook(Case.objects.select_related("proposal").get(pk=case.pk))
    assert found is not None
    return found


def names(found: frozenset[str]) -> set[str]:
    return set(Person.objects.filter(pk__in=found).values_list("code", flat=True))


def test_a_case_without_a_proposal_has_nothing_to_decide_yet(office: Office) -> None:
    case = Case.objects.get(pk=office.open_case().pk)

    assert staffing.Office(office.at).outlook(case) is None


def test_what_is_left_is_what_the_order_still_misses(office: Office) -> None:
    case = office.to_review()

    assert {step.id.partition(":")[0] for step in outlook(office, case).plan.steps} == {
        "REVIEW",
        "CONSULT",
        "PRESENT",
        "DECIDE",
    }

    office.do(case, "insp_018", "review_proposal")
    left = {step.id.partition(":")[0] for step in outlook(office, case).plan.steps}
    assert left == {"CONSULT", "PRESENT", "DECIDE"}


def test_the_witness_is_a_lawful_set_of_people(office: Office) -> None:
    found = outlook(office, office.to_review())

    assert found.shortage is None
    assert found.answer.witness is not None
    for rule in found.plan.constraints:
        assert found.answer.witness[rule.a] != found.answer.witness[rule.b]


def test_those_who_are_away_and_those_in_conflict_are_not_counted(office: Office) -> None:
    case = office.to_decision()
    away(office, "gd", "acn_etv")

    found = outlook(office, case)

    assert found.shortage is not None
    (lacking,) = found.shortage.steps
    assert lacking.id == "DECIDE:AC_N"
    assert not lacking.people


def test_a_circumstance_declared_by_the_last_who_can_decide_shows(office: Office) -> None:
    case = office.to_decision()
    away(office, "gd")
    assert outlook(office, case).missed[0] == frozenset({str(office.person("acn_etv"))})

    conflicts.declare(case=case.pk, by=office.person("acn_etv"), circumstance=True, key=office.key(), at=office.tick())

    assert outlook(office, case).shortage is not None


def test_r20_whoever_is_needed_to_decide_is_refused_the_review_and_told_why(office: Office) -> None:
    case = office.to_review()
    away(office, "gd")
    item = office.item(case, "review_proposal")

    with pytest.raises(LeavesNobody) as refused:
        office.claim(item, "acn_etv")

    told = shortage.reasons(refused.value.shortage, {str(office.person("acn_etv")): "Avdelningschef 01"})
    assert any("Avdelningschef 01" in sentence for sentence in told)
    assert any("R-20" in sentence for sentence in told)
    item.refresh_from_db()
    assert item.state == "OFFERED"
    # Somebody who is not needed later may, and then nothing stands in the way.
    office.claim(item, "insp_018")
    assert outlook(office, case).shortage is None


def test_whoever_leaves_one_other_person_is_told_so_and_may(office: Office) -> None:
    case = office.to_review()

    found = taking(office, case, "review_proposal", "acn_etv")

    assert found is not None
    assert found.shortage is None
    ((step, only),) = found.only
    assert step == "DECIDE:AC_N"
    assert only == str(office.person("gd"))
    office.claim(office.item(case, "review_proposal"), "acn_etv")


def test_whoever_can_do_nothing_else_in_the_case_takes_nobody_away(office: Office) -> None:
    assert taking(office, office.to_review(), "give_legal_opinion", "aj_09") is None


def test_a_case_that_nobody_could_decide_before_is_not_blamed_on_the_claimant(office: Office) -> None:
    case = office.to_review()
    away(office, "gd", "acn_etv")

    office.claim(office.item(case, "review_proposal"), "insp_018")

    assert outlook(office, case).shortage is not None


def test_a_returned_proposal_needs_its_controls_anew(office: Office) -> None:
    case = office.to_review()
    office.do(case, "insp_018", "review_proposal", outcome="RETURN", reason_primary="MISSING_BASIS")
    office.do(case, "aj_09", "give_legal_opinion")

    found = outlook(office, case)

    assert {"PREPARE", "REVIEW"} <= {step.id.partition(":")[0] for step in found.plan.steps}
    assert found.shortage is None


def test_two_accounts_and_a_release_change_nothing_in_who_is_left(office: Office) -> None:
    case = office.to_review()
    before = outlook(office, case).plan
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    work.release(item=item.pk, by=office.person("insp_018"), key=uuid.uuid4().hex, at=office.tick())

    assert outlook(office, case).plan == before


def test_substitutes_are_people_of_their_own_right_only(office: Office) -> None:
    """Standing in gives no right (R-57): a substitute without a grant is not counted."""
    case = office.to_decision()
    away(office, "gd", "acn_etv")
    organisation_services.appoint_substitute(
        absent=Person.objects.get(pk=office.person("acn_etv")),
        substitute=Person.objects.get(pk=office.person("insp_018")),
        valid_from=office.at,
        valid_to=office.at + timedelta(days=30),
    )

    assert outlook(office, case).shortage is not None
    assert organisation.is_absent(office.person("acn_etv"), office.at)


# The whole house, and who is told


def told(case: Case) -> set[str]:
    rows = Notification.objects.filter(case=case, kind=Notification.Kind.UNSTAFFED)
    return set(rows.values_list("person__code", flat=True))


def test_the_report_names_what_nobody_is_left_for_and_who_is_missed(office: Office) -> None:
    fine, stuck = office.to_review(), office.to_decision()
    conflicts.declare(case=stuck.pk, by=office.person("acn_etv"), circumstance=True, key="c", at=office.tick())
    away(office, "gd")

    found = readiness.report(office.at)

    assert found.cases == 2
    assert found.rows > 600
    assert [each.number for each in found.undecidable if each.case] == [stuck.case_number]
    alone = found.missed[frozenset({str(office.person("acn_etv"))})]
    assert fine.case_number in {each.number for each in alone}
    assert "DO-046-1" in {each.row for each in alone}
    assert readiness.loads(readiness.dumps(found)) == found


def test_the_nights_report_is_kept_the_heads_are_told_once_and_the_next_night_is_asked_for(office: Office) -> None:
    case = office.to_decision()
    away(office, "gd")
    conflicts.declare(case=case.pk, by=office.person("acn_etv"), circumstance=True, key="c", at=office.tick())

    first = looking_ahead.night(at=office.at)
    again = looking_ahead.night(at=office.at)

    assert first > 0
    assert again == 0
    assert told(case)
    assert "INSP-017" not in told(case)
    kept = readiness.latest()
    assert kept is not None
    assert kept.at == office.at
    assert Job.objects.filter(kind="LOOK_AHEAD").count() == 1


def test_a_conflict_an_absence_and_a_revocation_are_told_at_once(office: Office) -> None:
    case = office.to_decision()
    away(office, "gd")
    outcome = conflicts.declare(case=case.pk, by=office.person("acn_etv"), circumstance=True, key="c", at=office.tick())
    assert looking_ahead.after_event(case=case.pk, seq=outcome.seq, at=office.at) > 0
    assert looking_ahead.after_event(case=case.pk, seq=1, at=office.at) == 0
    assert looking_ahead.after_event(case=case.pk, seq=999, at=office.at) == 0

    other = office.to_decision()
    gone = organisation_services.register_absence(
        person=Person.objects.get(pk=office.person("acn_etv")),
        valid_from=office.at,
        valid_to=office.at + timedelta(days=9),
    )
    assert looking_ahead.after_absence(absence=gone.pk, at=office.at) > 0
    assert looking_ahead.after_absence(absence=0, at=office.at) == 0
    assert told(other)


def test_a_revoked_right_is_looked_into_where_it_reached(office: Office) -> None:
    case = office.to_decision()
    away(office, "gd")
    grant = DelegationGrant.objects.get(person=office.person("acn_etv"), role="AC_N", case_type="ETV")
    organisation_services.revoke_grant(grant=grant.pk, at=office.at, by=Person.objects.get(pk=office.person("gd")))

    assert looking_ahead.after_grant(grant=grant.pk, at=office.tick()) > 0
    assert outlook(office, case).shortage is not None
    assert looking_ahead.after_grant(grant=uuid.uuid4(), at=office.at) == 0
