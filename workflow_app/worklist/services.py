"""Ask for a plan of inspectors, make it, and lay it before the homes. None of it gives anybody a right."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from workflow_app.cases import typed_json
from workflow_app.cases.commands import Outcome
from workflow_app.cases.services import teams
from workflow_app.outbox import services as outbox
from workflow_app.worklist import selectors
from workflow_app.worklist.errors import NotPlanned, NotYours, WorklistError
from workflow_app.worklist.models import AssignmentPlan
from workflow_app.worklist.proposal import Proposal


@transaction.atomic
def ask(*, case: uuid.UUID, seed: int, by: uuid.UUID, at: datetime) -> AssignmentPlan:
    """Ask for a plan for the homes of a yearly plan; a job makes it. Those may ask who may lay it before the homes.

    Raises ``UnknownCase``, ``NotYours`` and ``NotPlanned``.
    """
    page = selectors.plan_page(case, by, at)
    if not page.may_accept:
        raise NotYours("heads of unit and project leaders of the case type ask for a plan; ask one of them")
    selectors.homes_of(page.case)
    if page.plan is not None and page.plan.made_at is None:
        raise NotPlanned("a plan is being made already; it is shown when it is ready")
    year = int(typed_json.loads(page.case.facts)["plan_year"])
    plan = AssignmentPlan.objects.create(case=page.case, year=year, seed=seed, asked_by_id=by, asked_at=at)
    outbox.put(outbox.job(kind="MAKE_ASSIGNMENT_PLAN", due_at=at, payload={"plan": str(plan.pk)}))
    return plan


def make(*, plan: uuid.UUID, at: datetime) -> AssignmentPlan:
    """Make a plan that was asked for; again changes nothing. Run by a job: it takes seconds, and locks nothing."""
    row = AssignmentPlan.objects.select_related("case").get(pk=plan)
    if row.made_at is not None:
        return row
    try:
        made = selectors.proposed(year=row.year, seed=row.seed, at=at, homes=selectors.homes_of(row.case))
    except WorklistError as error:
        row.failure = str(error)
    else:
        row.content, row.problem_sha256 = made.dumps(), made.problem_sha256
    row.made_at = at
    row.save(update_fields=["content", "problem_sha256", "failure", "made_at"])
    return row


def accept(
    *, plan: uuid.UUID, by: uuid.UUID, key: str, at: datetime, declares_no_circumstance: bool = False
) -> Outcome:
    """Lay a plan before the homes: their cases begin with its teams, those that are open by a job.

    Raises ``NotPlanned`` for a plan that is not the newest or not made, and ``NotAuthorised`` (recorded).
    """
    row = AssignmentPlan.objects.filter(pk=plan).first()
    newest = AssignmentPlan.objects.filter(case=row.case_id).order_by("-asked_at").first() if row else None
    if row is None or not row.content or row != newest:
        raise NotPlanned("the plan is not the newest, or is not made; see the page anew")
    # A transaction of its own, so that a refusal stays on record; the same request again goes on from there.
    outcome = teams.propose(
        case=row.case_id,
        teams=_teams(row),
        plan=row.pk,
        by=by,
        key=key,
        at=at,
        declares_no_circumstance=declares_no_circumstance,
    )
    with transaction.atomic():
        first = AssignmentPlan.objects.filter(pk=plan, accepted_at__isnull=True)
        if first.update(accepted_by=by, accepted_at=at):
            outbox.put(outbox.job(kind="SPREAD_ASSIGNMENT_PLAN", due_at=at, payload={"plan": str(row.pk)}))
    return outcome


def spread(*, plan: uuid.UUID, at: datetime) -> int:
    """Lay an accepted plan before the homes whose cases are open; return how many. Run by a job."""
    row = AssignmentPlan.objects.get(pk=plan)
    return teams.spread(case=row.case_id, teams=_teams(row), plan=row.pk, at=at)


def _teams(row: AssignmentPlan) -> teams.Teams:
    return {each.team.home: (each.team.lead, each.team.second) for each in Proposal.loads(row.content).teams}
