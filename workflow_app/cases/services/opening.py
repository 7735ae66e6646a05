"""Open a case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from delegation.order import DelegationOrder
from delegation.types import Act, DecisionRequest
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import deadlines, filling, forms, operations, sealing, subject
from workflow_app.cases.errors import FormRefused, NotAuthorised
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, CaseSeries
from workflow_app.cases.turn import Turn
from workflow_app.enforcement import services as enforcement
from workflow_app.engine import selectors as engine
from workflow_app.engine.models import ProcessDefinition
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger import services as ledger_services
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation
from workflow_app.outbox import waking

#: The form that a case type's start event asks for.
INTAKE_FORM = "intake"
INTAKE_NODE = "intake"
LONGEST_TITLE = 200
#: Refusals to open anything are kept here: there is no case yet to keep them in.
STREAM = "INTAKE"


def _case_number(at: datetime) -> str:
    """Return the next number of the year; the series row is the lock."""
    year = at.astimezone(STOCKHOLM).year
    CaseSeries.objects.get_or_create(year=year, defaults={"last": 0})
    CaseSeries.objects.filter(year=year).update(last=F("last") + 1)
    last = CaseSeries.objects.get(year=year).last
    return f"{settings.BEREDD_AUTHORITY['short_name']} {year}-{last:06d}"


def new_case(*, definition: ProcessDefinition, title: str, at: datetime, **columns: Any) -> Case:
    """Return a case of a process with its number, not yet stored."""
    return Case(
        case_number=_case_number(at),
        case_type=definition.case_type,
        title=title,
        definition=definition,
        opened_at=at,
        marking="",
        # registration asks for no declaration; whoever goes on with the case declares when claiming.
        standing=Standing().dumps(),
        last_act_at=at,
        **columns,
    )


def open_by_itself(
    *,
    definition: ProcessDefinition,
    title: str,
    facts: Mapping[str, Any],
    order: DelegationOrder,
    command: str,
    at: datetime,
    calendar_start: str | None = None,
    **told: Any,
) -> Case:
    """Open a case that nobody registers, within the caller's transaction: no permit is asked, for nothing is decided.

    ``told`` is what its first ledger entry says of where it comes from.
    """
    case = new_case(definition=definition, title=title[:LONGEST_TITLE], at=at)
    turn = Turn(case=case, order=order, actor=None, at=at, command=command, operations=operations.REGISTRY, new=True)
    turn.facts.take({"principle": False, **facts})
    turn.name(EventKind.CASE_OPENED, case_type=case.case_type, definition=definition.sha256, **told)
    turn.start(calendar_start=calendar_start)
    deadlines.at_opening(turn)
    if calendar_start is None:
        # What the calendar starts goes through many: the cases that come of it are about one each.
        subject.see_linked(turn)
    turn.close()
    return case


def open_case(*, case_type: str, title: str, fields: Mapping[str, Any], by: uuid.UUID, key: str, at: datetime) -> Case:
    """Register what has arrived as a new case of its type and start its process.

    Raises ``engine.errors.EngineError`` when no model of the type is deployed, ``FormRefused`` for an intake that
    does not hold, and ``NotAuthorised`` (recorded) for a person who may not register cases of the type.
    """
    command = f"{by}:{key}"
    try:
        with transaction.atomic():
            return _opened(command) or _open(
                case_type=case_type, title=title, fields=fields, by=by, command=command, at=at
            )
    except IntegrityError:
        # The same command ran at the same time and won; then its case is there now, and is the answer.
        case = _opened(command)
        if case is None:
            raise
        return case
    except NotAuthorised as refusal:
        ledger_services.record(
            stream=STREAM,
            kind=EventKind.ACT_REFUSED,
            at=at,
            person=str(by),
            command=f"refused:{uuid.uuid4()}",
            data={
                "act": Act.HANDLE.value,
                "case_type": case_type,
                "bars": [f"{bar.code}:{bar.rule_id}" for bar in refusal.verdict.bars],
            },
        )
        raise


def _opened(command: str) -> Case | None:
    """Return the case that the command has opened."""
    seen = ledger.of_command(command)
    return Case.objects.get(pk=seen.stream) if seen is not None else None


def _open(*, case_type: str, title: str, fields: Mapping[str, Any], by: uuid.UUID, command: str, at: datetime) -> Case:
    definition = engine.current_definition(case_type)
    values = filling.clean(engine.form(definition, INTAKE_FORM), fields, {}, at=at)
    title = title.strip()
    problem = forms.text_problem(title) if title else "must be filled in"
    if len(title) > LONGEST_TITLE:
        problem = forms.too_long(len(title), LONGEST_TITLE)
    if problem:
        raise FormRefused({"title": problem})
    order = orders.order_in_force(at)
    actor = organisation.actor_locked(by, at)
    department = organisation.department_of(by, at)
    case = new_case(definition=definition, title=title, at=at, opened_by_id=by, department=department)
    request = DecisionRequest(
        case=str(case.pk), case_type=case_type, act=Act.HANDLE, actor=actor, at=at, cleared=frozenset({str(by)})
    )
    permit = enforcement.require(request, order=order)
    turn = Turn(case=case, order=order, actor=actor, at=at, command=command, operations=operations.REGISTRY, new=True)
    values = sealing.seal(turn, engine.form(definition, INTAKE_FORM), values)
    turn.facts.take({"principle": False, **values})
    turn.record(permit, fields=values, node=INTAKE_NODE)
    turn.name(EventKind.CASE_OPENED, case_type=case_type, definition=definition.sha256)
    turn.start()
    deadlines.at_opening(turn)
    subject.see_linked(turn)
    turn.close()
    waking.after_commit()
    return case
