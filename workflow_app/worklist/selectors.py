"""Rows turned into the problem of a year, and plans as they were made."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from workflow_app.calendar.working_days import STOCKHOLM, midnight
from workflow_app.cases import beside, reading, rotation, typed_json
from workflow_app.cases.models import Case
from workflow_app.organisation import selectors as organisation
from workflow_app.registry import selectors as registry
from workflow_app.worklist import solving
from workflow_app.worklist.errors import NotPlanned
from workflow_app.worklist.models import AssignmentPlan, InspectorProfile, MunicipalityPlace
from workflow_app.worklist.proposal import Proposal, explain
from workflow_app.worklist.rotation_plan import Home, Inspector, Problem, Visit

#: Who is sent to homes.
ROLE = "INSP"
#: The process of the yearly plan.
PROCESS = "ftb_plan"


def problem(*, year: int, at: datetime, homes: Collection[str] | None = None) -> Problem:
    """Return what a year's plan is made of, as the rows stand at a moment; without ``homes`` every one in the register.

    Whoever is not described as an inspector is not proposed, and a home whose municipality has no place is far from
    everybody alike. Raises ``NotPlanned`` when there is no home or no inspector.
    """
    codes = registry.homes_for_children(on=registry.day_of(at)) if homes is None else sorted(homes)
    staff = _inspectors(year, at)
    if not codes or not staff:
        raise NotPlanned("there is no home to plan for, or no inspector is described; see `manage.py planning_data`")
    return Problem(year=year, homes=_homes(codes, year), inspectors=staff)


def proposed(*, year: int, seed: int, at: datetime, homes: Collection[str] | None = None) -> Proposal:
    """Solve a year and return the plan with its reasons; nothing is kept. Raises ``NotPlanned`` and ``NoPlan``."""
    asked = problem(year=year, at=at, homes=homes)
    return explain(asked, solving.solve(asked, seed=seed))


def _homes(codes: Collection[str], year: int) -> tuple[Home, ...]:
    visits, away = rotation.visits(codes, before=year), rotation.kept_away(codes)
    staff = organisation.codes({person for some in away.values() for person in some})
    places = _places()
    return tuple(
        Home(
            code=unit.code,
            kind=unit.kind,
            place=places.get(unit.municipality_id, (0, 0)),
            visits=tuple(
                Visit(year=visit.year, lead=visit.lead, second=visit.second) for visit in visits.get(unit.code, ())
            ),
            conflicts=frozenset(staff[person] for person in away.get(unit.code, ()) if person in staff),
        )
        for unit in registry.units(codes)
    )


def _inspectors(year: int, at: datetime) -> tuple[Inspector, ...]:
    """Return those appointed who are described; an absence takes its part of the visits (R-56)."""
    appointed = {person.pk: person.code for person, _actor in organisation.actors([ROLE], rotation.CASE_TYPE, at)}
    first, last = date(year, 1, 1), date(year + 1, 1, 1)
    away: dict[uuid.UUID, int] = {}
    for absence in organisation.absences(midnight(first)):
        since = max(absence.valid_from.astimezone(STOCKHOLM).date(), first)
        until = min(absence.valid_to.astimezone(STOCKHOLM).date(), last)
        away[absence.person_id] = away.get(absence.person_id, 0) + max(0, (until - since).days)
    places, days = _places(), (last - first).days
    return tuple(
        Inspector(
            code=appointed[profile.pk],
            senior=profile.senior,
            kinds=frozenset(profile.kinds.split()),
            place=places.get(profile.station_id, (0, 0)),
            room=profile.visits * max(0, days - away.get(profile.pk, 0)) // days,
        )
        for profile in InspectorProfile.objects.filter(person__in=appointed)
    )


def _places() -> dict[str, tuple[int, int]]:
    return {row.pk: (row.east, row.north) for row in MunicipalityPlace.objects.all()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """What the page of a case's assignment plan shows."""

    case: Case
    plan: AssignmentPlan | None
    #: Nothing while the plan is being made, or when none could be.
    proposal: Proposal | None
    #: Names by staff code and by code of home.
    people: dict[str, str]
    homes: dict[str, str]
    #: The reader's own staff code.
    own: str
    may_accept: bool


def plan_page(case: uuid.UUID, person: uuid.UUID, at: datetime) -> PlanPage:
    """Return the newest assignment plan of a yearly plan's case to whoever may know of the case.

    Who is sent where says nothing of what is written in the case, which stays closed to those who only know of it.
    Raises ``UnknownCase``, and ``NotPlanned`` for a case that plans no year.
    """
    row, _seen = reading.known_case(case, person, at)
    if row.definition.process_key != PROCESS:
        raise NotPlanned("inspectors are proposed in the case of a yearly plan; open that one")
    plans = AssignmentPlan.objects.filter(case=row).select_related("asked_by", "accepted_by")
    plan = plans.order_by("-asked_at").first()
    proposal = Proposal.loads(plan.content) if plan and plan.content else None
    teams = proposal.teams if proposal else ()
    people = {code for each in teams for code in (each.team.lead, each.team.second)}
    homes = {each.team.home for each in teams} | {each.home for each in (proposal.shortages if proposal else ())}
    return PlanPage(
        case=row,
        plan=plan,
        proposal=proposal,
        people=organisation.names_by_code(people),
        homes={unit.code: unit.name for unit in registry.units(homes)},
        own=organisation.person(person).code,
        may_accept=beside.may_propose_teams(row, person, at),
    )


def plans_a_year(case: uuid.UUID) -> bool:
    """Tell whether inspectors are proposed in a case."""
    return Case.objects.filter(pk=case, definition__process_key=PROCESS).exists()


def homes_of(case: Case) -> list[str]:
    """Return the homes that a yearly plan takes in, by code. Raises ``NotPlanned`` before they are laid down."""
    listed = typed_json.loads(case.facts).get("homes")
    if not listed:
        raise NotPlanned("the homes of the year are not laid down yet; the risk in each is judged first")
    return [row["unit_id"] for row in listed]
