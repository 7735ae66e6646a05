"""What a decision leaves behind, what voids its preparation, and until when its participants may dissent."""

from __future__ import annotations

import uuid

import pytest

from tests.workflow_app.office import Office
from workflow_app.cases import selectors, typed_json
from workflow_app.cases.errors import FormRefused, NotAuthorised, StaleEdit, TooLate
from workflow_app.cases.models import CaseAct, Decision, Dissent, WorkItem
from workflow_app.cases.services import conflicts, dissenting, proposing
from workflow_app.ledger import selectors as ledger
from workflow_app.organisation import services as organisation
from workflow_app.organisation.models import DelegationGrant


def _decision(case: object) -> Decision:
    return Decision.objects.get(case=case)


def _amend(office: Office, case: object, by: str = "insp_017", **fields: object) -> None:
    case.refresh_from_db()
    form = office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION"} | fields
    proposing.amend(
        case=case.pk,
        by=office.person(by),
        fields=form,
        seen_hash=case.proposal.content_hash,
        key=office.key(),
        at=office.tick(),
    )


def test_r_65_the_record_has_the_five_items_of_31_section_fl(office: Office) -> None:
    case = office.to_dispatch()

    record = _decision(case)

    assert record.decided_at == office.at
    assert typed_json.loads(record.content)["fields"]["decision_type"] == "OPEN_SUPERVISION"
    assert record.decider_id == office.person("acn_etv")
    assert record.rapporteur_id == office.person("insp_017")
    took_part = [part["person"] for part in typed_json.loads(record.participants)["participants"]]
    assert took_part == [str(office.person("insp_018"))]


def test_r_68_the_record_states_reasons_row_and_legal_basis_as_it_read_that_day(office: Office) -> None:
    record = _decision(office.to_dispatch())

    assert record.reasons
    assert (record.rule, record.order_number) == ("DO-036", "DEMO-1")
    assert "(2025:400)" in record.legal_basis or "SoL-25" in record.legal_basis, record.legal_basis


def test_r_68_a_decision_otherwise_than_proposed_states_its_own_reasons(office: Office) -> None:
    case = office.to_decision()

    with pytest.raises(FormRefused):
        office.do(case, "acn_etv", "decide", outcome="OTHERWISE", reasons="  ")


def test_r_22_an_edit_after_review_voids_it_and_the_decision_is_refused(office: Office) -> None:
    case = office.to_decision()
    _amend(office, case, reasons="Andra skäl.")

    with pytest.raises(NotAuthorised) as refusal:
        office.do(case, "acn_etv", "decide")

    assert "R-22" in {bar.rule_id for bar in refusal.value.verdict.bars}
    assert not Decision.objects.filter(case=case).exists()


def test_r_22_an_edit_of_a_page_that_is_not_the_latest_is_refused(office: Office) -> None:
    case = office.to_review()

    with pytest.raises(StaleEdit):
        proposing.amend(
            case=case.pk,
            by=office.person("insp_017"),
            fields=office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION"},
            seen_hash="0" * 64,
            key=office.key(),
            at=office.tick(),
        )


def test_an_edit_after_the_decision_is_refused(office: Office) -> None:
    case = office.to_dispatch()

    with pytest.raises(TooLate):
        _amend(office, case, reasons="För sent.")


def test_r_27_a_return_goes_back_to_the_writer_with_one_primary_reason(office: Office) -> None:
    case = office.to_review()
    office.do(case, "aj_09", "give_legal_opinion")

    office.do(
        case,
        "insp_018",
        "review_proposal",
        outcome="RETURN",
        reason_primary="MISSING_BASIS",
        reason_secondary=["PROPORTIONALITY"],
    )

    item = office.item(case, "write_proposal")
    assert (item.state, item.claimed_by_id) == (WorkItem.State.CLAIMED, office.person("insp_017"))
    returned = CaseAct.objects.get(case=case, returned=True)
    assert (returned.reason_primary, returned.reason_secondary) == ("MISSING_BASIS", "PROPORTIONALITY")
    assert ledger.of_stream(str(case.pk))[-2].kind != "ACT_REFUSED"


def test_r_26_a_return_without_a_primary_reason_is_refused(office: Office) -> None:
    case = office.to_review()

    with pytest.raises(FormRefused) as refusal:
        office.do(case, "insp_018", "review_proposal", outcome="RETURN", reason_primary=None)

    assert "reason_primary" in refusal.value.problems


def test_r_66_a_participant_may_dissent_until_dispatch_and_not_after(office: Office) -> None:
    case = office.to_dispatch()
    decision = _decision(case)

    def dissent(by: str) -> None:
        dissenting.dissent(
            decision=decision.pk, by=office.person(by), opinion="Jag anser annat.", key=office.key(), at=office.tick()
        )

    dissent("insp_018")
    with pytest.raises(TooLate, match="DISSENT_ALREADY_NOTED"):
        dissent("insp_018")
    with pytest.raises(TooLate, match="DID_NOT_TAKE_PART"):
        dissent("aj_09")
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")
    with pytest.raises(TooLate, match="ALREADY_DISPATCHED"):
        dissent("insp_017")

    assert [row.person_id for row in Dissent.objects.filter(decision=decision)] == [office.person("insp_018")]


def test_r_28_a_decision_on_a_revoked_grant_is_refused(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    grant = DelegationGrant.objects.get(person=office.person("acn_etv"), role="AC_N", case_type="ETV")

    organisation.revoke_grant(grant=grant.pk, at=office.tick())

    with pytest.raises(NotAuthorised):
        office.complete(item, "acn_etv")
    assert not Decision.objects.filter(case=case).exists()


def test_r_02_a_declared_circumstance_suspends_the_person_at_once(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")

    conflicts.declare(case=case.pk, by=office.person("insp_018"), circumstance=True, key=office.key(), at=office.tick())

    assert office.item(case, "review_proposal").state == WorkItem.State.OFFERED
    with pytest.raises(NotAuthorised):
        office.claim(item, "insp_018")
    with pytest.raises(Exception, match="no grant that opens it"):
        selectors.case_page(case.pk, office.person("insp_018"), office.at)


def test_r_04_nobody_rules_on_their_own_conflict(office: Office) -> None:
    case = office.to_review()
    conflicts.declare(
        case=case.pk, by=office.person("ecn_etv_01"), circumstance=True, key=office.key(), at=office.tick()
    )

    with pytest.raises(NotAuthorised):
        conflicts.rule(
            case=case.pk,
            conflict=False,
            reasons="Egen sak.",
            by=office.person("ecn_etv_01"),
            key=office.key(),
            at=office.tick(),
        )


def test_r_63_the_decider_may_hand_the_matter_upward_without_deciding(office: Office) -> None:
    case = office.to_decision()

    office.do(case, "acn_etv", "decide", outcome="HAND_UP")

    assert not Decision.objects.filter(case=case).exists()
    assert office.item(case, "decide")


def test_r_64_writer_reviewer_and_decider_of_a_proposal_are_three_persons(office: Office) -> None:
    case = office.to_dispatch()
    acts = CaseAct.objects.filter(case=case, proposal_hash=_decision(case).act_record.proposal_hash)

    persons = {act: {row.person_id for row in acts if row.act == act} for act in ("PREPARE", "REVIEW", "DECIDE")}

    assert all(len(found) == 1 for found in persons.values())
    assert len(set.union(*persons.values())) == 3


def test_a_case_that_nobody_opened_to_a_person_is_unknown_to_them(office: Office) -> None:
    case = office.open_case()

    with pytest.raises(Exception, match="no grant that opens it"):
        selectors.readable_case(case.pk, office.person("hl_til_11"), office.at)
    with pytest.raises(Exception, match="no such case"):
        selectors.readable_case(uuid.uuid4(), office.person("insp_017"), office.at)
