"""The order and a naive second reading of it answer 100,000 random requests alike."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from delegation.authorizer import is_authorized
from delegation.errors import DelegationError
from delegation.types import Act, Actor, Answer, DecisionRequest, Grant, GrantKind, PriorAct
from tests.delegation import oracle
from tests.delegation.authority import (
    ADOPTED,
    DECIDER,
    NOW,
    PREPARER,
    PROPOSAL,
    RAPPORTEUR,
    REVIEWER,
    grant,
    neutral,
    prepared,
    shipped,
)

CHUNKS, PER_CHUNK = 40, 2_500
ROLES = ("GD", "STF", "AC_N", "EC_N", "AC_T", "EC_T", "INSP", "HL", "AJ", "BCJ", "CJ", "TCL", "TL", "UPPL", "REG", "EC")
VALUES: dict[str, tuple[Any, ...]] = {
    "principle": (False, False, False, False, True, None),
    "amount": (0, 100_000, 100_001, 200_000, 500_000, 500_001, 1_000_000, 1_000_001, 5_000_000, 5_000_001),
    "volume": (0, 50, 51, 500, 501, 767),
    "volume_12_months": (0, 1000, 1001, None),
    "affected_persons": (0, 50, 51),
    "several_units": (True, False),
    "with_fine": (True, False),
    "secrecy": (True, False),
    "chief_jurist_unreachable": (True, False, None),
    "extension_number": (0, 2, 3, None),
    "extension_weeks": (0, 6, 7, None),
    "challenged_role": ("INSP", "EC_N", "AC_N", "CJ", "GD"),
    "original_role": ("HL", "EC_N", "EC_T", "AC_N", "GD", "AJ", "TCL", "REG"),
    "court": ("FR", "KR", "HFD"),
    "delay_months": (12, 13),
    "coercive_care": (True, False),
    "secrecy_doubt": (True, False),
    "protected_matter": (True, False),
    "renewed_fee": (True, False),
    "sampled": (True, False),
    "medical": (True, False),
    "medical_disputed": (True, False, None),
    "skill_question": (True, False),
    "death": (True, False),
    "new_legal_question": (True, False, None),
    "first_use": (True, False, None),
    "departs_from_praxis": (True, False),
    "case_types_concerned": (1, 2, None),
    "departments_with_open_cases": (0, 1, 2, None),
    "open_permit_case": (True, False),
    "open_serious_supervision": (True, False),
    "child_harm": (True, False, None),
    "actor_flag": (True, False),
    "departs_from_criteria": (True, False),
    "pattern_alert": (True, False),
    "same_measure_decided_nationally": (True, False, None),
    "announced": (True, False, None),
    "withdrawn": (True, False),
    "partial_effect": (True, False),
    "dates_only": (True, False),
    "only_insight_failed": (True, False),
    "follows_table": (True, False),
    "position_exists": (True, False),
    "physician_agrees": (True, False),
    "low_complexity": (True, False),
}
NAMES = tuple(VALUES)
KEYS = tuple(shipped().index)
#: Facts that duties outside the oracle's reading look at.
SILENT = ("danger", "pattern_alert")


def random_grant(source: random.Random, case_type: str, rule: str | None, serial: int) -> Grant:
    role = source.choice(ROLES)
    kind = source.choice((GrantKind.APPOINTMENT,) * 4 + (GrantKind.SUBSTITUTION, GrantKind.SUB_DELEGATION))
    covered: frozenset[str] | None = frozenset({case_type})
    if source.random() < 0.1:
        covered = source.choice((None, frozenset({"FTB"}), frozenset({case_type, "TIL"})))
    rules = None
    if kind is GrantKind.SUB_DELEGATION or source.random() < 0.1:
        rules = frozenset({rule or "DO-046" if source.random() < 0.8 else "DO-001"})
    end = source.choice((None, None, NOW, NOW + timedelta(seconds=1), ADOPTED + timedelta(days=366)))
    return grant(
        role,
        id=f"grant-{serial}",
        person=DECIDER if source.random() < 0.95 else "somebody else",
        case_types=covered,
        rules=rules,
        kind=kind,
        on_behalf_of=source.choice(("AC_N", "EC_N", "AC_T", "EC_T", None))
        if kind is not GrantKind.APPOINTMENT
        else None,
        valid_from=ADOPTED if source.random() < 0.95 else NOW + timedelta(days=1),
        valid_to=end,
    )


def random_act(source: random.Random, one: PriorAct) -> PriorAct:
    """Return an act with one thing about it changed."""
    return replace(
        one,
        **source.choice(
            (
                {"person": source.choice((DECIDER, PREPARER, RAPPORTEUR, REVIEWER))},
                {"proposal": source.choice(("an older version", None))},
                {"answer": source.choice((*Answer, None))},
                {"role": source.choice(ROLES)},
                {"oral": True},
                {"joint_code": "JB-1"},
            )
        ),
    )


def random_request(source: random.Random) -> DecisionRequest:
    case_type, decision_type = source.choice(KEYS)
    facts = neutral(decision_type)
    for name in source.sample(NAMES, source.choice((0, 3, 8, 20))):
        if name not in SILENT or decision_type != "OPEN_SUPERVISION_PRINCIPAL":
            facts[name] = source.choice(VALUES[name])
    row = None
    acts: tuple[PriorAct, ...] = ()
    try:
        row = shipped().requirements(case_type, decision_type, facts)
        acts = prepared(row)
    except DelegationError:
        acts = ()
    changed = [one if source.random() > 0.06 else random_act(source, one) for one in acts if source.random() > 0.03]
    source.shuffle(changed)
    lowest = row.lowest_role.split("/")[0] if row else "GD"
    grants = [
        random_grant(source, case_type, row.rule if row else None, n) for n in range(source.choice((0, 1, 1, 2, 3)))
    ]
    if source.random() < 0.5:
        grants.append(grant(lowest, case_type, id="grant-lowest"))
    if row is not None and row.sub_delegable_to and source.random() < 0.5:
        grants = [replace(grant(row.sub_delegable_to, case_type, id="grant-lent"), kind=GrantKind.SUB_DELEGATION)]
        grants[0] = replace(
            grants[0],
            rules=frozenset({row.rule}),
            on_behalf_of=lowest,
            valid_to=source.choice((None, NOW + timedelta(days=1), ADOPTED + timedelta(days=500))),
        )
    people = (DECIDER, PREPARER, RAPPORTEUR, REVIEWER, "jurist")
    return DecisionRequest(
        case="case-1",
        case_type=case_type,
        act=Act.DECIDE,
        actor=Actor(person=DECIDER, grants=tuple(grants)),
        at=NOW,
        decision_type=decision_type,
        facts=facts,
        prior_acts=tuple(changed),
        proposal=PROPOSAL if source.random() > 0.02 else None,
        prepared_by=frozenset({PREPARER} if source.random() > 0.05 else {DECIDER, REVIEWER}),
        rapporteur=RAPPORTEUR if source.random() > 0.05 else source.choice((DECIDER, None, REVIEWER)),
        cleared=frozenset({DECIDER} if source.random() > 0.03 else ()),
        disqualified=frozenset(() if source.random() > 0.05 else {source.choice(people)}),
    )


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_order_answers_as_a_naive_reading_of_its_text(chunk: int) -> None:
    source = random.Random(chunk)
    order = shipped()
    allowed = 0
    for number in range(PER_CHUNK):
        asked = random_request(source)
        verdict = is_authorized(asked, order)
        expected, rule = oracle.may_decide(asked)
        assert (verdict.allowed, verdict.rule) == (expected, rule), (number, asked, verdict.bars)
        allowed += expected
    # A comparison where almost nothing is allowed would compare little.
    assert allowed > PER_CHUNK / 10
