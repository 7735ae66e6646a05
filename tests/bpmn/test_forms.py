"""What every shipped form holds: the web can draw it, the cases can check it, and a person can fill it in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from delegation.vocabulary import DECISION_TYPES, FACTS
from tests.bpmn.models import BPMN_DIR, FORMS, MODELS, elements, fields, fields_of_rows, name_of
from workflow_app.cases import forms as case_forms
from workflow_app.cases.models import ReturnReason
from workflow_app.web.forms.schema import read_schema

each_form = pytest.mark.parametrize("path", FORMS, ids=name_of)
#: The form of a start event belongs to no task.
INTAKE = "intake"
#: DO-033..054 and the general rows that a supervision case may need.
_ETV = """
    NO_SUPERVISION NO_SUPERVISION_HIGH_RISK FORWARD_TO_AUTHORITY OPEN_SUPERVISION OPEN_SUPERVISION_PRINCIPAL
    NO_DEFICIENCY DEFICIENCY_NO_DEMAND DEMAND_REPORT_1 DEMAND_REPORT_2 DEMAND_REPORT_3 FINAL_ACCEPTED INJUNCTION
    INJUNCTION_FINE BAN_AFTER REVOKE_AFTER BAN_DIRECT REVOKE_DIRECT INTERIM_BAN INTERIM_EXTEND REVOKE_SUITABILITY
    REVOKE_REGISTER_CHECK PERSONAL_FILE INJUNCTION_NOTIFY FINE_APPLICATION PROSECUTION_REPORT
    REFRAIN_COMMUNICATION
"""
ETV_DECISIONS = frozenset(_ETV.split())
#: Handling decisions and the like that a step names: they need no written proposal.
_FIXED = """
    INSPECTION SEIZE_DOCUMENTS COMMUNICATE CONFLICT_RULING HANDED_OVER REQUEST_STATEMENT
    DISCLOSE FORWARD_APPEAL REGISTER_INFORMATION PROTECTIVE_REPORT PERMIT_COMPLETE
    ASSIGN_INSPECTORS
"""
FIXED = frozenset(_FIXED.split())
#: The forms in which a decision is proposed.
PROPOSALS = tuple(path for path in FORMS if path.stem.endswith("proposal"))


def _choices(form: str, key: str) -> set[str]:
    field = next(field for field in fields(BPMN_DIR / form) if field["key"] == key)
    return {choice["value"] for choice in field["values"]}


@each_form
def test_the_web_and_the_cases_read_every_form_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    drawn = read_schema(json.loads(text))
    assert [field.key for field in drawn.fields()] == [field.key for field in case_forms.parse(text).fields]


@each_form
def test_every_field_has_a_label_and_help(path: Path) -> None:
    for field in (*fields(path), *fields_of_rows(path)):
        assert field["label"].strip(), field["key"]
        assert field["description"].strip(), field["key"]


@each_form
def test_a_form_carries_its_own_name(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    assert (content["id"], content["schemaVersion"], content["type"]) == (path.stem, 19, "default")


@each_form
def test_every_text_has_a_longest_length(path: Path) -> None:
    for field in (*fields(path), *fields_of_rows(path)):
        if field["type"] in ("textfield", "textarea"):
            assert field["validate"]["maxLength"] <= 20_000, field["key"]


def test_every_form_belongs_to_a_step() -> None:
    used = {task.extension("step").get("form") for path in MODELS for task in elements(path, "userTask")}
    assert {path.stem for path in FORMS} - used == {INTAKE}


def test_a_proposal_can_be_for_every_decision_of_the_case_type() -> None:
    proposed = _choices("shared/forms/proposal.json", "decision_type")

    # An interim ban is only for the fast lane, where what may follow the decision is asked for afterwards.
    assert "INTERIM_BAN" not in proposed
    assert proposed | _choices("shared/forms/interim_proposal.json", "decision_type") >= ETV_DECISIONS


def test_every_decision_a_form_or_step_offers_is_in_the_order() -> None:
    offered = {choice for path in PROPOSALS for choice in _choices(name_of(path), "decision_type")}
    fixed = {task.extension("step").get("decisionType") for path in MODELS for task in elements(path, "userTask")}
    assert fixed - {None} == FIXED
    assert offered | FIXED <= set(DECISION_TYPES)


@pytest.mark.parametrize(
    "form", ["review", "legal_opinion", "raised_opinion", "medical_opinion", "decision", "forum_presentation"]
)
def test_every_return_offers_the_coded_reasons(form: str) -> None:
    assert _choices(f"shared/forms/{form}.json", "reason_primary") == set(ReturnReason.values)


def test_a_fact_of_the_order_has_the_kind_of_field_its_type_needs() -> None:
    kinds = {"boolean": {"checkbox"}, "number": {"number"}, "string": {"select", "radio"}, "list": {"checklist"}}
    for path in FORMS:
        for field in fields(path):
            if field["key"] in FACTS:
                assert field["type"] in kinds[FACTS[field["key"]].type], f"{path.name}: {field['key']}"


@pytest.mark.parametrize(
    ("verified", "kept"),
    [
        (["INSPECTION", "DOCUMENTS"], True),
        (["INSPECTION"], None),
        (["INSPECTION", "NOT_VERIFIED"], None),
    ],
)
def test_a_plan_is_not_kept_until_every_point_of_it_is_verified(verified: list[str], kept: bool | None) -> None:
    form = case_forms.parse((BPMN_DIR / "shared/forms/plan_verification.json").read_text(encoding="utf-8"))
    plan = {"action_plan": [{"measure": "Nattbemanning"}, {"measure": "Utbildning"}]}
    rows = [{"measure": "Nattbemanning", "verified_by": method} for method in verified]

    answers = {"plan_verifications": rows, "verified_on": date(2027, 2, 20), "plan_kept": True}

    assert form.clean(answers, plan)["plan_kept"] is kept


def test_nobody_types_what_is_counted() -> None:
    """R-36, R-41: the steps of the ladder, and the points that are left to verify, come from the rows."""
    typed = {field["key"] for path in FORMS for field in fields(path)}
    assert not typed & {"stage_number", "unverified_items"}
