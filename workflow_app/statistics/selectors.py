"""Read the acts that the measures are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from delegation.duties.question import AGREEMENT
from delegation.types import Act
from workflow_app.cases import second_eyes
from workflow_app.cases.models import CaseAct, Dispatch, Forum, Proposal
from workflow_app.statistics import report as reports
from workflow_app.statistics import suppression
from workflow_app.statistics.decisions import Decided
from workflow_app.statistics.errors import UnknownForum
from workflow_app.statistics.events import NOT_PRESENTED, Level, Outcome, Period, Presentation, Review
from workflow_app.statistics.reciprocity import Approval

#: The forums at which a proposal can be returned; a presentation for decision ends in the act of decision instead.
FORUM_LEVELS = {Forum.OPS.value: Level.OPS, Forum.OLG.value: Level.OLG}
#: Whose opinions are counted at which level.
OPINION_LEVELS = {"AJ": Level.AJ, "BCJ": Level.BCJ, "CJ": Level.CJ, "TL": Level.TL, "TCL": Level.TL}


def report(
    *,
    first: date,
    last: date,
    forum: str = Forum.OPS.value,
    case_types: Sequence[str] = (),
    carry_in: bool = False,
) -> reports.Report:
    """Return every measure for the days from ``first`` to ``last``, both included, without small groups (R-76).

    Raises ``EmptyPeriod`` and ``UnknownForum``. Domain 6.2 and 6.3.
    """
    if forum not in Forum.values:
        raise UnknownForum(f"`{forum}` is no forum; choose one of {', '.join(Forum.values)}")
    period = Period(first=first, last=last)

    def answer(types: Sequence[str]) -> reports.Report:
        return reports.compile_report(
            presentations=presentations(forum=forum, period=period, case_types=types),
            reviews=reviews(period=period, case_types=types),
            decided=decided(period=period, case_types=types),
            approvals=approvals(period=period, case_types=types),
            looked=second_eyes.of_period(since=period.since, until=period.until, case_types=types),
            period=period,
            forum=forum,
            case_types=tuple(types),
            carry_in=carry_in,
        )

    whole = suppression.protect(answer(()))
    # What is asked of some case types must not tell what the whole hides.
    return suppression.narrowed(answer(case_types), whole) if case_types else whole


def presentations(*, forum: str, period: Period, case_types: Sequence[str] = ()) -> list[Presentation]:
    """Return the forum's presentations up to the end of the period: a return may have come before it."""
    rows = _acts(case_types).filter(act=Act.PRESENT.value, forum=forum, at__lt=period.until).exclude(outcome="")
    columns = ("case_id", "at", "outcome", "case__case_type", "node", "case__department__name", "person_id")
    return [
        Presentation(
            case=str(case),
            at=at,
            outcome=Outcome(outcome),
            case_type=case_type,
            step=node,
            department=department or "",
            presenter=str(person),
        )
        for case, at, outcome, case_type, node, department, person in rows.order_by("at", "id").values_list(*columns)
    ]


def reviews(*, period: Period, case_types: Sequence[str] = ()) -> list[Review]:
    """Return everything in the period at which a proposal could have been returned for preparation."""
    acts = Q(act__in=[Act.REVIEW.value, Act.CONSULT.value, Act.DECIDE.value]) | Q(
        act=Act.PRESENT.value, forum__in=list(FORUM_LEVELS)
    )
    rows = (
        _acts(case_types)
        .filter(acts, at__gte=period.since, at__lt=period.until)
        .exclude(act=Act.PRESENT.value, outcome__in=[outcome.value for outcome in NOT_PRESENTED])
    )
    columns = ("case_id", "at", "act", "role", "forum", "case__case_type", "node", "returned", "reason_primary")
    found = []
    for case, at, act, role, forum, case_type, node, returned, reason in rows.order_by("at", "id").values_list(
        *columns
    ):
        level = _level(act, role, forum)
        if level is not None:
            found.append(
                Review(
                    case=str(case),
                    at=at,
                    level=level,
                    case_type=case_type,
                    step=node,
                    returned=returned,
                    reason_primary=reason,
                )
            )
    return found


def approvals(*, period: Period, case_types: Sequence[str] = ()) -> list[Approval]:
    """Return the four-eyes reviews of the period that agreed to a proposal, each with who wrote it."""
    rows = _acts(case_types).filter(
        act=Act.REVIEW.value, answer__in=AGREEMENT, at__gte=period.since, at__lt=period.until
    )
    writers = dict(Proposal.objects.filter(case__in=rows.values("case")).values_list("content_hash", "written_by_id"))
    return [
        Approval(writer=str(writers[proposal]), reviewer=str(person), case_type=case_type, at=at)
        for proposal, person, case_type, at in rows.values_list("proposal_hash", "person_id", "case__case_type", "at")
        if proposal in writers
    ]


def decided(*, period: Period, case_types: Sequence[str] = ()) -> list[Decided]:
    """Return the decisions dispatched up to the end of the period: what was demanded first may have come before it."""
    rows = Dispatch.objects.filter(at__lt=period.until)
    if case_types:
        rows = rows.filter(decision__case__case_type__in=list(case_types))
    columns = (
        "decision__case_id",
        "decision__case__case_type",
        "decision__decision_type",
        "decision__decider_id",
        "at",
    )
    return [
        Decided(
            case=str(case), case_type=case_type, decision_type=decision_type, decider=str(decider), dispatched_at=at
        )
        for case, case_type, decision_type, decider, at in rows.values_list(*columns)
    ]


def _level(act: str, role: str, forum: str) -> Level | None:
    if act == Act.REVIEW.value:
        return Level.FOUR_EYES
    if act == Act.DECIDE.value:
        return Level.DECISION
    if act == Act.PRESENT.value:
        return FORUM_LEVELS[forum]
    return OPINION_LEVELS.get(role)


def _acts(case_types: Sequence[str]) -> QuerySet[CaseAct]:
    rows = CaseAct.objects.all()
    return rows.filter(case__case_type__in=list(case_types)) if case_types else rows
