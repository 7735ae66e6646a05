"""The whole house held against its people: what could not be decided now, or with one or two persons away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delegation import staffing
from delegation.examples import example
from delegation.order import DelegationOrder
from delegation.staffing import Plan, Separation, Shortage, Step
from delegation.types import Act, DecisionRequest
from workflow_app.cases.models import Case, StaffingReport
from workflow_app.cases.staffing import AWAY, NOBODY, TO_BE_WRITTEN, Left, Office, before
from workflow_app.enforcement import services as enforcement


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """A case, or a kind of decision, that hangs on few people or on none."""

    #: Id and number of the case; empty for a kind of decision.
    case: str = ""
    number: str = ""
    case_type: str
    decision_type: str
    row: str = ""
    shortage: Shortage | None
    #: Groups of at most two persons without whom it cannot be decided.
    missed: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a look at the house came to."""

    at: datetime
    weak: tuple[Weak, ...]
    #: How many cases and how many rows, case type by case type, were looked at.
    cases: int
    rows: int

    @property
    def undecidable(self) -> tuple[Weak, ...]:
        """What nobody is left for, as people are now."""
        return tuple(each for each in self.weak if each.shortage is not None)

    @property
    def missed(self) -> Mapping[frozenset[str], tuple[Weak, ...]]:
        """What cannot be decided when some persons are away, by those persons: one first, most missed first."""
        found: dict[frozenset[str], list[Weak]] = {}
        for each in self.weak:
            for group in each.missed:
                found.setdefault(group, []).append(each)
        in_order = sorted(found, key=lambda group: (len(group), -len(found[group]), sorted(group)))
        return {group: tuple(found[group]) for group in in_order}

    @property
    def persons(self) -> frozenset[str]:
        """Everyone whom the report speaks of."""
        steps = (step for each in self.weak if each.shortage for step in each.shortage.steps)
        return frozenset(person for step in steps for person in step.people).union(*self.missed)


def report(at: datetime, order: DelegationOrder | None = None) -> Report:
    """Look at every open case and at every row of the order in every case type."""
    office = Office(at, order)
    cases = Case.objects.filter(state=Case.State.OPEN, proposal__isnull=False).select_related("proposal")
    looked = [found for case in cases.order_by("opened_at").iterator() if (found := _case(office, case)) is not None]
    rows = list(_rows(office))
    return Report(
        at=at,
        weak=tuple(each for each in (*looked, *rows) if each.shortage is not None or each.missed),
        cases=len(looked),
        rows=len(rows),
    )


def _case(office: Office, case: Case) -> Weak | None:
    outlook = office.outlook(case)
    if outlook is None:
        return None
    return Weak(
        case=str(case.pk),
        number=case.case_number,
        case_type=case.case_type,
        decision_type=case.proposal.decision_type if case.proposal else "",
        shortage=outlook.shortage,
        missed=outlook.missed,
    )


def _rows(office: Office) -> Iterator[Weak]:
    """Yield each row that a case type has, with a case of which nothing is known but that the row covers it."""
    for (case_type, decision_type), rows in office.order.index.items():
        for row in rows:
            if row.is_override:
                continue
            facts, demanded = example(office.order, row, case_type=case_type, decision_type=decision_type)
            request = DecisionRequest(
                case="",
                case_type=case_type,
                act=Act.DECIDE,
                actor=NOBODY,
                at=office.at,
                decision_type=decision_type,
                facts=facts,
                proposal=TO_BE_WRITTEN,
            )
            left = list(before(enforcement.verdict(request, order=office.order), demanded, asked={}))
            if len(left) > 1:
                left.insert(0, Left(act=Act.PREPARE))
            plan = office.plan(left, request)
            answer = staffing.satisfiable(plan)
            yield Weak(
                case_type=case_type,
                decision_type=decision_type,
                row=row.id,
                shortage=answer.reasons,
                missed=_missed(plan) if answer.witness is not None else (),
            )


def _missed(plan: Plan) -> tuple[frozenset[str], ...]:
    return staffing.critical_persons(plan, away=AWAY)


# Kept from night to night


def keep(found: Report) -> StaffingReport:
    """Store a report; the same moment again gives the one that is stored."""
    row, _ = StaffingReport.objects.get_or_create(at=found.at, defaults={"content": dumps(found)})
    return row


def latest() -> Report | None:
    """Return the latest report that is stored."""
    row = StaffingReport.objects.order_by("-at").first()
    return loads(row.content) if row else None


def as_data(found: Report) -> dict[str, Any]:
    """Return a report as JSON has it."""
    return {
        "at": found.at.isoformat(),
        "cases": found.cases,
        "rows": found.rows,
        "weak": [
            {
                "case": each.case,
                "number": each.number,
                "case_type": each.case_type,
                "decision_type": each.decision_type,
                "row": each.row,
                "shortage": _shortage_data(each.shortage) if each.shortage else None,
                "missed": [sorted(group) for group in each.missed],
            }
            for each in found.weak
        ],
    }


def dumps(found: Report) -> str:
    """Write a report."""
    return json.dumps(as_data(found), sort_keys=True)


def loads(text: str) -> Report:
    """Read what ``dumps`` wrote."""
    data = json.loads(text)
    return Report(
        at=datetime.fromisoformat(data["at"]),
        cases=data["cases"],
        rows=data["rows"],
        weak=tuple(
            Weak(
                **{
                    **each,
                    "shortage": _shortage(each["shortage"]) if each["shortage"] else None,
                    "missed": tuple(frozenset(group) for group in each["missed"]),
                }
            )
            for each in data["weak"]
        ),
    )


def _shortage_data(shortage: Shortage) -> dict[str, Any]:
    return {
        "steps": [{"id": step.id, "people": sorted(step.people)} for step in shortage.steps],
        "apart": [[rule.a, rule.b, rule.rule_id] for rule in shortage.constraints if isinstance(rule, Separation)],
    }


def _shortage(data: Mapping[str, Iterable[Any]]) -> Shortage:
    return Shortage(
        steps=tuple(Step(id=step["id"], people=frozenset(step["people"])) for step in data["steps"]),
        constraints=tuple(Separation(a=a, b=b, rule_id=rule) for a, b, rule in data["apart"]),
    )
