"""Let deadlines come: people are reminded of them, and told when they have passed. Run by jobs, each idempotent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Q

from delegation import offers
from delegation.types import Act
from workflow_app.calendar import working_days
from workflow_app.cases import commands, reading
from workflow_app.cases import deadlines as kinds
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.deadlines import DECISION, FINAL, KINDS, PASSED, Told
from workflow_app.cases.errors import CaseError, NotOpen
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, CaseAct, Deadline, Decision, Notification, WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation
from workflow_app.outbox import services as outbox

#: Levels of the decision chain at which those are looked for who head a case type (domain 2.2).
LEVELS = {Told.HEAD: (20, 30, 40), Told.CHIEF: (30, 40), Told.DIRECTOR: (40,)}


def come(*, deadline: uuid.UUID, moment: str, at: datetime) -> int:
    """Let a reminder of a deadline come, or its end; return how many people were told.

    Nobody is told of one that is met or withdrawn, or whose case is closed.
    """
    row = Deadline.objects.select_related("case").get(pk=deadline)
    if row.case.state == Case.State.CLOSED or row.withdrawn_at or _settle(row):
        return 0
    about = KINDS[row.kind]
    if moment != PASSED:
        return _tell(row, about.reminded, Notification.Kind.REMINDER, moment, at)
    if row.expired_at is None:
        _expire(row, at)
    return _tell(row, about.alarmed, Notification.Kind.PASSED, "", at)


def _expire(row: Deadline, at: datetime) -> None:
    def verb(turn: Turn) -> None:
        turn.batch.update(Deadline, {"pk": row.pk}, {"expired_at": at})
        turn.name(EventKind.DEADLINE_PASSED, deadline=row.kind, due_on=row.due_on.isoformat())

    commands.run(Command(key=f"deadline:{row.pk}", person=None, at=at, case=row.case_id), verb)


def settle(*, case: uuid.UUID) -> int:
    """Note which of a case's deadlines its acts have met; return how many."""
    rows = Deadline.objects.filter(case=case, met_at__isnull=True, withdrawn_at__isnull=True)
    return sum(_settle(row) for row in rows)


def _settle(row: Deadline) -> bool:
    """Tell whether a deadline is met, and note when."""
    if row.met_at is None:
        met = _met_at(row)
        if met is not None:
            Deadline.objects.filter(pk=row.pk).update(met_at=met)
            row.met_at = met
    return row.met_at is not None


def _met_at(row: Deadline) -> datetime | None:
    by = KINDS[row.kind].met_by
    if not by:
        return None
    if kinds.AFTER_CARE in by:
        return _cared_for_at(row)
    steps = Q(pk__in=[])
    for name in by - {DECISION, FINAL}:
        steps |= Q(node=name) | Q(node__endswith=f"/{name}")
    found = list(CaseAct.objects.filter(steps, case=row.case_id, at__gte=row.set_at).values_list("at", flat=True)[:1])
    if by & {DECISION, FINAL}:
        # A light handling decision goes on with a case; only one on a proposal decides anything in it.
        decided = Decision.objects.filter(case=row.case_id, decided_at__gte=row.set_at)
        decided = decided.exclude(act_record__proposal_hash="")
        if FINAL in by:
            decided = decided.exclude(decision_type__in=kinds.ON_THE_WAY - {REFUSAL})
        found += decided.order_by("decided_at").values_list("decided_at", flat=True)[:1]
    return min(found, default=None)


def _cared_for_at(row: Deadline) -> datetime | None:
    """Return when the last control that followed an urgent decision was done; ``None`` while one is open (R-51)."""
    decided = Decision.objects.filter(case=row.case_id, decided_at=row.set_at).select_related("act_record").first()
    if decided is None:
        return None
    after = WorkItem.objects.filter(
        case=row.case_id,
        act__in=[Act.REVIEW.value, Act.CONSULT.value, Act.ANSWER.value],
        offered_at__gte=row.set_at,
        proposal_hash=decided.act_record.proposal_hash,
    )
    if after.filter(state__in=[WorkItem.State.OFFERED, WorkItem.State.CLAIMED]).exists():
        return None
    return after.filter(state=WorkItem.State.DONE).order_by("-done_at").values_list("done_at", flat=True).first()


# Who is told


def _tell(row: Deadline, told: Iterable[Told], kind: Notification.Kind, moment: str, at: datetime) -> int:
    """Tell people once each; return how many did not know."""
    persons = {person for who in told for person in persons_told(row.case, who, at)}
    known = Notification.objects.filter(deadline=row, kind=kind, moment=moment).values_list("person_id", flat=True)
    new = [
        Notification(person_id=person, deadline=row, kind=kind, moment=moment, at=at)
        for person in sorted(persons - set(known))
    ]
    Notification.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def persons_told(case: Case, who: Told, at: datetime) -> Iterator[uuid.UUID]:
    """Yield who is to be told: those who have the case in hand, or who head its type where somebody does."""
    if who is Told.HANDLER:
        yield from _handlers(case)
        return
    order = orders.order_in_force(at)
    for level in LEVELS[who]:
        roles = offers.leading_roles(order, level, case.case_type)
        open_to = [
            person.pk
            for person, actor in organisation.actors(roles, case.case_type, at)
            if reading.may_know(actor, case, at)
        ]
        if open_to:
            yield from open_to
            return


def _handlers(case: Case) -> set[uuid.UUID]:
    """Return who holds open work in the case; where nobody does, who wrote its proposal or did its latest step."""
    holding = WorkItem.objects.filter(case=case, state=WorkItem.State.CLAIMED, claimed_by__isnull=False)
    found = set(holding.values_list("claimed_by_id", flat=True))
    writer = Standing.loads(case.standing).writer
    if not found and writer:
        found = {uuid.UUID(writer)}
    if not found:
        acts = CaseAct.objects.filter(case=case, act__in=[Act.HANDLE.value, Act.PREPARE.value])
        found = set(acts.order_by("-at").values_list("person_id", flat=True)[:1])
    disqualified = {uuid.UUID(person) for person in Standing.loads(case.standing).disqualified}
    return {person for person in found if person} - disqualified


# A party asks for a decision


def request_decision(*, case: uuid.UUID, by: uuid.UUID, received_on: date, key: str, at: datetime) -> Outcome:
    """Register that a party asks the authority to decide (FL 12 §): it has four weeks from the request (R-81).

    It may be asked for once in a case (FL 12 §), and touches no proposal: one that lies with the decider stands.
    Raises ``NotOpen`` for a case that no party began, before six months have gone since it did, or when it has been
    asked for before; ``CaseError`` for a day that cannot be.
    """

    def verb(turn: Turn) -> None:
        if turn.case.case_type not in kinds.BEGUN_BY_A_PARTY:
            raise NotOpen("only in a case that a party began may a party ask for a decision (FL 12 §)")
        first = working_days.add_months(_day(turn.case.opened_at), FIRST_REQUEST_MONTHS)
        if received_on < first:
            raise NotOpen(f"a party may ask for a decision from {first} on, six months after the case began (FL 12 §)")
        if received_on > _day(at):
            raise CaseError("the request cannot have come in after today; correct the day")
        if turn.case.deadlines.filter(kind="REQUEST_TO_DECIDE").exists():
            raise NotOpen("a decision has been asked for; that may be done once in a case, so the four weeks stand")
        turn.beside = REQUEST_NODE
        permit = turn.require(Act.HANDLE)
        turn.record(permit, fields={"received_on": received_on}, proposal_hash="")
        kinds.put(turn, "REQUEST_TO_DECIDE", starts=received_on)
        turn.name(EventKind.DECISION_REQUESTED, received_on=received_on.isoformat())

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)


#: Where the request is recorded: it belongs to no step of the model.
REQUEST_NODE = "request_to_decide"
FIRST_REQUEST_MONTHS = 6
#: Refusing to decide answers the request, and leaves the case to be decided (DO-015).
REFUSAL = "REFUSE_TO_DECIDE"


# Nothing happens


def look_for_inactivity(*, case: uuid.UUID, at: datetime) -> int:
    """Tell of a case in which nothing has been done for thirty or ninety days, and look again later."""
    row = Case.objects.get(pk=case)
    if row.state == Case.State.CLOSED:
        return 0
    # Nothing that the clock did counts: a case is still until a person acts in it.
    since = CaseAct.objects.filter(case=row).order_by("-at").values_list("at", flat=True).first() or row.opened_at
    told = sum(_still(row, kind, since, at) for kind, days in kinds.STILL.items() if since + days <= at)
    # A case that has been told of at every length is looked at anew in a month: somebody may have acted meanwhile.
    next_look = [since + days for days in kinds.STILL.values() if since + days > at]
    outbox.put(kinds.inactivity_check(row.pk, min(next_look, default=at + min(kinds.STILL.values()))))
    return told


def _still(case: Case, kind: str, since: datetime, at: datetime) -> int:
    due = since + kinds.STILL[kind]
    row, new = Deadline.objects.get_or_create(
        case=case,
        kind=kind,
        set_at=since,
        defaults={
            "statutory": False,
            "period": KINDS[kind].period,
            "starts_on": _day(since),
            "due_on": _day(due),
            "due_at": due,
            "expired_at": at,
        },
    )
    return _tell(row, KINDS[kind].alarmed, Notification.Kind.PASSED, "", at) if new else 0


def _day(at: datetime) -> date:
    return at.astimezone(working_days.STOCKHOLM).date()
