"""What a verdict tells: under which rule, about the person or the case, and with which words to fill the sentence.

The explanation, the ledger and the catalogue of rules read these; a code that changes its rule or loses a word would
be told wrongly and not fail anywhere else.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import Any

from delegation.authorizer import is_authorized
from delegation.types import Act, DecisionRequest, Verdict
from tests.delegation.authority import DECIDER, NOW, PREPARER, REVIEWER, shipped
from tests.delegation.test_oracle import random_request

REQUESTS = 8_000
PERSON, CASE = True, False
JURIST, JOINT, REACH = ("jurist_role", "jurist_mode"), ("joint_code",), ("role", "lowest_role", "rule")
#: Code -> rule, whether another person might be allowed, and each set of words that it may come with.
TOLD: dict[str, tuple[str, bool, tuple[tuple[str, ...], ...]]] = {
    # Why no grant reaches the act
    "NO_GRANT": ("R-08", PERSON, (("case_type",),)),
    "GRANT_NOT_IN_FORCE": ("R-59", PERSON, (("role",),)),
    "GRANT_FOR_OTHER_ROWS": ("R-08", PERSON, (("role",),)),
    "NOT_SERVING": ("R-08", PERSON, (("role",),)),
    "ACT_NOT_IN_ROLE": ("R-09", PERSON, (("role", "act"),)),
    "STEP_ROLE": ("R-09", PERSON, (("role", "step_role"),)),
    "LEVEL_TOO_LOW": ("R-09", PERSON, (REACH,)),
    "PRINCIPLE": ("R-11", PERSON, (REACH,)),
    "NOT_SUB_DELEGABLE": ("R-60", PERSON, (REACH,)),
    "SUB_DELEGATION_TOO_LONG": ("R-59", PERSON, (REACH,)),
    "SUB_DELEGATION_DECIDES_ONLY": ("R-60", PERSON, (("role",),)),
    # Why the order does not answer
    "ORDER_NOT_IN_FORCE": ("R-29", CASE, (("order",),)),
    "NO_DECISION_TYPE": ("R-08", CASE, ((),)),
    "NO_ROW": ("R-08", CASE, (("case_type", "decision_type"),)),
    "UNEVALUABLE": ("R-08", CASE, (("facts",),)),
    # Persons
    "NOT_DISQUALIFIED": ("R-03", PERSON, ((),)),
    "NOT_OWN_CHALLENGE": ("R-04", PERSON, ((),)),
    "DECLARED": ("R-01", PERSON, ((),)),
    "DECIDER_IS_NOT_PREPARER": ("R-64", PERSON, ((),)),
    "DECIDER_IS_NOT_RAPPORTEUR": ("R-14", PERSON, ((),)),
    "DECIDER_IS_NOT_REVIEWER": ("R-20", PERSON, ((),)),
    "REVIEWER_IS_NOT_PREPARER": ("R-19", PERSON, ((),)),
    "REVIEWER_IS_NOT_RAPPORTEUR": ("R-64", PERSON, ((),)),
    "REVIEWER_IS_NOT_DECIDER": ("R-20", PERSON, ((),)),
    "RAPPORTEUR_IS_NOT_DECIDER": ("R-14", PERSON, ((),)),
    "PARTICIPANT_IS_NOT_PROPOSER": ("R-31", PERSON, ((),)),
    "OPINION_LEVEL": ("R-09", PERSON, (("jurist_role", "role"),)),
    "RESOLVER_IS_NOT_PARTY": ("R-61", PERSON, ((),)),
    "RESOLVER_IS_NOT_PREPARER": ("R-61", PERSON, ((),)),
    "RESOLVER_STANDS_ABOVE": ("R-61", PERSON, (("role",),)),
    "DECIDER_ROTATES": ("R-17", PERSON, ((),)),
    "FOURTH_DEMAND": ("R-36", PERSON, ((),)),
    # Controls
    "PROPOSAL_STANDS": ("R-22", CASE, ((),)),
    "FOUR_EYES": ("R-25", CASE, ((),)),
    "FOUR_EYES_AFTER": ("R-51", CASE, ((),)),
    "REVIEW_OF_THIS_VERSION": ("R-22", CASE, ((),)),
    "PRESENTED": ("R-13", CASE, ((),)),
    "RAPPORTEUR_NAMED": ("R-13", CASE, ((),)),
    "PARTICIPANT_ASKED": ("R-31", CASE, (("joint_code", "participant"),)),
    "JOINT_PREPARATION": ("R-25", CASE, (JOINT, (*JOINT, "missing"))),
    "JOINT_PREPARATION_AFTER": ("R-51", CASE, (JOINT,)),
    "JURIST_HEARD": ("R-25", CASE, (JURIST,)),
    "JURIST_ON_THIS_VERSION": ("R-22", CASE, (JURIST,)),
    "JURIST_DECIDES": ("R-09", CASE, (JURIST,)),
    "JURIST_AFTER": ("R-51", CASE, (JURIST,)),
    "JURIST_LEVEL": ("R-09", CASE, ((*JURIST, "role"),)),
    "PHYSICIAN_HEARD": ("R-25", CASE, (("jurist_role",),)),
    "DISAGREEMENT_SETTLED": ("R-61", CASE, (("role",),)),
    "RETURN_SETTLED": ("R-25", CASE, (("role",),)),
}
#: What each word may be.
WORDS = {
    "role": {role.code for role in shipped().roles},
    "lowest_role": {row.constants["lowest_role"] for row in shipped().rows},
    "rule": {row.rule_id for row in shipped().rows},
    "jurist_role": {"AJ", "BCJ", "CJ", "TL", "TCL"},
    "jurist_mode": {"S", "M", "B"},
    "order": {shipped().number},
    "act": {act.value for act in Act},
}


def asked(seed: int) -> DecisionRequest:
    """Return a question about any act, with something odd about it now and then."""
    source = random.Random(seed)
    request = random_request(source)
    act = source.choice(tuple(Act))
    changes: dict[str, Any] = {"act": act}
    if act is Act.ANSWER:
        changes["joint_code"] = source.choice(("JB-1", "JB-5", None))
        changes["participant"] = source.choice(("AJ", "CJ", "EC_N", "OLG", "EC_N:FTB", "AC_N:OTHER", None))
    odd: dict[str, tuple[float, Any]] = {
        "step_role": (0.3, source.choice(("INSP", "AJ", "ORDER", "EC_N"))),
        "disagreeing": (0.2, frozenset(source.choice(((PREPARER, REVIEWER), (DECIDER, PREPARER))))),
        "prepared_by": (0.1, frozenset({DECIDER})),
        "cleared": (0.1, frozenset()),
        "disqualified": (0.1, frozenset({DECIDER})),
        "decision_type": (0.1, source.choice((None, "NO_SUCH_DECISION"))),
        "proposal": (0.1, None),
        "rapporteur": (0.1, DECIDER),
        "at": (0.05, NOW.replace(year=2020)),
        "facts": (0.2, {**request.facts, source.choice(sorted(request.facts)): source.choice((None, "x"))}),
    }
    return replace(request, **changes, **{name: value for name, (odds, value) in odd.items() if source.random() < odds})


@cache
def verdicts() -> tuple[tuple[DecisionRequest, Verdict], ...]:
    requests = map(asked, range(REQUESTS))
    return tuple((request, is_authorized(request, shipped())) for request in requests)


def test_each_reason_names_its_rule_and_its_words() -> None:
    seen = set()
    for _, verdict in verdicts():
        for one in (*verdict.duties, *verdict.bars):
            if one.code in TOLD:
                rule, _, words = TOLD[one.code]
                assert one.rule_id == rule, one
                assert tuple(name for name, _ in one.params) in words, one
                seen.add(one.code)
            else:
                # What must stand in the file; `test_other_duties` holds each to its rule.
                assert one.params == (), one
    assert seen >= set(TOLD) - {"FOURTH_DEMAND"}


def test_a_reason_lies_with_the_person_or_with_the_case() -> None:
    for _, verdict in verdicts():
        for bar in verdict.bars:
            assert bar.personal is TOLD.get(bar.code, ("", CASE))[1], bar


def test_the_words_of_a_reason_are_those_of_the_question() -> None:
    for request, verdict in verdicts():
        own = {
            "case_type": request.case_type,
            "decision_type": request.decision_type,
            "step_role": request.step_role,
            "participant": request.participant or "–",
        }
        for one in (*verdict.duties, *verdict.bars):
            for name, value in one.params:
                if name in own:
                    assert value == own[name], one
                assert value in WORDS.get(name, {value}), one
            if one.code == "PARTICIPANT_ASKED":
                assert dict(one.params)["joint_code"] == (request.joint_code or "–")


def test_a_verdict_tells_the_row_and_the_lowest_role_that_may() -> None:
    for request, verdict in verdicts():
        row = verdict.requirements
        if request.act is Act.DECIDE:
            assert verdict.lowest_role == (row.lowest_role if row else None)
        elif request.act is Act.CONSULT and row is not None and row.jurist_role is not None:
            assert verdict.lowest_role == row.jurist_role
        elif request.act is Act.ANSWER:
            assert verdict.lowest_role == request.participant
        else:
            assert verdict.lowest_role == (None if request.step_role in (None, "ORDER") else request.step_role)
        assert (verdict.order_number, verdict.order_sha256) == (shipped().number, shipped().sha256)


def test_a_permit_is_for_what_was_asked_and_nothing_else() -> None:
    for request, verdict in verdicts():
        if verdict.permit is None:
            continue
        permit, row = verdict.permit, verdict.requirements
        assert (permit.case, permit.act, permit.person, permit.at, permit.proposal, permit.decision_type) == (
            request.case,
            request.act,
            request.actor.person,
            request.at,
            request.proposal,
            request.decision_type,
        )
        assert (permit.rule, permit.row) == ((row.rule, row.row) if row else (None, None))
        assert (permit.order_number, permit.order_sha256) == (verdict.order_number, verdict.order_sha256)
        grant = next(one for one in request.actor.grants if one.id == permit.grant)
        assert permit.role == ("GD" if grant.role == "STF" and permit.role == "GD" else grant.role)
