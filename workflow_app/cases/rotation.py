"""How long the same persons have followed a home and its provider: what the rotation of work is judged by (R-16..R-18).

Read from the cases of earlier years, and from what the opening of a case told about years before there were any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from delegation.duties.rotation import ASSIGNING, INSPECTION, OUTCOMES, years_on_end
from workflow_app.calendar import working_days
from workflow_app.cases import typed_json
from workflow_app.cases.errors import FormRefused
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, ConflictDeclaration, Decision
from workflow_app.organisation import selectors as organisation
from workflow_app.outbox import services as outbox

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: The yearly inspections that rotate.
CASE_TYPE: Final = "FTB"
#: The exemption from the rotation (DO-073).
EXEMPTION: Final = "ROTATION_EXEMPTION"
#: No rule looks further back than this.
_YEARS: Final = 10
#: Staff codes of those who visit the home.
TEAM: Final = ("lead_inspector", "second_inspector")
#: What the case is told about years whose inspections are not cases here.
_TOLD: Final = "earlier_inspections"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An earlier yearly inspection of a home, by staff codes."""

    year: int
    lead: str
    second: str


def count_rotation(turn: Turn, node: str) -> None:
    """Count the years on end of the proposed lead and pair at the home, and tell who has decided about the provider.

    Raises ``FormRefused`` for somebody who does not exist: a misspelt code would begin a row of years of its own.
    """
    values = turn.facts.values
    known = organisation.ids_by_code(str(values.get(name)) for name in TEAM)
    unknown = [name for name in TEAM if values.get(name) not in known]
    if unknown:
        raise FormRefused(dict.fromkeys(unknown, "is not one of the choices"))
    # A team is counted as it is now proposed: whoever was replaced before is in it or not.
    turn.facts.take(
        {
            **_team_years(turn.case, values),
            "earlier_deciders": _deciders(turn.case, values, turn.at),
            "replacement_person": None,
        }
    )


def found(case: Case, values: Mapping[str, Any], decision_type: str | None, at: datetime) -> dict[str, Any]:
    """Return the facts that teams are judged by in a decision, read anew from what is on record (R-16..R-18, R-24).

    Whatever a model, a table or a form says of them: the order is asked about these.
    """
    if decision_type == INSPECTION and case.unit is not None:
        return {"receives_children": case.unit.receives_children, **_known_team(case, values)}
    if case.case_type != CASE_TYPE or decision_type not in OUTCOMES | {ASSIGNING}:
        return {}
    facts: dict[str, Any] = {"unit_id": case.unit_id, "rotation_exemptions": _exemptions(case)}
    if decision_type == ASSIGNING:
        return facts | _team_years(case, values)
    return facts | {"earlier_deciders": _deciders(case, values, at)}


def _known_team(case: Case, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of a yearly inspection's team who exist; other case types name theirs in words."""
    if case.case_type != CASE_TYPE:
        return {}
    known = organisation.ids_by_code(str(values.get(name)) for name in TEAM)
    return {name: values[name] if values.get(name) in known else None for name in TEAM}


def inform_audit(turn: Turn) -> None:
    """Have internal audit told of a decision (R-18)."""
    case = str(turn.case.pk)
    key = f"inform_audit:{case}:{turn.case.revision + 1}"
    turn.batch.insert(outbox.job(kind="INFORM_AUDIT", due_at=turn.at, payload={"case": case}, dedupe_key=key))


def inspected_by(values: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of those sent to inspect: they have prepared whatever is proposed after it (R-19)."""
    codes = [str(values[name]) for name in TEAM if values.get(name)]
    return frozenset(organisation.ids_by_code(codes).values())


def visits(units: Collection[str], *, before: int) -> dict[str, tuple[Visit, ...]]:
    """Return the yearly inspections of some homes before a year, oldest first.

    One that is planned but not made yet counts as made: the team is taken, and the year is not over.
    """
    rows = Case.objects.filter(case_type=CASE_TYPE, unit__in=units).order_by("unit_id", "opened_at")
    cases: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for unit, state, facts in rows.values_list("unit_id", "state", "facts"):
        known = typed_json.loads(facts)
        cases[unit].append(known | {"inspected_on": known.get("inspected_on") or state == Case.State.OPEN})
    of_unit = {unit: {visit for visit in _visits(some) if visit.year < before} for unit, some in cases.items()}
    return {
        unit: tuple(sorted(some, key=lambda visit: (visit.year, visit.lead, visit.second)))
        for unit, some in of_unit.items()
    }


def kept_away(units: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the ids of those in conflict of interest in any case about some homes, declared or ruled (R-02, R-03)."""
    declared = ConflictDeclaration.objects.exclude(kind=ConflictDeclaration.Kind.NO_CIRCUMSTANCE).values("case")
    away: dict[str, frozenset[str]] = {}
    for unit, standing in Case.objects.filter(unit__in=units, pk__in=declared).values_list("unit_id", "standing"):
        away[unit] = away.get(unit, frozenset()) | Standing.loads(standing).disqualified
    return away


def _team_years(case: Case, values: Mapping[str, Any]) -> dict[str, int | None]:
    year, (lead, second) = values.get("plan_year"), (values.get(name) for name in TEAM)
    if year is None or not lead or not second:
        return {"lead_consecutive_years": None, "pair_consecutive_years": None}
    made = set(_visits([*_earlier(case, Q(unit=case.unit_id)), {_TOLD: values.get(_TOLD)}]))
    return {
        "lead_consecutive_years": years_on_end(int(year), {visit.year for visit in made if visit.lead == lead}),
        "pair_consecutive_years": years_on_end(
            int(year), {visit.year for visit in made if {visit.lead, visit.second} == {lead, second}}
        ),
    }


def _visits(cases: Iterable[Mapping[str, Any]]) -> Iterator[Visit]:
    """Yield the inspections that some cases' facts tell of: their own if made, and those of years before them."""
    for facts in cases:
        made = [{**facts, "year": facts.get("plan_year")}] if facts.get("inspected_on") else []
        for visit in (*made, *(facts.get(_TOLD) or ())):
            if visit["year"] is not None and all(visit.get(name) for name in TEAM):
                yield Visit(year=int(visit["year"]), lead=visit["lead_inspector"], second=visit["second_inspector"])


def _earlier(case: Case, about: Q) -> list[dict[str, Any]]:
    """Return the facts of the other yearly inspections about a home or a provider."""
    rows = Case.objects.filter(about, case_type=CASE_TYPE).exclude(pk=case.pk)
    return [typed_json.loads(facts) for facts in rows.values_list("facts", flat=True)]


def _deciders(case: Case, values: Mapping[str, Any], at: datetime) -> list[dict[str, Any]]:
    """Return who decided about the provider in which year (R-17)."""
    since = date(at.year - _YEARS, 1, 1)
    rows = Decision.objects.filter(
        case__case_type=case.case_type,
        case__provider=case.provider_id,
        decision_type__in=OUTCOMES,
        decided_at__gte=working_days.midnight(since),
    ).exclude(case=case)
    by_year = {
        (moment.astimezone(working_days.STOCKHOLM).year, str(person))
        for moment, person in rows.values_list("decided_at", "decider_id")
    }
    earlier: list[Mapping[str, Any]] = [*_earlier(case, Q(provider=case.provider_id)), values]
    told = [visit for facts in earlier for visit in facts.get(_TOLD) or () if visit.get("decider")]
    ids = organisation.ids_by_code(visit["decider"] for visit in told)
    by_year |= {(int(visit["year"]), ids[visit["decider"]]) for visit in told if visit["decider"] in ids}
    return [{"year": year, "person": person} for year, person in sorted(by_year)]


def _exemptions(case: Case) -> list[dict[str, Any]]:
    """Return the exemptions decided for the home, each with its year; one decided otherwise than proposed is none."""
    rows = Decision.objects.filter(decision_type=EXEMPTION, case__unit=case.unit_id, case__case_type=CASE_TYPE)
    given = rows.values_list("case__facts", "act_record__fields")
    return [
        {"unit_id": case.unit_id, "year": typed_json.loads(facts).get("plan_year")}
        for facts, fields in given
        if typed_json.loads(fields).get("outcome") == "AS_PROPOSED"
    ]
