"""Declared circumstances outside the model's own step: advised on, ruled on by the right level, carried out."""

from __future__ import annotations

import pytest

from tests.workflow_app.office import Office
from workflow_app.cases.errors import FormRefused, NotAuthorised, NothingToRuleOn
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, ConflictDeclaration, Decision
from workflow_app.cases.services import conflicts


def _declare(office: Office, case: Case, by: str) -> None:
    conflicts.declare(case=case.pk, by=office.person(by), circumstance=True, key=office.key(), at=office.tick())


def _advise(office: Office, case: Case, by: str = "aj_09") -> None:
    office_case = {"case": case.pk, "by": office.person(by), "key": office.key(), "at": office.tick()}
    conflicts.advise(opinion="Närstående är anställd där.", **office_case)


def _rule(office: Office, case: Case, by: str, *, conflict: bool, reasons: str = "FL 16 §.") -> None:
    conflicts.rule(
        case=case.pk, conflict=conflict, reasons=reasons, by=office.person(by), key=office.key(), at=office.tick()
    )


def _standing(case: Case) -> Standing:
    case.refresh_from_db()
    return Standing.loads(case.standing)


def test_a_ruling_of_conflict_keeps_the_person_out_for_good(office: Office) -> None:
    case = office.to_review()
    _declare(office, case, "insp_018")
    _advise(office, case)

    _rule(office, case, "ecn_etv_01", conflict=True)

    assert str(office.person("insp_018")) in _standing(case).disqualified
    decision = Decision.objects.get(case=case)
    assert (decision.decision_type, decision.rule) == ("CONFLICT_RULING", "DO-004")
    kinds = ConflictDeclaration.objects.filter(case=case, person=office.person("insp_018")).values_list(
        "kind", flat=True
    )
    assert "RULED_CONFLICT" in kinds
    with pytest.raises(NotAuthorised):
        office.do(case, "insp_018", "review_proposal")


def test_a_ruling_of_no_conflict_lets_the_person_go_on(office: Office) -> None:
    case = office.to_review()
    _declare(office, case, "insp_018")
    _advise(office, case)

    _rule(office, case, "ecn_etv_01", conflict=False)

    assert _standing(case).disqualified == frozenset()
    office.do(case, "insp_018", "review_proposal")


def test_the_order_asks_for_a_jurist_before_the_ruling(office: Office) -> None:
    case = office.to_review()
    _declare(office, case, "insp_018")

    with pytest.raises(NotAuthorised) as refusal:
        _rule(office, case, "ecn_etv_01", conflict=True)

    assert "JURIST_HEARD" in {bar.code for bar in refusal.value.verdict.bars}


def test_a_head_of_units_circumstance_is_ruled_on_one_level_up(office: Office) -> None:
    case = office.to_review()
    _declare(office, case, "ecn_etv_01")
    _advise(office, case)

    with pytest.raises(NotAuthorised):
        _rule(office, case, "ecn_etv_02", conflict=False)
    _rule(office, case, "acn_etv", conflict=False)

    assert _standing(case).disqualified == frozenset()


def test_there_is_nothing_to_rule_on_before_anybody_declares(office: Office) -> None:
    case = office.to_review()

    with pytest.raises(NothingToRuleOn):
        _rule(office, case, "ecn_etv_01", conflict=True)


def test_a_ruling_without_reasons_is_refused(office: Office) -> None:
    case = office.to_review()
    _declare(office, case, "insp_018")
    _advise(office, case)

    with pytest.raises(FormRefused):
        _rule(office, case, "ecn_etv_01", conflict=True, reasons=" ")


def test_a_ruling_concerns_only_what_waits_for_one(office: Office) -> None:
    case = office.to_review()
    _declare(office, case, "insp_018")
    _advise(office, case)
    _rule(office, case, "ecn_etv_01", conflict=True)
    with pytest.raises(NothingToRuleOn):
        _rule(office, case, "ecn_etv_01", conflict=False)

    _declare(office, case, "insp_019")
    with pytest.raises(NotAuthorised) as refusal:
        _rule(office, case, "ecn_etv_01", conflict=False)
    assert "JURIST_HEARD" in {bar.code for bar in refusal.value.verdict.bars}
    _advise(office, case)
    _rule(office, case, "ecn_etv_01", conflict=False)

    assert _standing(case).disqualified == {str(office.person("insp_018"))}
