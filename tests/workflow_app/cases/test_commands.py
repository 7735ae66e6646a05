"""The one way to change a case: idempotent, locked, asked of the order, recorded, all or nothing."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.workflow_app.office import Office
from workflow_app.cases import selectors
from workflow_app.cases.errors import (
    AlreadyClaimed,
    DeclarationMissing,
    FormRefused,
    NotAuthorised,
    NotClaimed,
    NotOpen,
    OrderUnclear,
    StaleEdit,
    UnknownCase,
)
from workflow_app.cases.models import Case, CaseAct, Decision, PermitRecord, Proposal, WorkItem
from workflow_app.cases.services import proposing, work
from workflow_app.ledger import selectors as ledger
from workflow_app.outbox.models import Job


def _counts(case: Case) -> tuple[int, ...]:
    """Return how much is on record, the ledger aside."""
    rows = (CaseAct, PermitRecord, Proposal, WorkItem, Decision)
    return (*(model.objects.filter(case=case).count() for model in rows), Job.objects.count())


def test_the_same_command_again_gives_the_same_outcome_and_changes_nothing(office: Office) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    office.claim(item, "insp_017")
    fields = office.form("assess_risk")
    request = {"item": item.pk, "by": office.person("insp_017"), "fields": fields, "key": "double-click"}

    first = work.complete(**request, at=office.tick())
    before = _counts(case)
    second = work.complete(**request, at=office.tick())

    assert (second.seq, second.kind, second.replayed) == (first.seq, first.kind, True)
    assert _counts(case) == before


def test_opening_twice_with_the_same_key_opens_one_case(office: Office) -> None:
    first = office.open_case()
    office._number -= 1

    assert office.open_case().pk == first.pk
    assert Case.objects.count() == 1


def test_two_persons_may_use_the_same_key(office: Office) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    work.claim(item=item.pk, by=office.person("insp_017"), key="k", at=office.tick(), declares_no_circumstance=True)

    with pytest.raises(AlreadyClaimed):
        work.claim(item=item.pk, by=office.person("insp_018"), key="k", at=office.tick(), declares_no_circumstance=True)


def test_a_refusal_is_recorded_and_nothing_else_is(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    before = _counts(case)

    with pytest.raises(NotAuthorised) as refusal:
        office.claim(item, "insp_018")

    event = ledger.of_stream(str(case.pk))[-1]
    assert event.kind == "ACT_REFUSED"
    assert event.person == str(office.person("insp_018"))
    assert event.data["rule"] == "DO-036"
    assert event.data["bars"] == [f"{bar.code}:{bar.rule_id}" for bar in refusal.value.verdict.bars]
    assert _counts(case) == before


def test_every_act_is_recorded_with_the_permit_it_was_done_under(office: Office) -> None:
    case = office.to_dispatch()

    acts = CaseAct.objects.filter(case=case)

    assert acts.count() == PermitRecord.objects.filter(case=case).count()
    permit = PermitRecord.objects.get(case=case, act="DECIDE")
    assert (permit.rule, permit.role, permit.order_number) == ("DO-036", "AC_N", "DEMO-1")
    assert permit.grant.person_id == office.person("acn_etv")


def test_a_decision_takes_at_most_eight_statements(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    work_args = {"item": item.pk, "by": office.person("acn_etv"), "fields": office.form("decide"), "key": "decide"}

    with CaptureQueriesContext(
        connection,
    ) as captured:
        work.complete(**work_args, at=office.tick())

    statements = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    if connection.vendor == "postgresql":
        assert len(statements) <= 8, statements
    reads = [text for text in statements if text.lstrip('"').startswith("SELECT")]
    assert len(reads) <= 4, reads


def test_claiming_without_a_declaration_is_refused_with_the_rule(office: Office) -> None:
    item = office.item(office.open_case(), "assess_risk")

    with pytest.raises((DeclarationMissing, NotAuthorised)) as refusal:
        office.claim(item, "insp_017", declares=False)

    assert "R-01" in str(refusal.value)


def test_a_claimed_item_can_be_released_and_claimed_by_another(office: Office) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    office.claim(item, "insp_017")

    work.release(item=item.pk, by=office.person("insp_017"), key=office.key(), at=office.tick())
    office.claim(item, "insp_018")

    assert office.item(case, "assess_risk").claimed_by_id == office.person("insp_018")


def test_only_the_claimant_completes(office: Office) -> None:
    item = office.item(office.open_case(), "assess_risk")
    office.claim(item, "insp_017")
    office.claim(office.item(office.open_case(), "assess_risk"), "insp_018")

    with pytest.raises((NotClaimed, NotAuthorised)):
        office.complete(item, "insp_018")


def test_work_that_is_done_cannot_be_done_again(office: Office) -> None:
    case = office.open_case()
    item = office.do(case, "insp_017", "assess_risk")

    with pytest.raises(NotOpen):
        office.complete(item, "insp_017")


def test_an_unknown_item_is_refused_in_words(office: Office) -> None:
    with pytest.raises(UnknownCase, match="no work item has the id"):
        work.claim(item=uuid.uuid4(), by=office.person("insp_017"), key=office.key(), at=office.tick())


def test_a_page_shown_before_the_proposal_changed_is_refused(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    seen = selectors.item_page(item.pk, office.person("insp_018"), office.at).seen
    case.refresh_from_db()
    proposing.amend(
        case=case.pk,
        by=office.person("insp_017"),
        fields=office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION", "reasons": "Nya skäl."},
        seen_hash=case.proposal.content_hash,
        key=office.key(),
        at=office.tick(),
    )

    with pytest.raises(StaleEdit):
        work.complete(
            item=item.pk,
            by=office.person("insp_018"),
            fields=office.form("review_proposal"),
            key=office.key(),
            at=office.tick(),
            seen=seen,
        )


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("risk_reasons", "a\x00b", "U\\+0000"),
        ("risk_reasons", "a\ud800b", "U\\+D800"),
        ("risk_reasons", "a\u202eb", "U\\+202E"),
        ("risk_reasons", "x" * 10_000_000, "at most"),
        ("risk_reasons", 5, "must be a text"),
        ("risk_reasons", {"typename": "x"}, "must be a text"),
        ("risk_class", "MEGA", "not one of the choices"),
        ("criterion_codes", ["NO_SUCH"], "not one of the choices"),
        ("is_staff", True, "no such field"),
        ("risk_class", None, "must be filled in"),
    ],
)
def test_a_form_that_does_not_hold_is_refused_by_field_and_nothing_changes(
    office: Office, field: str, value: object, problem: str
) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    office.claim(item, "insp_017")
    before = _counts(case)

    with pytest.raises(FormRefused, match=problem) as refusal:
        office.complete(item, "insp_017", **{field: value})

    assert list(refusal.value.problems) == [field]
    assert _counts(case) == before
    assert office.item(case, "assess_risk").claimed_by_id == office.person("insp_017")


def test_a_decision_type_the_order_does_not_know_for_the_case_is_refused(office: Office) -> None:
    case = office.open_case()
    office.do(case, "insp_017", "assess_risk")

    with pytest.raises((FormRefused, OrderUnclear)):
        office.do(case, "insp_017", "write_proposal", decision_type="CLOSE_LEX_MARIA")
