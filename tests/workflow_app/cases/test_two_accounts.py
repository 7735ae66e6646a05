"""Identity is the person, not the account: whoever has two ways in is still one in every duty (R-64).

A rule that looked at the account would let all of this through. Lending to oneself and standing in for oneself are
tried in ``appointments``; a conflict of interest in ``test_conflict_handling``.
"""

from __future__ import annotations

import pytest

from tests.workflow_app.appointments.test_appointing import appoint
from tests.workflow_app.cases.test_taking_back import held, revoke
from tests.workflow_app.office import Office
from workflow_app.cases.errors import AlreadyClaimed, NotAuthorised
from workflow_app.cases.models import Decision
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.models import Account


def second_account(office: Office, login: str) -> str:
    """Give a person another way in, and return its log-in."""
    Account.objects.create_user(f"{login}_again", organisation.person_by_login(login))
    return f"{login}_again"


def rules_against(refusal: pytest.ExceptionInfo[NotAuthorised]) -> set[str]:
    return {bar.rule_id for bar in refusal.value.verdict.bars}


def test_r19_r64_who_wrote_the_proposal_does_not_review_it_from_another_account(office: Office) -> None:
    case = office.to_review()

    with pytest.raises(NotAuthorised) as refusal:
        office.do(case, second_account(office, "insp_017"), "review_proposal")

    assert "R-19" in rules_against(refusal)


@pytest.mark.parametrize(("login", "rules"), [("insp_017", {"R-64", "R-14"}), ("insp_018", {"R-20"})])
def test_r14_r20_r64_who_prepared_presented_or_reviewed_does_not_decide_from_another_account(
    office: Office, login: str, rules: set[str]
) -> None:
    other = second_account(office, login)
    appoint(office, "gd", other, "AC_N")
    case = office.to_decision()

    with pytest.raises(NotAuthorised) as refusal:
        office.do(case, other, "decide")

    assert rules <= rules_against(refusal)
    assert not Decision.objects.filter(case=case).exists()


def test_r20_r64_who_reviewed_from_one_account_prepares_nothing_anew_to_review_from_another(office: Office) -> None:
    case = office.to_review()
    other = second_account(office, "insp_018")
    office.do(case, "insp_018", "review_proposal", outcome="RETURN", reason_primary="MISSING_BASIS")
    office.do(case, "aj_09", "give_legal_opinion")
    item = office.item(case, "write_proposal")

    # A return is its writer's: another account of the reviewer's is the reviewer.
    with pytest.raises(AlreadyClaimed):
        office.claim(item, other)


def test_r28_r64_a_revoked_right_is_gone_from_every_account(office: Office) -> None:
    other = second_account(office, "acn_etv")
    case = office.to_decision()
    revoke(office, held(office, "acn_etv", "AC_N"))

    with pytest.raises(NotAuthorised):
        office.do(case, other, "decide")
