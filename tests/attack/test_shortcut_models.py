"""A model that leads straight to the decision is deployed, and the director-general, whom no level stops, decides.

What each rule asks for is left out of the diagram, the forms or the file, one thing at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.attack import shortcuts
from tests.workflow_app.office import Office
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.models import Decision
from workflow_app.ledger import selectors as ledger

#: Rule, case type, decision, and what the file says or, with ``None``, keeps silent about.
LEFT_OUT: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("R-13", "ETV", "INJUNCTION_FINE", {}),
    ("R-24", "ETV", "INSPECTION", {"announced": False}),
    ("R-25", "ETV", "INJUNCTION", {}),
    ("R-50", "EVB", "FEE_APPLICATION", {"amount": 9_999}),
    ("R-50", "EVB", "FEE_APPLICATION", {"amount": 1_000_001}),
    ("R-50", "EVB", "FEE_APPLICATION", {"service_limit_passed": None}),
    ("R-35", "ETV", "DEFICIENCY_NO_DEMAND", {"vite_considered": None}),
    ("R-35", "ETV", "DEFICIENCY_NO_DEMAND", {"vite_reason": None}),
    ("R-36", "ETV", "DEMAND_REPORT_2", {"next_level_reason": None}),
    ("R-36", "ETV", "DEMAND_REPORT_3", {}),
    ("R-38", "FTB", "DEFICIENCY_NO_DEMAND", {"no_child_conversation_accepted": None}),
    ("R-39", "ETV", "NO_DEFICIENCY", {"user_heard": None}),
    ("R-39", "EKP", "NO_CRITICISM", {"user_heard": None}),
    ("R-40", "ETV", "NO_DEFICIENCY", {"statements": "Dörren är låst."}),
    (
        "R-42",
        "ETV",
        "FINAL_ACCEPTED",
        {"deficiencies": [{"area": "ABUSE"}], "plan_verifications": [{"measure": "Rutin", "verified_by": "WRITTEN"}]},
    ),
    ("R-44", "TLP", "HSAN_PROBATION", {"plan_communicated": None}),
    ("R-46", "EKP", "CRITICISM", {"draft_answered": None}),
    ("R-47", "ETV", "INJUNCTION", {"communicated": None}),
    ("R-48", "ETV", "INJUNCTION", {"measures": None}),
    ("R-48", "ETV", "INJUNCTION", {"latest_date": None}),
    ("R-49", "ETV", "INJUNCTION_FINE", {"earlier_fine_final": None}),
    ("R-51", "ETV", "INTERIM_BAN", {"danger": None}),
    ("R-53", "ETV", "INTERIM_BAN", {"interim_months": 7}),
    ("R-53", "ETV", "INTERIM_EXTEND", {"earlier_extensions": 1}),
    ("R-55", "ETV", "NO_DEFICIENCY", {"basis_age_months": 7}),
    ("R-85", "FTB", "ADOPT_INSPECTION_PLAN", {"homes_left_out": 1}),
    ("R-88", "ETV", "NO_DEFICIENCY", {"provider_fails_duties": True, "danger": True}),
    ("R-89", "TLP", "NO_CRITICISM", {"hsan_grounds_found": True}),
    ("R-89", "TLP", "NO_CRITICISM", {"offence_suspected": True}),
    ("R-90", "EVB", "CLOSE_WITHOUT_APPLICATION", {"closing_code": None}),
    ("R-91", "ETV", "BAN_AFTER", {"injunction_not_followed": None}),
    ("R-91", "ETV", "BAN_DIRECT", {"danger": None}),
)


@pytest.mark.parametrize("case_type", sorted({case_type for _, case_type, *_ in LEFT_OUT}))
def test_what_a_model_leaves_out_the_order_asks_for(office: Office, case_type: str) -> None:
    """R-25, R-35, R-36, R-38..R-40, R-44, R-46..R-51, R-53, R-55, R-85, R-88..R-91: ``LEFT_OUT`` says which."""
    attempts = [(rule, decision, told) for rule, of, decision, told in LEFT_OUT if of == case_type]
    shortcuts.deploy(office, case_type, shortcuts.facts({key: one[key] for *_, one in attempts for key in one}))

    for rule, decision_type, told in attempts:
        case = shortcuts.to_decision(office, case_type, decision_type, shortcuts.facts(told))
        with pytest.raises(NotAuthorised) as refusal:
            shortcuts.decide(office, case, "gd")

        attempt = (rule, decision_type, told)
        assert rule in {bar.rule_id for bar in refusal.value.verdict.bars}, attempt
        assert not Decision.objects.filter(case=case).exists(), attempt
        kept = ledger.of_stream(str(case.pk))[-1]
        assert kept.kind == "ACT_REFUSED", attempt
        assert any(bar.endswith(f":{rule}") for bar in kept.data["bars"]), attempt


#: Rule, decision, who decides it, and what the file says.
BY_OTHERS: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("R-08", "INSPECTION", "hl_til_11", {}),
    ("R-09", "INSPECTION", "insp_018", {}),
    ("R-09", "INJUNCTION", "aj_09", {}),
    ("R-11", "INSPECTION", "acn_etv", {"principle": True}),
)


@pytest.mark.parametrize(
    ("rule", "decision_type", "by", "told"), BY_OTHERS, ids=[f"{rule}-{by}" for rule, _, by, _ in BY_OTHERS]
)
def test_who_may_not_decide_may_not_by_a_model_of_their_own(
    office: Office, rule: str, decision_type: str, by: str, told: Mapping[str, Any]
) -> None:
    held = shortcuts.facts(told)
    shortcuts.deploy(office, "ETV", held)
    case = shortcuts.to_decision(office, "ETV", decision_type, held)

    with pytest.raises(NotAuthorised) as refusal:
        shortcuts.decide(office, case, by)

    assert rule in {bar.rule_id for bar in refusal.value.verdict.bars}
    assert not Decision.objects.filter(case=case).exists()


def test_r_37_a_ban_is_not_decided_without_the_chief_jurist(office: Office) -> None:
    held = shortcuts.facts({})
    shortcuts.deploy(office, "ETV", held)
    case = shortcuts.to_decision(office, "ETV", "BAN_DIRECT", held)

    with pytest.raises(NotAuthorised) as refusal:
        shortcuts.decide(office, case, "gd")

    lacking = {bar.code: dict(bar.params) for bar in refusal.value.verdict.bars}
    assert lacking["JURIST_HEARD"]["jurist_role"] == "CJ"


def test_what_no_control_is_asked_for_is_decided_by_the_shortcut_too(office: Office) -> None:
    """Otherwise the refusals above could come from the shortcut itself."""
    held = shortcuts.facts({"announced": True})
    shortcuts.deploy(office, "ETV", held)
    case = shortcuts.to_decision(office, "ETV", "INSPECTION", held)

    shortcuts.decide(office, case, "gd")

    assert Decision.objects.get(case=case).decision_type == "INSPECTION"
