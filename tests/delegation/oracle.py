"""A second reading of the delegation order, slow and plain, to hold the real one against.

It was written from the order's text and domain rules, iterates over every row as JSON, and shares no code with
``delegation`` but the types of question and answer.
"""

from __future__ import annotations

import json
import operator
from pathlib import Path
from typing import Any

from delegation.types import Act, Answer, DecisionRequest, Grant, GrantKind, PriorAct

ROWS = json.loads((Path(__file__).parent / "legal_rows.json").read_text(encoding="utf-8"))
DECISION = {"UPPL": 5, "INSP": 10, "HL": 10, "EC_N": 20, "EC_T": 20, "AC_N": 30, "AC_T": 30, "STF": 40, "GD": 40}
LEGAL = {"REG": 0, "AJ": 1, "BCJ": 2, "CJ": 3, "GD": 40}
MEDICAL = {"TL": 1, "TCL": 2, "GD": 40}
ASSUMED = {"principle": False, "volume_12_months": 0, "extension_number": 0, "extension_weeks": 0, "danger": True}
ASSUMED |= {"case_types_concerned": 1, "departments_with_open_cases": 0, "chief_jurist_unreachable": False}
COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
YES = (Answer.AGREE, Answer.AGREE_WITH_REMARK)
DECLARE_NOT = {"REGISTER_INFORMATION", "DISCLOSE", "CONFLICT_RULING", "PROTECTIVE_REPORT"}
TRIGGERS: dict[str, list[list[list[Any]]]] = {
    "JB-1": [[["new_legal_question", "is", True]]],
    "JB-2": [[["first_use", "is", True]], [["departs_from_praxis", "is", True]]],
    "JB-3": [[["case_types_concerned", ">", 1]], [["departments_with_open_cases", ">=", 2]]],
    "JB-4": [[["open_permit_case", "is", True], ["open_serious_supervision", "is", True]]],
    "JB-6": [[["child_harm", "is", True]]],
    "JB-7": [[["actor_flag", "is", True]]],
    "JB-8": [[["medical", "is", True]], [["medical_disputed", "is", True]]],
    "JB-9": [[["departs_from_criteria", "is", True]]],
    "JB-10": [[["pattern_alert", "is", True]]],
}


def holds(conditions: list[list[Any]], facts: dict[str, Any]) -> bool:
    for name, relation, wanted in conditions:
        value = facts.get(name)
        if relation == "is":
            ok = (value if value is not None else False) is wanted
        elif relation in COMPARE:
            ok = COMPARE[relation](value, wanted)
        else:
            ok = (value in wanted) is (relation == "in")
        if not ok:
            return False
    return True


def covering(case_type: str, decision_type: str, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Return the one row that covers a decision; for an alias the row it follows, with what the alias adds."""
    listed = [
        row
        for row in ROWS
        if decision_type in row["types"]
        and (not row.get("cases") or case_type in row["cases"])
        and case_type not in row.get("not_cases", ())
    ]
    if facts["principle"] and listed:
        return next(row for row in ROWS if row["id"] == "DO-002")
    found = [row for row in listed if holds(row.get("when", []), facts)]
    if len(found) != 1:
        return None
    if "as" in found[0]:
        target = covering(found[0]["as"], decision_type, facts)
        if target is None:
            return None
        always = [*target.get("always", ()), *(() if target.get("after") else found[0].get("always", ()))]
        return {**target, "always": always, "lent_to": None, "alias": found[0]["id"]}
    return found[0]


def stands(role: str, target: str) -> bool:
    """Tell whether a role may act for another: itself, or higher in the same chain."""
    for chain in (DECISION, LEGAL, MEDICAL):
        if role in chain and target in chain:
            high, low = chain[role], chain[target]
            if high > low or (high == low and (role == target or (20 <= high < 40) or role == "GD")):
                return True
    return role == target


def reaches(grant: Grant, row: dict[str, Any], request: DecisionRequest, facts: dict[str, Any]) -> bool:
    if grant.person != request.actor.person or not grant.valid_from <= request.at:
        return False
    if grant.valid_to is not None and request.at >= grant.valid_to:
        return False
    if grant.case_types is None and grant.role in ("EC_N", "EC_T", "AC_N", "AC_T"):
        return False
    if grant.case_types is not None and request.case_type not in grant.case_types:
        return False
    if grant.role in (("EC_N", "AC_N") if request.case_type == "TIL" else ("EC_T", "AC_T")):
        return False
    if grant.rules is not None and not grant.rules & {row["id"], row.get("alias")}:
        return False
    lowest = row["lowest"].split("/")
    if grant.kind is GrantKind.SUB_DELEGATION:
        return (
            grant.rules is not None
            and row.get("lent_to") == grant.role
            and holds(row.get("lent_when", []), facts)
            and grant.valid_to is not None
            and (grant.valid_to - grant.valid_from).days <= 366
            and grant.on_behalf_of is not None
            and any(stands(grant.on_behalf_of, one) for one in lowest)
        )
    role = grant.role
    if role == "STF" and lowest != ["STF"]:
        if grant.kind is not GrantKind.SUBSTITUTION:
            return False
        role = "GD"
    if role in ("EC", "AC", "AC_A", "TLED", "PL", "TL", "EXP", "PO", "IR", "SYS", "DOADM"):
        return False
    return any(stands(role, one) for one in lowest)


def joint_complete(
    code: str, request: DecisionRequest, facts: dict[str, Any], acts: list[PriorAct], preparers: frozenset[str]
) -> bool:
    """Tell whether everybody whom the code names has answered, or was found unheard, and somebody was heard."""
    case, disputed, away = request.case_type, facts.get("medical_disputed"), facts["chief_jurist_unreachable"]
    own = ["CJ", "AC_N:ANY"] if case in ("ADM", "UTL") else ["CJ", "AC_N"]
    if request.decision_type == "ADOPT_CRITERIA":
        own = ["AC_A", "BCJ", *(["TCL"] if facts.get("medical") else [])]
    asked = {
        "JB-0": own,
        "JB-1": ["AJ", "BCJ", "AC_N"],
        "JB-2": ["AJ", "BCJ", "OLG"],
        "JB-3": ["AC_N", *(["AC_N:OTHER"] if facts["case_types_concerned"] > 1 else [])],
        "JB-4": ["AC_T:TIL", "AC_N:ETV", "BCJ"],
        "JB-5": ["CJ", *(["BCJ"] if away else []), "AC_N", "EC_N"],
        "JB-6": ["AJ", "EC_N:FTB", "INSP:FTB"],
        "JB-7": ["BCJ", "AC_T:TIL", "AC_N"],
        "JB-8": ["TL", *(["TCL"] if disputed else [])],
        "JB-9": ["EC_N", "EC_N", "AJ"],
        "JB-10": ["AC_N", "AC_A", "BCJ"],
    }[code]
    answers = {
        (one.person, one.participant): one.answer for one in acts if one.act is Act.ANSWER and one.joint_code == code
    }
    heard = [
        (participant, answer)
        for (person, participant), answer in answers.items()
        if answer is Answer.NOT_HEARD or (answer is not None and person not in preparers)
    ]
    names = [participant for participant, _ in heard]
    enough = all(names.count(one) >= asked.count(one) for one in asked)
    return enough and any(answer is not Answer.NOT_HEARD for _, answer in heard)


def may_decide(request: DecisionRequest) -> tuple[bool, str | None]:
    """Return whether the person may decide, and the id of the row that says so."""
    facts = {**ASSUMED, **{name: value for name, value in request.facts.items() if value is not None}}
    row = covering(request.case_type, str(request.decision_type), facts)
    if row is None:
        return False, None
    person = request.actor.person
    gone = request.disqualified
    acts = [one for one in request.prior_acts if one.proposal == request.proposal and one.person not in gone]
    acts = sorted(acts, key=lambda one: one.at) if request.proposal is not None else []
    writers = {one.person for one in request.prior_acts if one.act is Act.PREPARE and one.proposal == request.proposal}
    preparers = request.prepared_by | (writers if request.proposal is not None else set())
    outside = {*preparers, person}
    jurist, _, mode = (row.get("jurist") or "").partition(" ")
    medical = row.get("medical") == "true" or bool(facts.get(row.get("medical", "-")))
    asked = {*row.get("always", ())} | {
        code
        for code in row.get("when_triggered", ())
        if code == "JB-5"
        or any(holds(one, facts) for one in TRIGGERS[code])
        or (code == "JB-3" and request.decision_type == "DATA_REQUEST" and facts["volume"] > 500)
    }
    given = {(one.person, one.act, one.joint_code, one.participant): one for one in acts}
    opinions = [one for one in acts if one.act is Act.CONSULT and one.person not in outside]
    opinions = [one for one in opinions if one.answer in (*YES, Answer.DISAGREE) and (row.get("after") or not one.oral)]
    reviews = [
        one for one in given.values() if one.act is Act.REVIEW and one.person not in {*outside, request.rapporteur}
    ]
    checks = [
        any(reaches(grant, row, request, facts) for grant in request.actor.grants),
        person not in gone,
        person in request.cleared or request.decision_type in DECLARE_NOT,
        not any(
            one.answer in (Answer.DISAGREE, Answer.RETURN)
            for one in given.values()
            if one.act in (Act.REVIEW, Act.CONSULT, Act.ANSWER)
        ),
        not jurist
        or mode == "B"
        or bool(row.get("jurist_after"))
        or any(one.role in LEGAL and stands(one.role, jurist) and one.role != "GD" for one in opinions),
        not medical or any(one.role in ("TL", "TCL") for one in opinions),
        all(joint_complete(code, request, facts, acts, preparers) for code in asked),
    ]
    if request.decision_type in ("INJUNCTION_FINE", "INFORMATION_INJUNCTION_FINE"):
        checks.append(facts["amount"] > 0)
    if request.decision_type == "FEE_APPLICATION":
        checks.append(10_000 <= facts["amount"] <= 1_000_000)
    if row.get("four_eyes") or row.get("presented"):
        checks += [
            request.proposal is not None,
            person not in preparers,
            person != request.rapporteur,
            not any(one.act is Act.REVIEW and one.person == person for one in acts),
        ]
    if row.get("four_eyes") and not row.get("after"):
        checks.append(any(one.answer in YES for one in reviews))
    if row.get("presented"):
        presented = [one for one in acts if one.act is Act.PRESENT and one.person == request.rapporteur]
        checks.append(any(row.get("oral") or not one.oral for one in presented))
    return all(checks), row["id"]
