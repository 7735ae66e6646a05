"""Each row of the order is told with the way to appeal where the law gives one, and otherwise without (R-70)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pytest
from pypdf import PdfReader

from delegation.rows import Row
from tests.delegation.authority import shipped
from tests.workflow_app.letters import sample
from workflow_app.cases import outgoing
from workflow_app.letters import rendering

#: As the law has them (domain 3.3): rows that are told with the way to appeal, whatever the facts.
ALWAYS = {
    *(f"DO-{number:03}" for number in [9, 10, 13, 17, 18, *range(45, 55), *range(81, 89), 131, 132]),
}
#: Rows that are appealed when another decision can be, or for one of their decision types only.
BY_FACT = {"DO-011": "original_appealable", "DO-015": "main_decision_appealable"}
BY_TYPE = {"DO-016": {"DISMISS": True, "STRIKE_OUT": False}, "DO-118": {"PROFESSION_BAN": True, "HSAN_APPEAL": False}}
#: Rows that are decided as another row is, which says whether they can be appealed.
AS_ANOTHER = {"DO-002", "DO-066", "DO-078"}
ROWS = {row.rule_id for row in shipped().rows}


def types_of(row: Row) -> set[str]:
    """Return the decision types of a row."""
    return {decision_type for (_, decision_type), rows in shipped().index.items() if row in rows}


@lru_cache
def says_how_to_appeal(folder: str, letter: str, appealable: bool) -> bool:
    given = sample.data(sample.everything(), decision=sample.decision(appealable=appealable))
    pdf = rendering.render(
        sample.template(folder, letter), f"{letter}.typ", given, at=datetime(2026, 11, 23, tzinfo=UTC)
    )
    pages = PdfReader(io.BytesIO(pdf.pdf)).pages
    return "Hur du överklagar" in " ".join(page.extract_text() for page in pages)


def told(decision_type: str, appealable: bool) -> bool:
    """Tell whether the letter of a decision says how to appeal it."""
    letter = outgoing.OF_DECISION_TYPE.get(decision_type, outgoing.DECISION)
    return says_how_to_appeal("utl" if decision_type in {"REFUSE_DISCLOSURE"} else "shared", letter, appealable)


def expected(row: Row, decision_type: str, facts: Mapping[str, Any]) -> bool:
    if row.rule_id in BY_FACT:
        return facts[BY_FACT[row.rule_id]] is True
    return row.rule_id in ALWAYS or BY_TYPE.get(row.rule_id, {}).get(decision_type, False)


def test_the_order_has_106_rows() -> None:
    assert len(ROWS) == 106
    assert ALWAYS | set(BY_FACT) | set(BY_TYPE) | AS_ANOTHER <= ROWS


@pytest.mark.parametrize("rule_id", sorted(ROWS - AS_ANOTHER))
def test_r_70_a_row_is_told_with_the_way_to_appeal_only_where_the_law_gives_one(rule_id: str) -> None:
    for row in shipped().rows:
        if row.rule_id != rule_id or row.constants.get("refers_to") is not None:
            continue
        for can in (True, False):
            facts = dict.fromkeys(BY_FACT.values(), can)
            appealable = bool(row.output("appealable", facts))
            for decision_type in types_of(row):
                assert told(decision_type, appealable) is expected(row, decision_type, facts), (row.id, decision_type)


@pytest.mark.parametrize("rule_id", sorted(AS_ANOTHER - {"DO-002"}))
def test_r_70_a_row_that_refers_to_another_is_appealed_as_that_is(rule_id: str) -> None:
    case_type = {"DO-066": "NTS", "DO-078": "FTB"}[rule_id]

    for decision_type in ("INJUNCTION", "INJUNCTION_FINE", "BAN_DIRECT", "INTERIM_BAN"):
        asked = shipped().requirements(case_type, decision_type, {"amount": 100_000, "interim_months": 6})
        assert asked.appealable
        assert told(decision_type, asked.appealable)


@pytest.mark.parametrize(("decision_type", "appealable"), [("INJUNCTION_FINE", True), ("NO_DEFICIENCY", False)])
def test_r_70_a_matter_of_principle_is_appealed_as_the_row_it_replaces(decision_type: str, appealable: bool) -> None:
    asked = shipped().requirements("ETV", decision_type, {"principle": True})

    assert asked.rule == "DO-002"
    assert told(decision_type, asked.appealable) is appealable
