"""The one way to change a case.

``run`` opens one transaction: the case row is locked, the grants relied on are locked, the verb asks the order and
the net, and everything the command did is written with its ledger entry and outbox jobs. A refusal undoes all of
that and is then recorded in a transaction of its own, so that it survives (DESIGN §2).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, DateTimeField, F, Field, QuerySet, Subquery, UUIDField

from delegation.errors import DelegationError
from delegation.order import DelegationOrder
from workflow_app.cases import operations, reading, walls
from workflow_app.cases.errors import CaseError, Closed, NotAuthorised, OrderUnclear, UnknownCase, Walled
from workflow_app.cases.kept_query import KeptQuery
from workflow_app.cases.models import Case, Proposal, WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.ledger import selectors as ledger_selectors
from workflow_app.ledger import services as ledger
from workflow_app.ledger.chain import Head
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.orders.errors import NoOrderInForce
from workflow_app.organisation import selectors as organisation
from workflow_app.outbox import waking


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A request to change one case: who asks, when, and under which idempotency key."""

    #: Chosen by the client, the same for every repetition of the same request.
    key: str
    #: ``None`` for what happens by itself (a timer, a hand-over): it decides nothing and needs no permit.
    person: uuid.UUID | None
    at: datetime
    #: One of the two: a work item names its case.
    item: uuid.UUID | None = None
    case: uuid.UUID | None = None
    #: True for what is noted in a closed case too, such as the case that it went over into.
    also_closed: bool = False

    @property
    def name(self) -> str:
        """The command's name in the ledger: two persons may use the same key."""
        return f"{self.person or 'timer'}:{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command left in the ledger. The same command again gives the same outcome and changes nothing."""

    case: uuid.UUID
    seq: int
    kind: str
    replayed: bool = False


Verb = Callable[[Turn], None]


def run(command: Command, verb: Verb) -> Outcome:
    """Run a verb on a case as one transaction.

    Raises ``NotAuthorised`` (recorded in the ledger) and the ``CaseError`` of the verb; nothing is then changed.
    """
    try:
        return _run(command, verb)
    except (CaseError, NotAuthorised, DelegationError, IntegrityError) as error:
        # The same command may have run at the same time and won; then its entry is there now, and is the answer.
        if ledger_selectors.of_command(command.name) is not None:
            return _replay(command)
        if isinstance(error, NotAuthorised):
            _record_refusal(command, error)
        if isinstance(error, Walled):
            reading.refused(command, what="command")
        if isinstance(error, DelegationError):
            # A fact the order needs is missing, or no single row covers the decision: nothing may go on from there.
            raise OrderUnclear(f"the order cannot be applied: {error}") from error
        raise


def _run(command: Command, verb: Verb) -> Outcome:
    with transaction.atomic():
        case, item, order, seen = _lock(command)
        if seen:
            return _replay(command)
        if case.state == Case.State.CLOSED and not command.also_closed:
            raise Closed(f"case {case.case_number} is closed; nothing more can be done in it")
        if command.person is not None:
            walls.require(case, command.person)
        actor = organisation.actor_locked(command.person, command.at) if command.person else None
        turn = Turn(
            case=case,
            item=item,
            order=order,
            actor=actor,
            at=command.at,
            command=command.name,
            operations=operations.REGISTRY,
        )
        verb(turn)
        entry = turn.close()
        waking.after_commit()
        return Outcome(case=case.pk, seq=entry.seq, kind=entry.kind)


def _replay(command: Command) -> Outcome:
    event = ledger_selectors.of_command(command.name)
    if event is None:
        raise UnknownCase(f"the command `{command.name}` has left no entry")
    return Outcome(case=uuid.UUID(event.stream), seq=event.seq, kind=event.kind, replayed=True)


def _with_signs(rows: QuerySet[Any], command: str, at: datetime) -> QuerySet[Any]:
    """Add whether the command has run and which version of the order is in force."""
    signed: QuerySet[Any] = rows.annotate(
        seen=ledger_selectors.already_run(command), order_version=Subquery(orders.in_force(at).values("id")[:1])
    )
    return signed


def _locked_item(*, command: str, at: datetime, row: uuid.UUID) -> QuerySet[Any]:
    items = WorkItem.objects.select_for_update(of=("self", "case")).select_related("case__proposal")
    return _with_signs(items.filter(pk=row), command, at)


def _locked_case(*, command: str, at: datetime, row: uuid.UUID) -> QuerySet[Any]:
    cases = Case.objects.select_for_update(of=("self",)).select_related("proposal")
    return _with_signs(cases.filter(pk=row), command, at)


_VALUES: Mapping[str, tuple[Field[Any, Any], object]] = {
    "command": (CharField(), "sample command"),
    "at": (DateTimeField(), datetime(1900, 1, 1, tzinfo=UTC)),
    "row": (UUIDField(), uuid.UUID(int=1)),
}
_LOCKED_ITEM = KeptQuery(_locked_item, _VALUES)
_LOCKED_CASE = KeptQuery(_locked_case, _VALUES)


def _lock(command: Command) -> tuple[Case, WorkItem | None, DelegationOrder, bool]:
    """Lock the case (and work item) and return them with the order in force and whether the command has run."""
    if command.item is not None:
        for item in _LOCKED_ITEM.fetch(command=command.name, at=command.at, row=command.item):
            return _with_proposal(item.case), item, _order(item.order_version, command.at), item.seen
        raise UnknownCase(f"no work item has the id `{command.item}`")
    for case in _LOCKED_CASE.fetch(command=command.name, at=command.at, row=command.case):
        return _with_proposal(case), None, _order(case.order_version, command.at), case.seen
    raise UnknownCase(f"no case has the id `{command.case}`")


def _with_proposal(case: Case) -> Case:
    """Return a locked case with its proposal in force.

    PostgreSQL reads a row it has waited for anew, but not what is joined to it: a proposal put in force meanwhile is
    missing from the join.
    """
    if case.proposal is None and case.proposal_id is not None:
        case.proposal = Proposal.objects.get(pk=case.proposal_id)
    return case


def _order(version: uuid.UUID | None, at: datetime) -> DelegationOrder:
    if version is None:
        raise NoOrderInForce(f"no delegation order is in force at {at:%Y-%m-%d %H:%M}; adopt one first")
    return orders.order(version)


def _record_refusal(command: Command, refusal: NotAuthorised) -> None:
    """Record a refusal in its own transaction, after the refused one has been undone (R-78)."""
    verdict = refusal.verdict
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=refusal.request.case)
        row, head = ledger.entry(
            stream=str(case.pk),
            head=Head(seq=case.ledger_seq, hash=case.ledger_hash),
            kind=EventKind.ACT_REFUSED,
            at=command.at,
            person=str(command.person),
            command=f"refused:{case.ledger_seq + 1}:{case.pk}",
            data={
                "act": refusal.request.act.value,
                "decision_type": refusal.request.decision_type,
                "rule": verdict.rule,
                "order": verdict.order_number,
                "bars": [f"{bar.code}:{bar.rule_id}" for bar in verdict.bars],
                "item": str(command.item) if command.item else None,
            },
        )
        row.save(force_insert=True)
        Case.objects.filter(pk=case.pk).update(ledger_seq=head.seq, ledger_hash=head.hash, revision=F("revision") + 1)
