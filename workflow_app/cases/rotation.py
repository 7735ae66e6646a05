"""How long the same persons have followed a home and its provider: what the rotation of work is judged by (R-16, R-17).

Read from the cases of earlier years, and from what the opening of the case told about years before there were any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from delegation.duties.rotation import OUTCOMES
from workflow_app.calendar import working_days
from workflow_app.cases import typed_json
from workflow_app.cases.errors import FormRefused
from workflow_app.cases.models import Case, Decision
from workflow_app.organisation import selectors as organisation

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: No rule looks further back than this.
_YEARS: Final = 10
#: Staff codes of those who visit the home.
_TEAM: Final = ("lead_inspector", "second_inspector")
#: What the case is told about years whose inspections are not cases here.
_TOLD: Final = "earlier_inspections"


def count_rotation(turn: Turn, node: str) -> None:
    """Count the years on end of the proposed lead and pair at the home, and tell who has decided about the provider.

    Raises ``FormRefused`` for somebody who does not exist: a misspelt code would begin a row of years of its own.
    """
    values = turn.facts.values
    year, lead, second = (values.get(name) for name in ("plan_year", *_TEAM))
    known = organisation.ids_by_code(str(values.get(name)) for name in _TEAM)
    unknown = [name for name in _TEAM if values.get(name) not in known]
    if unknown:
        raise FormRefused(dict.fromkeys(unknown, "is not one of the choices"))
    visits = list(_visits(turn))
    turn.facts.take(
        {
            "lead_consecutive_years": _on_end(year, {when for when, team in visits if team[0] == lead}),
            "pair_consecutive_years": _on_end(year, {when for when, team in visits if set(team) == {lead, second}}),
            "earlier_deciders": list(_deciders(turn)),
        }
    )


def _on_end(year: Any, years: set[Any]) -> int:
    """Return for how many years before ``year`` in unbroken order something holds."""
    return next(count for count in range(len(years) + 1) if year - count - 1 not in years)


def _visits(turn: Turn) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    """Yield the year and the team, lead first, of every earlier inspection of the home."""
    earlier = Case.objects.filter(case_type=turn.case.case_type, unit=turn.case.unit).exclude(pk=turn.case.pk)
    known = [typed_json.loads(facts) for facts in earlier.values_list("facts", flat=True)]
    made = [facts | {"year": facts.get("plan_year")} for facts in known if facts.get("inspected_on")]
    for visit in (*made, *_told(turn)):
        yield visit["year"], (visit["lead_inspector"], visit["second_inspector"])


def _deciders(turn: Turn) -> Iterator[dict[str, Any]]:
    """Yield who decided about the provider in which year."""
    since = date(turn.at.year - _YEARS, 1, 1)
    rows = Decision.objects.filter(
        case__case_type=turn.case.case_type,
        case__provider=turn.case.provider,
        decision_type__in=OUTCOMES,
        decided_at__gte=working_days.midnight(since),
    ).exclude(case=turn.case)
    by_year = {
        (at.astimezone(working_days.STOCKHOLM).year, str(person))
        for at, person in rows.values_list("decided_at", "decider_id")
    }
    codes = {visit["decider"] for visit in _told(turn) if visit.get("decider")}
    ids = organisation.ids_by_code(codes)
    by_year |= {(int(visit["year"]), ids[visit["decider"]]) for visit in _told(turn) if visit.get("decider") in ids}
    for year, person in sorted(by_year):
        yield {"year": year, "person": person}


def _told(turn: Turn) -> list[Mapping[str, Any]]:
    return turn.facts.values.get(_TOLD) or []
