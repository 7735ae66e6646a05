"""Row by row: the lowest role may decide when everything is prepared, and the level below may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from delegation.authorizer import is_authorized
from delegation.rows import Row
from delegation.types import Actor
from delegation.vocabulary import CASE_TYPES
from tests.delegation.authority import DECIDER, codes, facts_for, grant, lent, request, shipped

#: One level down in each chain; nothing stands below the first of them.
BELOW = {"GD": "AC_N", "STF": "AC_N", "AC_N": "EC_N", "AC_T": "EC_T", "EC_N": "INSP", "EC_T": "HL"}
BELOW |= {"INSP": "UPPL", "HL": "UPPL", "CJ": "BCJ", "BCJ": "AJ", "AJ": "REG", "TCL": "TL"}
#: Fees within the limits of the law (R-50), one for each band.
FEES = {"DO-093": 60_000, "DO-094": 300_000, "DO-095-1": 800_000, "DO-095-2": 60_000}
PERMIT_HEADS = {"EC_T", "AC_T"}


def decided_in(row: Row) -> tuple[str, str]:
    """Return a case type and decision type that the row covers."""
    return next(
        (case_type, decision_type)
        for (case_type, decision_type), rows in shipped().index.items()
        if row in rows and (row.constants["lowest_role"] not in PERMIT_HEADS or case_type == "TIL")
    )


BANDS = [
    (row.id, *decided_in(row)) for row in shipped().rows if not row.is_override and row.constants["refers_to"] is None
]


def facts_of(row_id: str) -> dict[str, object]:
    row = next(row for row in shipped().rows if row.id == row_id)
    found = facts_for(row.conditions)
    if row_id in FEES:
        found["amount"] = FEES[row_id]
    return found


@pytest.mark.parametrize(("row_id", "case_type", "decision_type"), BANDS, ids=[band[0] for band in BANDS])
def test_the_lowest_role_may_and_the_level_below_may_not(row_id: str, case_type: str, decision_type: str) -> None:
    """R-08, R-09"""
    order = shipped()
    asked = request(decision_type, case_type=case_type, facts=facts_of(row_id))
    row = order.requirements(case_type, decision_type, asked.facts)
    assert row.row == row_id
    for lowest in row.lowest_role.split("/"):
        # In permits the heads of unit and department are the permit ones.
        role = {"EC_N": "EC_T", "AC_N": "AC_T"}.get(lowest, lowest) if case_type == "TIL" else lowest
        able = replace(asked, actor=Actor(person=DECIDER, grants=(grant(role, case_type),)))
        verdict = is_authorized(able, order)
        assert verdict.allowed, verdict.bars
        assert (verdict.rule, verdict.lowest_role) == (row.rule, row.lowest_role)
    below = BELOW.get(row.lowest_role.split("/")[0])
    if below is None:
        return
    unable = replace(asked, actor=Actor(person=DECIDER, grants=(grant(below, case_type, id="below"),)))
    verdict = is_authorized(unable, order)
    assert not verdict.allowed
    assert codes(verdict) & {"LEVEL_TOO_LOW", "NO_GRANT"}
    assert verdict.lowest_role == row.lowest_role


@pytest.mark.parametrize("case_type", sorted(CASE_TYPES))
def test_the_director_decides_a_matter_of_principle_and_nobody_below(case_type: str) -> None:
    """R-11: DO-002"""
    facts = {"principle": True}
    assert is_authorized(request("CORRECTION", grant("GD", None), case_type=case_type, facts=facts), shipped()).allowed
    head = "AC_T" if case_type == "TIL" else "AC_N"
    verdict = is_authorized(request("CORRECTION", grant(head, case_type), case_type=case_type, facts=facts), shipped())
    assert codes(verdict) == {"PRINCIPLE"}


@pytest.mark.parametrize(("case_type", "rule"), [("NTS", "DO-066"), ("FTB", "DO-078")])
@pytest.mark.parametrize("decision_type", ["INJUNCTION", "INJUNCTION_FINE", "BAN_DIRECT", "INTERIM_BAN"])
def test_an_intervention_by_reference_is_decided_as_the_row_referred_to(
    case_type: str, rule: str, decision_type: str
) -> None:
    asked = request(decision_type, case_type=case_type)
    row = shipped().requirements(case_type, decision_type, asked.facts)
    able = replace(asked, actor=Actor(person=DECIDER, grants=(grant(row.lowest_role, case_type),)))
    verdict = is_authorized(able, shipped())
    assert verdict.allowed, verdict.bars
    assert verdict.requirements is not None
    assert (verdict.requirements.via, verdict.rule) == (rule, row.rule)
    # A grant limited to either id holds.
    for named in (rule, row.rule):
        limited = grant(row.lowest_role, case_type, rules=frozenset({named}))
        assert is_authorized(replace(asked, actor=Actor(person=DECIDER, grants=(limited,))), shipped()).allowed


SUB_DELEGABLE = [
    ("DO-010", "ETV", "INFORMATION_INJUNCTION_FINE", {"amount": 100_000}),
    ("DO-016", "ETV", "STRIKE_OUT", {"withdrawn": True}),
    ("DO-035", "UPPL", "FORWARD_TO_AUTHORITY", {}),
    ("DO-036", "ETV", "OPEN_SUPERVISION", {}),
    ("DO-038", "ETV", "INSPECTION", {"announced": True}),
    ("DO-046", "ETV", "INJUNCTION_FINE", {"amount": 200_000, "same_measure_decided_nationally": True}),
    ("DO-063", "NTS", "DEMAND_REPORT_2", {"partial_effect": True, "danger": False}),
    ("DO-072", "FTB", "ASSIGN_INSPECTORS", {"dates_only": True}),
    ("DO-084", "TIL", "PERMIT_MANAGER", {}),
    ("DO-087", "TIL", "PERMIT_REFUSE_SUITABILITY", {"only_insight_failed": True}),
    ("DO-088", "TIL", "PERMIT_REVOKE_REQUEST", {}),
    ("DO-090", "EVB", "CLOSE_REPORT", {}),
    ("DO-094", "EVB", "FEE_APPLICATION", {"amount": 200_000, "follows_table": True}),
    ("DO-100", "EKP", "NOT_INVESTIGATED", {}),
    ("DO-113", "TLP", "HSAN_PROBATION", {"position_exists": True, "physician_agrees": True}),
    ("DO-120", "LMA", "CLOSE_LEX_MARIA", {"low_complexity": True}),
    ("DO-122", "LSA", "CLOSE_LEX_SARAH", {"low_complexity": True}),
]


@pytest.mark.parametrize(
    ("rule", "case_type", "decision_type", "facts"), SUB_DELEGABLE, ids=[one[0] for one in SUB_DELEGABLE]
)
def test_a_sub_delegation_holds_where_the_row_names_its_receiver(
    rule: str, case_type: str, decision_type: str, facts: dict[str, object]
) -> None:
    """R-59, R-60"""
    asked = request(decision_type, case_type=case_type, facts=facts)
    row = shipped().requirements(case_type, decision_type, asked.facts)
    assert row.rule == rule
    assert row.sub_delegable_to is not None
    held = lent(row.sub_delegable_to, rule, of=row.lowest_role, case_type=case_type)
    verdict = is_authorized(replace(asked, actor=Actor(person=DECIDER, grants=(held,))), shipped())
    assert verdict.allowed, verdict.bars
    assert verdict.permit is not None
    assert verdict.permit.role == row.sub_delegable_to


def test_only_the_rows_that_name_a_receiver_may_be_sub_delegated() -> None:
    named = {row.rule_id for row in shipped().rows if row.constants.get("sub_delegable_to")}
    assert named == {one[0] for one in SUB_DELEGABLE}
    asked = request("NO_DEFICIENCY", lent("INSP", "DO-040", of="EC_N"))
    assert codes(is_authorized(asked, shipped())) == {"NOT_SUB_DELEGABLE"}
