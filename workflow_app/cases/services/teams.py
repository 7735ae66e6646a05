"""Lay proposed inspectors before those who assign them. A proposal gives nobody a right (DO-072 is asked as ever)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from delegation.duties.rotation import ASSIGNING
from delegation.types import Act
from workflow_app.cases import acts, commands
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import Closed, NotOpen
from workflow_app.cases.facts import PROPOSED
from workflow_app.cases.models import Case, LinkKind
from workflow_app.cases.rotation import TEAM
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind

#: Who lays a plan of inspectors before a year's homes.
ROLES = "EC_N PL"
#: Where it is recorded: beside the model's steps.
NODE = "assignment_plan"
#: Staff codes of a home's proposed inspectors, lead first, by the home's code.
Teams = Mapping[str, tuple[str, str]]


def propose(
    *,
    case: uuid.UUID,
    teams: Teams,
    plan: uuid.UUID,
    by: uuid.UUID,
    key: str,
    at: datetime,
    declares_no_circumstance: bool = False,
) -> Outcome:
    """Lay a plan's teams before the homes of a yearly plan: each home's case will begin with its own.

    Raises ``NotAuthorised`` (recorded) for whoever may not handle the plan as one of ``ROLES``.
    """

    def verb(turn: Turn) -> None:
        turn.beside = NODE
        if declares_no_circumstance and turn.person not in turn.standing.cleared | turn.standing.disqualified:
            acts.declare(turn, circumstance=False)
        permit = turn.require(Act.HANDLE, decision_type=ASSIGNING, role=ROLES)
        homes = [home | _proposed(teams, home["unit_id"]) for home in turn.facts.values.get("homes") or ()]
        turn.facts.take({"homes": homes})
        turn.record(permit, fields={"plan": str(plan), "teams": len(teams)})
        turn.name(EventKind.TEAMS_PROPOSED, plan=str(plan), homes=len(teams))

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)


def spread(*, case: uuid.UUID, teams: Teams, plan: uuid.UUID, at: datetime) -> int:
    """Lay a plan's teams before the homes whose cases are open already and have no inspectors; return how many.

    Run by a job: nothing is decided.
    """
    told = 0
    children = Case.objects.filter(
        links_in__from_case=case, links_in__kind=LinkKind.CHILD, state=Case.State.OPEN, unit__in=list(teams)
    )
    for child, unit in children.order_by("case_number").values_list("pk", "unit_id"):

        def verb(turn: Turn, unit: str = unit) -> None:
            if any(turn.facts.values.get(name) for name in TEAM):
                raise NotOpen("inspectors are chosen for the home already")
            turn.facts.take(_proposed(teams, unit))
            turn.name(EventKind.TEAMS_PROPOSED, plan=str(plan))

        command = Command(key=f"teams:{plan}:{child}", person=None, at=at, case=child)
        try:
            told += not commands.run(command, verb).replayed
        except (NotOpen, Closed):
            continue
    return told


def _proposed(teams: Teams, unit: str) -> dict[str, dict[str, str]]:
    """Return what the step that chooses inspectors for a home begins with; nothing for a home without a team."""
    return {PROPOSED: dict(zip(TEAM, teams[unit], strict=True)) if unit in teams else {}}
