"""Those who disagree, and who may settle it: upward only, by nobody who is part of it, with every position kept."""

from __future__ import annotations

import pytest
from django.db import Error

from tests.workflow_app.office import Office
from workflow_app.cases.errors import FormRefused, NotAuthorised
from workflow_app.cases.models import Case, CaseAct, Decision, WorkItem
from workflow_app.cases.services import work

RESOLUTION = {"resolution_reasons": "Skälen väger tyngre än invändningen."}


@pytest.fixture
def disputed(office: Office) -> Case:
    """A case about whose proposal the reviewer disagrees with its writer."""
    case = office.to_review()
    office.do(
        case,
        "insp_018",
        "review_proposal",
        outcome="DISAGREE",
        comment="Underlaget räcker inte.",
        position="Underlaget räcker inte.",
    )
    office.do(case, "aj_09", "give_legal_opinion")
    return case


def refused(office: Office, item: WorkItem, by: str) -> set[str]:
    with pytest.raises(NotAuthorised) as refusal:
        office.claim(item, by)
    return {bar.rule_id for bar in refusal.value.verdict.bars}


def test_r61_neither_party_settles_it_and_nobody_below(office: Office, disputed: Case) -> None:
    item = office.item(disputed, "resolve_disagreement")

    assert "R-61" in refused(office, item, "insp_017")
    assert "R-61" in refused(office, item, "insp_018")
    assert "R-61" in refused(office, item, "insp_019")
    office.claim(item, "ecn_etv_01")


def test_r61_a_head_who_reviewed_and_disagreed_does_not_settle_the_own_disagreement(office: Office) -> None:
    case = office.to_review()
    office.do(case, "ecn_etv_01", "review_proposal", outcome="DISAGREE", comment="Nej.", position="Nej.")
    office.do(case, "aj_09", "give_legal_opinion")
    item = office.item(case, "resolve_disagreement")

    assert "R-61" in refused(office, item, "ecn_etv_01")
    # Two heads disagree in effect, so it is their head's.
    office.claim(item, "acn_etv")


def test_r61_the_decision_waits_for_the_settlement_and_both_positions_stay_in_the_file(
    office: Office, disputed: Case
) -> None:
    office.do(disputed, "ecn_etv_01", "resolve_disagreement", resolution="FOLLOW_PROPOSAL", **RESOLUTION)
    office.do(disputed, "insp_017", "present_for_decision")
    office.do(disputed, "acn_etv", "decide")

    acts = CaseAct.objects.filter(case=disputed)
    assert acts.get(act="REVIEW").answer == "DISAGREE"
    assert acts.get(resolves=True).role == "EC_N"
    assert Decision.objects.filter(case=disputed).exists()
    with pytest.raises(Error):
        acts.filter(act="REVIEW").update(answer="AGREE")


def test_r62_r63_raising_goes_up_and_never_down(office: Office, disputed: Case) -> None:
    office.do(disputed, "ecn_etv_01", "resolve_disagreement", resolution="RAISE", **RESOLUTION)
    item = next(item for item in WorkItem.objects.filter(case=disputed, state="OFFERED") if "resolve" in item.node)

    assert "EC_N" not in item.roles.split()
    assert {"AC_N", "GD", "CJ"} & set(item.roles.split())


def test_r63_handing_up_is_always_allowed_and_handing_down_is_refused(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")

    with pytest.raises(NotAuthorised):
        work.hand_over(
            item=item.pk,
            by=office.person("acn_etv"),
            to=office.person("insp_018"),
            key=office.key(),
            at=office.tick(),
        )
    office.complete(item, "acn_etv", outcome="HAND_UP", reasons="Frågan är principiell.")
    again = office.item(case, "decide")
    assert again.pk != item.pk
    office.do(case, "gd", "decide")
    assert Decision.objects.get(case=case).decider_id == office.person("gd")


def test_r33_no_presentation_is_a_decision_whatever_it_says(office: Office) -> None:
    case = office.to_review()
    office.do(case, "insp_018", "review_proposal")
    office.do(case, "aj_09", "give_legal_opinion")

    with pytest.raises(FormRefused):
        office.do(case, "insp_017", "present_for_decision", outcome="AS_PROPOSED")
    office.do(case, "insp_017", "present_for_decision")

    assert not Decision.objects.filter(case=case).exists()
    assert office.item(case, "decide").act == "DECIDE"
