"""Two at once, on real transactions: what would be refused after the other is never let through beside it."""

from __future__ import annotations

import pytest

from tests.workflow_app.cases.test_races import _at_once as at_once
from tests.workflow_app.cases.test_races import busy_office as busy_office
from tests.workflow_app.office import Office
from workflow_app.cases import selectors
from workflow_app.cases.errors import NotAuthorised, StaleEdit, TooLate
from workflow_app.cases.models import CaseAct, ConflictDeclaration, Decision
from workflow_app.cases.services import conflicts, proposing, work
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger import verification


@pytest.mark.parametrize("turn", range(3))
def test_r_22_a_decision_that_races_with_an_edit_is_on_what_was_reviewed_or_refused(
    busy_office: Office, turn: int
) -> None:
    office = busy_office
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    case.refresh_from_db()
    reviewed = case.proposal.content_hash
    changed = office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION", "reasons": "Andra skäl."}
    fields, at = office.form("decide"), office.tick()

    decided, amended = at_once(
        lambda: work.complete(item=item.pk, by=office.person("acn_etv"), fields=fields, key="decide", at=at),
        lambda: proposing.amend(
            case=case.pk, by=office.person("insp_017"), fields=changed, seen_hash=reviewed, key="edit", at=at
        ),
    )

    made = Decision.objects.filter(case=case)
    if made.exists():
        assert isinstance(amended, TooLate | StaleEdit | NotAuthorised), amended
        assert CaseAct.objects.get(pk=made.get().act_record_id).proposal_hash == reviewed
    else:
        assert isinstance(decided, NotAuthorised), decided
        assert "R-22" in {bar.rule_id for bar in decided.verdict.bars}
    assert verification.verify(selectors.heads()).ok


@pytest.mark.parametrize("turn", range(3))
def test_r_02_a_decision_that_races_with_the_deciders_own_circumstance_comes_before_it_or_not_at_all(
    busy_office: Office, turn: int
) -> None:
    office = busy_office
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    by, fields, at = office.person("acn_etv"), office.form("decide"), office.tick()

    at_once(
        lambda: work.complete(item=item.pk, by=by, fields=fields, key="decide", at=at),
        lambda: conflicts.declare(case=case.pk, by=by, circumstance=True, key="declare", at=at),
    )

    kinds = [event.kind for event in ledger.of_stream(str(case.pk))]
    assert ConflictDeclaration.objects.filter(case=case, person=by, kind="CIRCUMSTANCE").exists()
    if Decision.objects.filter(case=case).exists():
        assert kinds.index("CASE_DECIDED") < kinds.index("CONFLICT_DECLARED")
    else:
        assert "CASE_DECIDED" not in kinds
    assert verification.verify(selectors.heads()).ok
